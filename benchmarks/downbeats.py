"""How often phrases begin where listeners hear a bar begin, by POP909's marked downbeats.

    python benchmarks/downbeats.py POP909

Beside each song lies `beat_midi.txt`, a line a beat: its second, whether it is the first of two,
whether it is the first of four. A phrase begins on a downbeat when one of the latter lies within
70 ms, the window that beat trackers are judged by (Davies et al., 2009). Beside ours are the
downbeats of pretty_midi, who goes by the file's meters, and bars of 4/4 laid from tick 0.
"""

from __future__ import annotations

import argparse
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pretty_midi

from musegan.data.cutting import Cut
from musegan.data.phrasing import phrase_songs, place_song
from musegan.errors import MuseganError
from musegan.instruments import Ensemble, load_ensemble
from musegan.midi import read_midi
from musegan.pianoroll import Grid
from musegan.song import FloatArray, IntArray, Multitrack, seconds_at

WINDOW = 0.07  # seconds
KINDS = ("first of four", "half a bar off", "another", "none")
GRID, CUT = Grid(), Cut()


def our_starts(song: Multitrack, ensemble: Ensemble) -> IntArray:
    """Ticks our phrases begin at; none when the song gives none."""
    try:
        placed = place_song(song, ensemble, GRID, CUT)
    except MuseganError:
        return np.zeros(0, np.int64)
    bars = np.unique(phrase_songs([placed], ensemble, GRID, CUT).bar)
    ticks = placed.bar_ticks
    starts = []
    for stretch in placed.stretches:
        first = max(stretch.start // ticks, 0)
        mine = bars[(bars >= first) & (bars <= stretch.start // ticks + stretch.bars - CUT.bars)]
        starts.append(stretch.start + (mine - stretch.start // ticks) * ticks)
    return np.concatenate(starts)


def bars_from_zero(song: Multitrack) -> IntArray:
    """Bar lines of 4/4 laid from tick 0, as far as phrases begin at them."""
    bar = 4 * song.ticks_per_quarter
    first = min(int(track.notes.start.min()) for track in song.tracks)
    return np.arange(first // bar * bar, song.end - CUT.bars * bar, bar)


def bars_of_peer(path: Path) -> FloatArray:
    """Seconds of pretty_midi's downbeats, as far as phrases begin at them."""
    song = pretty_midi.PrettyMIDI(str(path))
    lines = song.get_downbeats()
    first = np.searchsorted(lines, song.get_onsets()[0], side="right") - 1
    return np.asarray(lines[first : -CUT.bars], float)


def judge(times: FloatArray, beats: FloatArray) -> Counter[str]:
    """How many of the phrases that begin at `times` begin on which beat."""
    times = times[(times > beats[0, 0] - WINDOW) & (times < beats[-1, 0] + WINDOW)]
    distance = np.abs(times[:, None] - beats[:, 0])
    nearest = distance.argmin(1)
    near = distance[np.arange(len(times)), nearest] <= WINDOW
    pair, bar = beats[nearest, 1] > 0, beats[nearest, 2] > 0
    kinds = np.select([~near, bar, pair], ["none", "first of four", "half a bar off"], "another")
    return Counter(kinds.tolist())


def main() -> None:
    """Print the shares over all phrases."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="POP909, with beat_midi.txt beside each song")
    files = sorted(parser.parse_args().folder.rglob("beat_midi.txt"))
    warnings.simplefilter("ignore")  # pretty_midi's, about odd files
    ensemble = load_ensemble("band")
    found: dict[str, Counter[str]] = {}
    for file in files:
        beats = np.loadtxt(file, ndmin=2)
        for path in sorted(file.parent.glob("*.mid")):
            song = read_midi(path)
            ways = {
                "musegan": seconds_at(song, our_starts(song, ensemble)),
                "pretty_midi's downbeats": bars_of_peer(path),
                "bars of 4/4 from tick 0": seconds_at(song, bars_from_zero(song)),
            }
            for way, times in ways.items():
                found.setdefault(way, Counter()).update(judge(times, beats))
    print(f"{len(files)} songs: phrases, and the share that begins on which beat")
    print(" " * 32, *(f"{kind:>15}" for kind in KINDS))
    for way, counts in found.items():
        shares = (counts[kind] / counts.total() for kind in KINDS)
        print(f"{way:25} {counts.total():6,}", *(f"{share:15.1%}" for share in shares))


if __name__ == "__main__":
    main()
