"""How fast MIDI files are read and written, beside pretty_midi and beside symusic's bare parse."""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import pretty_midi
from symusic.core import ScoreTick

from musegan.midi import read_midi, to_pretty_midi, write_midi
from musegan.song import Meter, Multitrack, Notes, Tempo, Track

PEER_FILES = 30  # pretty_midi takes its time
PHRASES = 300

Item = TypeVar("Item")


def rate(work: Callable[[Item], object], items: Sequence[Item], runs: int = 5) -> float:
    """Items a CPU second in the best of some runs: what else the machine does counts little."""
    best = float("inf")
    for _ in range(runs):
        begin = time.process_time()
        for item in items:
            work(item)
        best = min(best, time.process_time() - begin)
    return len(items) / best


def phrase(rng: np.random.Generator) -> Multitrack:
    """Four bars of six tracks, fifty notes each."""
    tracks = []
    for number in range(6):
        start, duration = rng.integers(0, 192, 50) * 40, rng.integers(1, 24, 50) * 40
        notes = Notes(start, duration, rng.integers(36, 84, 50), rng.integers(1, 128, 50))
        tracks.append(Track(notes, 8 * number, number == 0, f"track {number}"))
    return Multitrack(tuple(tracks), 480, (Tempo(0, 120.0),), (Meter(0, 4, 4),))


def main() -> None:
    """Read a folder's MIDI files, write phrases, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder with MIDI files, such as POP909")
    files = sorted(parser.parse_args().folder.rglob("*.mid"))
    warnings.simplefilter("ignore")  # pretty_midi's, about odd files
    some = files[:: max(1, len(files) // PEER_FILES)]
    peer = rate(lambda path: pretty_midi.PrettyMIDI(str(path)), some, runs=2)
    bare = rate(lambda path: ScoreTick.from_midi(path.read_bytes()), files)
    ours = rate(read_midi, files)
    print(f"reading {len(files)} files")
    print(f"  pretty_midi              {peer:8,.0f} files/s")
    print(f"  symusic, parse alone     {bare:8,.0f} files/s")
    print(f"  musegan, to notes        {ours:8,.0f} files/s   x {ours / peer:.0f} pretty_midi")
    rng = np.random.default_rng(0)
    phrases = [phrase(rng) for _ in range(PHRASES)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "phrase.mid"
        pretties = [to_pretty_midi(song) for song in phrases[:PEER_FILES]]
        peer = rate(lambda song: song.write(str(path)), pretties)
        ours = rate(lambda song: write_midi(song, path), phrases)
    print(f"writing {PHRASES} phrases of 300 notes")
    print(f"  pretty_midi              {peer:8,.0f} files/s")
    print(f"  musegan                  {ours:8,.0f} files/s   x {ours / peer:.0f} pretty_midi")


if __name__ == "__main__":
    main()
