"""How fast a folder of MIDI becomes a dataset in one process, beside pypianoroll's bare read.

    python benchmarks/prepare.py FOLDER [--runs 5]

Ours is the whole way: files are read, placed, quantised, cut, told apart and written. The peer only
reads a file into its piano-rolls. Both take turns in this process; the best turn counts. At last
the command itself is run, which has to start first.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pypianoroll

from musegan.data.cutting import Cut
from musegan.instruments import load_ensemble
from musegan.pianoroll import Grid
from pipelines.midi_to_pianorolls import prepare
from pipelines.phrase_files import Settings
from pipelines.sources import find_sources

FILES_A_SECOND, RATIO, YIELD = 1000, 20, 0.95  # wanted
PEER_FILES = 20  # pypianoroll takes its time
HOPS = (4, 1)

MUSEGAN = Path(sys.executable).with_name("musegan")


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Elapsed seconds, and seconds of processor time."""
    begin, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begin, time.process_time() - busy


def prepare_all(folder: Path, out: Path, hop: int) -> dict[str, Any]:
    """All that `musegan prepare midi --workers 1` does once it has started."""
    settings = Settings(load_ensemble("band"), Grid(), Cut(hop=hop))
    return prepare(find_sources(folder), out, settings, overwrite=True)


def command(folder: Path, out: Path, hop: int) -> None:
    """The command line, as a user gives it."""
    words: list[str | Path] = [MUSEGAN, "prepare", "midi", folder, out, "--workers", "1"]
    words += ["--hop", str(hop), "--overwrite", "--quiet"]
    subprocess.run(words, check=True)


def main() -> None:
    """Take turns and print files a second."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="a folder with MIDI files, such as POP909")
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")  # pretty_midi's, about odd files
    files = [str(source.path) for source in find_sources(chosen.folder)]
    some = files[:: max(1, len(files) // PEER_FILES)]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "dataset"
        peer = "pypianoroll, read alone"
        taken: dict[str, list[tuple[float, float]]] = {}
        for _ in range(chosen.runs):
            elapsed, busy = seconds(lambda: [pypianoroll.read(file) for file in some])
            share = len(files) / len(some)
            taken.setdefault(peer, []).append((elapsed * share, busy * share))
            for hop in HOPS:
                turn = seconds(partial(prepare_all, chosen.folder, out, hop))
                taken.setdefault(f"musegan, --hop {hop}", []).append(turn)
        cold = seconds(lambda: command(chosen.folder, out, HOPS[0]))[0]
        about = prepare_all(chosen.folder, out, HOPS[0])
    best = {
        way: [min(column) for column in zip(*turns, strict=True)] for way, turns in taken.items()
    }
    print(f"{len(files)} files              elapsed                processor time")
    for way, times in best.items():
        cells = (
            f"{len(files) / mine:8,.0f} files/s  x {theirs / mine:4.0f}"
            for mine, theirs in zip(times, best[peer], strict=True)
        )
        print(f"{way:24}", *cells)
    print(f"the command, --hop {HOPS[0]}      {len(files) / cold:8,.0f} files/s in {cold:.2f} s")
    print(f"wanted: {FILES_A_SECOND:,} files/s, x {RATIO}")
    used = 1 - about["skipped"] / about["files"]
    print(f"files that yield phrases: {used:.1%} (wanted: {YIELD:.0%})")


if __name__ == "__main__":
    main()
