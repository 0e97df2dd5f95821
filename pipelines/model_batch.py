"""What a musician asks of a model, turned into a batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from musegan.composing.generate import BATCH, generate, style_weights
from musegan.composing.model import Model
from musegan.errors import MuseganError
from musegan.models.spec import ModelSpec
from musegan.models.store import DESCRIPTION, WEIGHTS
from musegan.pianoroll import Phrases, concatenate
from pipelines.generate_batch import Compose, Settings
from pipelines.workers import in_threads
from pipelines.writers import choose_writers


@dataclass(frozen=True)
class Wish:
    """What a musician asks for; None leaves it to the model.

    Attributes:
        style: a style, or a mix of them, that the model knows.
        tracks: the tracks that play.
        tempo: quarter notes a minute.
        seed: from which, with the phrase's number, all chance is drawn.
        formats: file suffixes, see `pipelines.writers.FORMATS`.
    """

    style: str | None = None
    tracks: tuple[str, ...] | None = None
    tempo: float | None = None
    seed: int = 0
    formats: tuple[str, ...] = ("mid",)


def plan_batch(model: Model, wish: Wish, threads: int = 1) -> tuple[Compose, Settings]:
    """What `generate_batch` needs to fulfil `wish` with `model`.

    With `threads` > 1 as many batches are composed side by side, which suits a CPU when torch is
    told to use one thread for each: cores that share no operation never wait for each other.

    Raises:
        MuseganError: the model knows no such style or track, or nobody such a format.
    """
    spec = model.spec
    asked = spec.ensemble.names if wish.tracks is None else wish.tracks
    if not asked:
        raise MuseganError(f"no tracks to play: there are {', '.join(spec.ensemble.names)}")
    chosen = sorted({spec.ensemble.index(name) for name in asked})
    tracks = tuple(spec.ensemble.names[index] for index in chosen)
    settings = Settings(
        spec.name,
        model_digest(model.folder),
        wish.seed,
        wish.style,
        tracks,
        usual_tempo(spec, wish.style) if wish.tempo is None else wish.tempo,
        tuple(choose_writers(wish.formats)),
    )

    def compose_part(part: tuple[int, int]) -> Phrases:
        first, count = part
        made = generate(model, count, seed=wish.seed, style=wish.style, tracks=tracks, first=first)
        return concatenate(list(made))

    def compose(first: int, count: int) -> Iterator[Phrases]:
        return in_threads(compose_part, _parts(first, count), threads)

    return compose, settings


def usual_tempo(spec: ModelSpec, style: str | None) -> float:
    """The tempo typical of a style, a mix of styles, or with None of all, in whole beats a minute.

    Raises:
        MuseganError: the model knows no such style.
    """
    weights = style_weights(spec, style)
    shares = (weights[:-1] + weights[-1] / max(len(spec.styles), 1)).tolist()
    tempos = [spec.tempos.get(name, 120.0) for name in spec.styles]
    mean = sum(share * tempo for share, tempo in zip(shares, tempos, strict=True))
    return float(round(mean)) if tempos else 120.0


def _parts(first: int, count: int) -> Iterator[tuple[int, int]]:
    """The run cut where the model's batches begin, as (first, how many)."""
    start, last = first, first + count
    while start < last:
        end = min(last, (start // BATCH + 1) * BATCH)
        yield start, end - start
        start = end


def model_digest(folder: Path) -> str:
    """The SHA-256, in hexadecimal, of a model's description followed by its weights."""
    digest = hashlib.sha256()
    for name in (DESCRIPTION, WEIGHTS):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()
