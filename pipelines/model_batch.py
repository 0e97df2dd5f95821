"""What a musician asks of a model, turned into a batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from musegan.composing.choosing import Request, compose
from musegan.composing.form import Form
from musegan.composing.generate import BATCH, style_shares, style_weights
from musegan.composing.keys import parse_key
from musegan.composing.model import Model
from musegan.composing.songwriting import compose_pieces
from musegan.composing.told import bars_at_once, told_as
from musegan.errors import MuseganError
from musegan.evaluation.copies import Copies
from musegan.models.spec import ModelSpec
from musegan.models.store import DESCRIPTION, WEIGHTS
from musegan.pianoroll import Phrases
from pipelines.generate_batch import Compose, Settings
from pipelines.manifest import sha256
from pipelines.workers import in_threads
from pipelines.writers import choose_writers

LOOKED_UP = 16 * BATCH  # phrases looked up in a dataset at once: looking up one takes as long


@dataclass(frozen=True)
class Wish:
    """What a musician asks for; None leaves it to the model.

    Attributes:
        style: a style, or a mix of them, that the model knows.
        tracks: the tracks that play.
        tempo: quarter notes a minute.
        seed: from which, with the phrase's number, all chance is drawn.
        formats: file suffixes, see `pipelines.writers.FORMATS`.
        temperature: how daring, >= 0; 1 is as trained.
        key: such as `G`, `Em`, `F#m` or `Bb`.
        best_of: candidates of which each phrase is the best.
        original: a dataset folder whose training songs no phrase may copy.
        bars: bars of pieces with a form and an ending; see `Form.of`.
        form: their sections, such as `AABA`. With neither, phrases of the model's length.
        meter: as (numerator, denominator).
    """

    style: str | None = None
    tracks: tuple[str, ...] | None = None
    tempo: float | None = None
    seed: int = 0
    formats: tuple[str, ...] = ("mid",)
    temperature: float = 1.0
    key: str | None = None
    best_of: int = 1
    original: Path | None = None
    bars: int | None = None
    form: str | None = None
    meter: tuple[int, int] | None = None


def plan_batch(model: Model, wish: Wish, threads: int = 1) -> tuple[Compose, Settings]:
    """What `generate_batch` needs to fulfil `wish` with `model`.

    With `threads` > 1 as many batches are composed side by side, which suits a CPU when torch is
    told to use one thread for each: cores that share no operation never wait for each other.

    Raises:
        MuseganError: the model knows no such style or track, nobody such a key, form or format,
            the model does not tell what is best, or the dataset to be original beside does not fit.
    """
    spec = model.spec
    formats = tuple(choose_writers(wish.formats))
    request = Request(
        seed=wish.seed,
        style=wish.style,
        tracks=None if wish.tracks is None else _in_order(spec, wish.tracks),
        temperature=wish.temperature,
        key=None if wish.key is None else parse_key(wish.key),
        best_of=wish.best_of,
    )
    request.check(spec)
    meter = wish.meter or (spec.grid.beats_per_bar, spec.grid.beat_unit)
    at_once = bars_at_once(meter, spec.grid)
    form = None
    if wish.bars is not None or wish.form is not None:
        form = Form.of(wish.form, wish.bars, spec.bars, spec.grid.steps_per_bar).of_bars(at_once)
    if wish.original is not None:
        request = replace(request, copies=load_copies(spec, wish.original))
    settings = Settings(
        model=spec.name,
        model_sha256=model_digest(model.folder),
        seed=wish.seed,
        style=wish.style,
        tracks=request.tracks,
        tempo=_tempo(spec, wish.style, meter) if wish.tempo is None else wish.tempo,
        formats=formats,
        temperature=wish.temperature,
        key=wish.key,
        best_of=wish.best_of,
        original=None if wish.original is None else sha256(wish.original / "dataset.json"),
        bars=None if form is None else form.bars * at_once,
        form=None if form is None else form.letters,
        meter=None if wish.meter is None else f"{meter[0]}/{meter[1]}",
    )
    return _in_parts(model, request, form, threads), settings


def _in_parts(model: Model, request: Request, form: Form | None, threads: int) -> Compose:
    """What composes phrases, or pieces of a form, in parts that may be made side by side."""

    def compose_part(part: tuple[int, int]) -> Phrases:
        if form is None:
            return compose(model, request, *part)
        return compose_pieces(model, request, form, *part)

    def compose_all(first: int, count: int) -> Iterator[Phrases]:
        size = 1 if form is not None else BATCH if request.copies is None else LOOKED_UP
        return in_threads(compose_part, _parts(first, count, size), threads)

    return compose_all


def load_copies(spec: ModelSpec, dataset: Path) -> Copies:
    """What finds copies of the training songs of a dataset folder.

    Raises:
        MuseganError: not a dataset, without held-out songs, or of other phrases than the model's.
    """
    # not at the top: composing without a dataset needs none of the packages that read one
    from musegan.evaluation.material import load_yardstick

    yardstick = load_yardstick(dataset)
    yardstick.fits(spec.ensemble, spec.grid, spec.bars, spec.name)
    return Copies.learn(yardstick.training.phrases, yardstick.held_out.phrases, yardstick.ensemble)


def _in_order(spec: ModelSpec, names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        raise MuseganError(f"no tracks to play: there are {', '.join(spec.ensemble.names)}")
    chosen = sorted({spec.ensemble.index(name) for name in names})
    return tuple(spec.ensemble.names[index] for index in chosen)


def usual_tempo(spec: ModelSpec, style: str | None) -> float:
    """The tempo typical of a style, a mix of styles, or with None of all, in whole beats a minute.

    Raises:
        MuseganError: the model knows no such style.
    """
    shares = style_shares(spec, style_weights(spec, style)).tolist()
    tempos = [spec.tempos.get(name, 120.0) for name in spec.styles]
    mean = sum(share * tempo for share, tempo in zip(shares, tempos, strict=True))
    return float(round(mean)) if tempos else 120.0


def _tempo(spec: ModelSpec, style: str | None, meter: tuple[int, int]) -> float:
    """Quarter notes a minute that make beats of a meter as fast as a style usually is."""
    told = told_as(meter, spec.grid)
    beat = told.length if told else Fraction(1, spec.grid.beat_unit)
    return usual_tempo(spec, style) * float(beat * spec.grid.beat_unit)


def _parts(first: int, count: int, size: int) -> Iterator[tuple[int, int]]:
    """The run cut at multiples of `size`, as (first, how many)."""
    start, last = first, first + count
    while start < last:
        end = min(last, (start // size + 1) * size)
        yield start, end - start
        start = end


def model_digest(folder: Path) -> str:
    """The SHA-256, in hexadecimal, of a model's description followed by its weights."""
    digest = hashlib.sha256()
    for name in (DESCRIPTION, WEIGHTS):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()
