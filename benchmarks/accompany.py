"""How well a model completes songs it has never heard, and how fast.

Real songs of a dataset's held-out splits lose tracks (accompany) or bars of tracks (infill), in
cells drawn by chance, and a model fills exactly those. Judged are the harmony of made and given
tracks, beside that of the real tracks in the same cells, how many notes are made as a song goes on,
and the seams between a model's windows: a classifier is to tell two bars that lie across one from
two that were written together, beside real music at the same bars.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from musegan.composing.casting import cast
from musegan.composing.filling import fill_song
from musegan.composing.generate import style_weights
from musegan.composing.joining import begins_in
from musegan.composing.model import Model, load_model
from musegan.composing.songs import on_grid, passages, players
from musegan.composing.windows import cut_out, windows
from musegan.data.arrangements import playing
from musegan.data.store import load_dataset
from musegan.evaluation.classifier import two_sample_accuracy
from musegan.evaluation.distances import features
from musegan.evaluation.events import Events
from musegan.evaluation.harmony import tonal_distance
from musegan.evaluation.metrics import measure
from musegan.midi import read_midi, write_midi
from musegan.pianoroll import Phrases, concatenate
from musegan.song import Multitrack, Notes, Tempo, Track

MOST_APART, MOST_TOLD, MOST_SECONDS = 10.0, 0.6, 10.0
LONG = 64  # bars of a song that are used
BLOCK = 4  # bars that are infilled, and left, in turn


@dataclass(frozen=True)
class Task:
    """A real song, and what of it is to be made."""

    song: Phrases
    cells: NDArray[np.bool_]
    given: tuple[int, ...]
    made: tuple[int, ...]


def held_out(dataset: Path, midi: Path, model: Model, most: int) -> Iterator[Phrases]:
    """The longest passage of songs that no training heard, at even distances."""
    spec, band = model.spec, players(model.spec, None)
    splits = [load_dataset(dataset, split) for split in ("valid", "test")]
    names = sorted({split.sources[number] for split in splits for number in set(split.source)})
    for index in np.unique(np.linspace(0, len(names) - 1, most).astype(int)):
        song = read_midi(midi / names[index])
        parts = cast(song, band, None).parts
        runs, _ = passages(song, parts, band, spec.grid)
        longest = max(runs, key=lambda run: run.bars)
        yield on_grid(song, parts, band, replace(longest, bars=min(longest.bars, LONG)), spec.grid)


def task(song: Phrases, model: Model, draw: np.random.Generator, infill: bool) -> Task | None:
    """Half of a song's tracks in the cells where they play; None where too little is left."""
    tracks = model.spec.ensemble.tracks
    plays = playing(song, len(tracks))[0] > 0
    there = draw.permutation(np.flatnonzero(plays.any(axis=1)))
    pitched = [int(track) for track in there if not tracks[track].is_drum]
    if len(pitched) < 2:
        return None
    made = {pitched[0], *(int(t) for t in there[: len(there) // 2] if t != pitched[1])}
    cells = plays.copy()
    cells[[track for track in range(len(tracks)) if track not in made]] = False
    if infill:
        cells[:, np.arange(song.bars) % (2 * BLOCK) < BLOCK] = False
    if not cells.any():
        return None
    given = tuple(track for track in pitched if track not in made)
    return Task(song, cells, given, tuple(track for track in pitched if track in made))


def made_by(model: Model, job: Task, seed: int) -> Phrases:
    """The task's song as the model completes it."""
    return fill_song(model, job.song, job.cells, seed=seed, style=style_weights(model.spec, None))


def harmony(song: Phrases, job: Task, model: Model) -> float:
    """Mean tonal distance of given and made tracks over the bars that are made; NaN for none."""
    bars = np.flatnonzero(job.cells.any(axis=0))
    only = concatenate([cut_out(song, int(bar), 1) for bar in bars])
    pairs = [(one, other) for one in job.given for other in job.made]
    apart = tonal_distance(Events.of(only, len(model.spec.ensemble.tracks)), pairs)
    known = apart[~np.isnan(apart)]
    return float(known.mean()) if len(known) else float("nan")


def clips(song: Phrases, job: Task, model: Model) -> tuple[list[Phrases], list[Phrases]]:
    """Two bars of the cells to make: across the seams of windows, and within windows."""
    across, within = [], []
    own = song.keep(begins_in(song, job.cells))
    for window in windows(np.logical_or.reduce(job.cells), model.spec.bars):
        joins = window.begin > 0 and bool(job.cells[:, window.begin - 1].any())
        if joins and window.end - window.begin > 1:  # as many of either, so songs stay in one fold
            across.append(cut_out(own, window.begin - 1, 2))
            within.append(cut_out(own, window.begin, 2))
    return across, within


def told_apart(sets: list[tuple[list[Phrases], list[Phrases]]], model: Model) -> float:
    """How surely a classifier tells clips across seams from those within windows, 0.5 = not."""
    sets = [(across, within) for across, within in sets if across and within]
    points, songs = [], []
    sides = [concatenate([clip for pair in sets for clip in pair[side]]) for side in (0, 1)]
    whole = measure(concatenate(sides), model.spec.ensemble)
    for side, phrases in enumerate(sides):
        points.append(features(measure(phrases, model.spec.ensemble), whole))
        songs.append(np.repeat(np.arange(len(sets)), [len(pair[side]) for pair in sets]))
    return two_sample_accuracy(points[0], points[1], songs[0], songs[1])


def fullness(songs: list[Phrases], jobs: list[Task], model: Model) -> NDArray[np.float64]:
    """(8,) notes in the cells to make, by eighths of the `LONG` bars."""
    per_bar = model.spec.grid.steps_per_bar
    bars = [
        song.keep(begins_in(song, job.cells)).start // per_bar
        for song, job in zip(songs, jobs, strict=True)
    ]
    return np.histogram(np.concatenate(bars), 8, (0, LONG))[0].astype(np.float64)


def judge(model: Model, songs: list[Phrases], seed: int, infill: bool) -> None:
    """Complete songs, and print how they fare beside themselves."""
    draw = np.random.default_rng(seed)
    jobs = [job for song in songs if (job := task(song, model, draw, infill)) is not None]
    made = [made_by(model, job, seed + number) for number, job in enumerate(jobs)]
    ours, real = (
        np.array([harmony(song, job, model) for song, job in zip(all_, jobs, strict=True)])
        for all_ in (made, [job.song for job in jobs])
    )
    known = ~np.isnan(ours + real)
    apart = 100 * (ours[known].mean() / real[known].mean() - 1)
    verb = "infill" if infill else "accompany"
    print(
        f"{verb + ': tonal distance, made to given':44} {ours[known].mean():6.3f}   "
        f"real {real[known].mean():6.3f}   {apart:+5.1f} %   at most {MOST_APART:g}"
    )
    if not infill:
        full = fullness(made, jobs, model) / fullness([job.song for job in jobs], jobs, model)
        print(
            f"{'notes made to real ones, by eight bars':44} " + " ".join(f"{x:.2f}" for x in full)
        )
        pairs = [list(zip(all_, jobs, strict=True)) for all_ in (made, [job.song for job in jobs])]
        told = [
            told_apart([clips(song, job, model) for song, job in side], model) for side in pairs
        ]
        print(
            f"{'seams: told from inside by a classifier':44} {told[0]:6.3f}   "
            f"real {told[1]:6.3f}             at most {MOST_TOLD:g}"
        )


def measure_speed(folder: Path | None) -> None:
    """A melody of three minutes gets a band, from a process that begins with nothing."""
    notes = [(beat * 480, 400, 60 + (0, 4, 7, 9)[beat % 7 % 4], 80) for beat in range(360)]
    melody = Multitrack((Track(Notes.of(notes), 80, name="lead"),), tempos=(Tempo(0, 120.0),))
    musegan = Path(sys.executable).with_name("musegan")
    with tempfile.TemporaryDirectory() as out:
        song = Path(out) / "song.mid"
        write_midi(melody, song)
        command: list[str | Path] = [
            musegan,
            "accompany",
            "--quiet",
            song,
            "--out",
            Path(out) / "new.mid",
        ]
        command += ["--model", folder] if folder else []
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.perf_counter()
        subprocess.run(command, check=True)
        took = time.perf_counter() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"{'accompany: 3 minutes, cold start and all':44} {took:6.2f} s   of a core {busy:.2f} s   "
        f"real time x {180 / took:5.1f}   at most {MOST_SECONDS:g} s"
    )


def main() -> None:
    """Measure all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "dataset", type=Path, help="a dataset folder, whose held-out songs are used"
    )
    parser.add_argument("midi", type=Path, help="the folder of MIDI files it was prepared from")
    parser.add_argument("model", nargs="?", type=Path, help="a model folder; else the shipped one")
    parser.add_argument("--songs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    model = load_model(options.model)
    measure_speed(options.model)
    songs = list(held_out(options.dataset, options.midi, model, options.songs))
    for infill in (False, True):
        judge(model, songs, options.seed, infill)


if __name__ == "__main__":
    main()
