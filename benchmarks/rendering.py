"""How fast songs become sound on one core, beside pretty_midi's own two synthesisers.

    python benchmarks/rendering.py FOLDER_OF_MIDI [--songs 12]

Every song is rendered by each in turn, and processor time is counted, so that a busy machine meets
all alike. `synthesize` is pretty_midi's sine waves (its drums are silent), `fluidsynth` its
rendering with FluidSynth, measured where pyfluidsynth and its library are installed. Phrases are
the first eight bars or so: the 16 seconds from a song's first note.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from musegan.midi import read_midi, to_pretty_midi
from musegan.rendering.wave import render_wave
from musegan.song import Multitrack, seconds_at
from pipelines.sources import find_sources

LIMIT = 100  # times real time
PHRASE = 16  # seconds
RATE = 48_000

Render = Callable[[Multitrack], object]


def first_seconds(song: Multitrack) -> Multitrack:
    """The song's notes that start within `PHRASE` seconds of its first."""
    begin = min(int(track.notes.start.min()) for track in song.tracks)
    zero = float(seconds_at(song, np.array(begin)))

    def early(starts: np.ndarray) -> np.ndarray:
        return seconds_at(song, starts) < zero + PHRASE

    tracks = [replace(t, notes=t.notes[early(t.notes.start)]) for t in song.tracks]
    return replace(song, tracks=tuple(track for track in tracks if len(track.notes)))


def renderers() -> dict[str, Render]:
    """Each way there is here from a song to samples, our own first."""
    ways: dict[str, Render] = {
        "musegan": render_wave,
        "pretty_midi.synthesize": lambda song: to_pretty_midi(song).synthesize(RATE),
    }
    if find_spec("fluidsynth"):
        ways["pretty_midi.fluidsynth"] = lambda song: to_pretty_midi(song).fluidsynth(RATE)
    return ways


def times_real_time(songs: list[Multitrack], ways: dict[str, Render]) -> dict[str, float]:
    """Seconds of music a second of processor time, for each way."""
    spent = dict.fromkeys(ways, 0.0)
    for song in songs:
        for name, render in ways.items():
            begin = time.process_time()
            render(song)
            spent[name] += time.process_time() - begin
    music = sum(float(seconds_at(song, np.array(song.end))) for song in songs)
    return {name: music / seconds for name, seconds in spent.items()}


def main() -> None:
    """Print a table for whole songs and one for phrases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--songs", type=int, default=12)
    options = parser.parse_args()
    found = find_sources(options.folder)
    songs = [read_midi(source.path) for source in found[:: max(1, len(found) // options.songs)]]
    ways = renderers()
    print(f"times real time on one core (limit: {LIMIT})")
    for title, pieces in (("songs", songs), ("phrases", [first_seconds(song) for song in songs])):
        results = times_real_time(pieces, ways)
        for name, result in results.items():
            ratio = results["musegan"] / result
            print(f"{title:8} {name:24} {result:7.1f}   musegan is x {ratio:.2f} of it")


if __name__ == "__main__":
    main()
