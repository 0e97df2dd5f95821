"""How much memory `musegan prepare midi` takes for ten times the files.

    python benchmarks/prepare_memory.py FOLDER [--files 20000] [--workers 1]

The files are songs of FOLDER, each many times over, every time with other notes left out, so that
their phrases are no repeats. The command runs on all of them and on a tenth; its memory is the sum
of what each of its processes held at most.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from musegan.errors import MuseganError
from musegan.midi import read_midi, write_midi
from musegan.song import Multitrack
from pipelines.sources import find_sources

LIMIT = 1.2
KEPT = 0.5  # of a song's notes
POLL = 0.05  # seconds

MUSEGAN = Path(sys.executable).with_name("musegan")


def vary(song: Multitrack, random: np.random.Generator) -> Multitrack:
    """The song with some of its notes."""
    tracks = []
    for track in song.tracks:
        notes = track.notes[random.random(len(track.notes)) < KEPT]
        if len(notes):
            tracks.append(replace(track, notes=notes))
    return replace(song, tracks=tuple(tracks))


def make_files(folder: Path, many: Path, few: Path, count: int) -> None:
    """Write `count` files to `many`, and link every tenth in `few`."""
    paths = [source.path for source in find_sources(folder)]
    random = np.random.default_rng(0)
    made = 0
    while made < count:
        for path in paths[: count - made]:
            try:
                song = vary(read_midi(path), random)
            except MuseganError:
                continue
            name = f"{made:06}.mid"
            write_midi(song, many / name)
            if made % 10 == 0:
                os.link(many / name, few / name)
            made += 1


def family(parent: int) -> list[int]:
    """A process and all that descend from it."""
    pids = [parent]
    for pid in pids:
        try:
            tasks = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        except OSError:
            continue
        pids += map(int, tasks.split())
    return pids


def peak_of(pid: int) -> int:
    """The most memory a process has held so far, in KiB; 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(lines[0].split()[1]) if lines else 0


def prepare(folder: Path, out: Path, workers: int, hop: int) -> tuple[float, float]:
    """MiB and seconds the command takes."""
    words: list[str | Path] = [MUSEGAN, "prepare", "midi", folder, out, "--quiet"]
    words += ["--workers", str(workers), "--hop", str(hop)]
    begin = time.perf_counter()
    process = subprocess.Popen(words)
    peaks: dict[int, int] = {}
    while process.poll() is None:
        for pid in family(process.pid):
            peaks[pid] = max(peaks.get(pid, 0), peak_of(pid))
        time.sleep(POLL)
    if process.returncode:
        raise SystemExit(f"the command ended with {process.returncode}")
    return sum(peaks.values()) / 1024, time.perf_counter() - begin


def main() -> None:
    """Print the peaks and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="a folder with MIDI files, such as POP909")
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--hop", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        many, few = Path(temporary, "many"), Path(temporary, "few")
        many.mkdir()
        few.mkdir()
        make_files(chosen.folder, many, few, chosen.files)
        held = {}
        for name, folder in (("few", few), ("many", many)):
            out = Path(temporary, f"{name} dataset")
            held[name], taken = prepare(folder, out, chosen.workers, chosen.hop)
            files = len(list(folder.iterdir()))
            print(f"{files:7,} files   {held[name]:6.0f} MiB   {taken:5.0f} s", flush=True)
    print(f"ratio {held['many'] / held['few']:.2f} (limit: {LIMIT})")


if __name__ == "__main__":
    main()
