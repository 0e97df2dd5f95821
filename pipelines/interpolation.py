"""The way from one MIDI file to another, and the files of its steps.

MIDI, MIDI ─read_midi─> songs ─study, interpolate─> songs ─writers─> MIDI, audio, pictures
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from musegan.composing.blending import common_bars, interpolate
from musegan.composing.casting import cast
from musegan.composing.inversion import Heard, unwatched
from musegan.composing.model import Model
from musegan.composing.songs import Passage, only_passage
from musegan.composing.study import Study, study
from musegan.errors import MuseganError
from musegan.files import put, write_whole
from musegan.instruments import Ensemble
from musegan.midi import read_midi
from musegan.song import Multitrack
from pipelines.song_files import named
from pipelines.writers import FORMATS, choose_writers


def interpolate_files(
    model: Model,
    one: Path,
    other: Path,
    targets: Sequence[Sequence[Path]],
    *,
    seed: int,
    style: str | None,
    ensemble: Ensemble,
    heard: Heard = unwatched,
    overwrite: bool = False,
) -> None:
    """Write the steps from one MIDI file to another; the ends as MIDI are those files themselves.

    Args:
        model: what composes.
        one: the first step.
        other: the last step.
        targets: the files of each step, see `plan_steps`.
        seed: another number, another way.
        style: a style of the model, a mix of them, or None for any.
        ensemble: the model's, with rules that place the files' tracks in it.
        heard: called as each song is learnt, see `invert`.
        overwrite: replace files that are there and would change.

    Raises:
        MuseganError: a file cannot be read, learnt or written or is another already, or the two
            are not as long.
    """
    ends = [(path, read_midi(path)) for path in (one, other)]
    here, there = (_where(model, path, song, ensemble) for path, song in ends)
    with named(f"{one}, {other}"):
        common_bars(here, there, model.spec.bars)  # before they are learnt, which takes its time
    first, last = (_learn(model, path, song, style, ensemble, heard) for path, song in ends)
    songs = interpolate(model, first, last, len(targets), seed=seed)
    given = {0: one.read_bytes(), len(targets) - 1: other.read_bytes()}
    for number, (song, paths) in enumerate(zip(songs, targets, strict=True)):
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".mid" and number in given:
                write = partial(write_whole, data=given[number])
            else:
                write = partial(FORMATS[path.suffix.removeprefix(".")], song)
            put(path, write, overwrite)


def plan_steps(out: Path, formats: Sequence[str], steps: int) -> list[list[Path]]:
    """The files to write for each of `steps` steps in the folder `out`.

    Raises:
        MuseganError: `out` is a file, or a format is unknown.
    """
    if out.exists() and not out.is_dir():
        raise MuseganError(f"{out}: is a file; name a folder for the steps")
    endings, width = list(choose_writers(formats)), len(str(steps))
    names = [f"step-{number:0{width}}" for number in range(1, steps + 1)]
    return [[out / f"{name}.{ending}" for ending in endings] for name in names]


def _where(model: Model, path: Path, song: Multitrack, ensemble: Ensemble) -> Passage:
    with named(path):
        return only_passage(song, cast(song, ensemble, None).parts, ensemble, model.spec.grid)


def _learn(
    model: Model,
    path: Path,
    song: Multitrack,
    style: str | None,
    ensemble: Ensemble,
    heard: Heard,
) -> Study:
    with named(path):
        return study(model, song, style=style, ensemble=ensemble, heard=heard)
