"""New phrases from nothing but a style, some tracks and a seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch

from musegan.composing.model import Model
from musegan.errors import MuseganError
from musegan.models.latents import Latents, sample_latents
from musegan.models.patches import from_patches
from musegan.models.sounding import sound
from musegan.models.spec import ModelSpec
from musegan.pianoroll import Phrases

BATCH = 16


def generate(
    model: Model,
    count: int,
    *,
    seed: int,
    style: str | None = None,
    tracks: Sequence[str] | None = None,
    first: int = 0,
) -> Iterator[Phrases]:
    """Phrases `first` to `first + count - 1` of a seed's endless series, in batches.

    Phrase i depends only on (model, style, tracks, seed, i): batches always begin at multiples of
    their size, so not even rounding depends on where a series is entered.

    Args:
        model: what composes.
        count: how many phrases.
        seed: which series.
        style: a style of the model, a mix such as `rock:0.6,orchestral:0.4`, or None for any.
        tracks: the tracks that play; None is all.
        first: number of the first phrase.

    Raises:
        MuseganError: a style or track that the model does not know.
    """
    spec = model.spec
    style_row = style_weights(spec, style).to(model.device)
    silent = torch.ones(len(spec.tracks))
    playing = range(len(spec.tracks)) if tracks is None else map(spec.ensemble.index, tracks)
    silent[list(playing)] = 0
    return _batches(model, count, seed, style_row, silent.to(model.device), first)


def _batches(
    model: Model, count: int, seed: int, style: torch.Tensor, silent: torch.Tensor, first: int
) -> Iterator[Phrases]:
    layout = model.generator.layout
    nothing = torch.zeros(layout.shape(BATCH), device=model.device)
    # a track that shall not play is given as silence, so the others know that they are without it
    mask = silent[None, :, None].expand(BATCH, -1, layout.bars)
    last = first + count
    for start in range(first // BATCH * BATCH, last, BATCH):
        latents = series_latents(model, seed, start, BATCH)
        with torch.inference_mode():
            logits = model.generator(latents, style.expand(BATCH, -1), nothing, mask)
            phrases = from_patches(sound(logits, layout), layout)
        phrases = phrases.keep(silent.cpu().numpy()[phrases.track] == 0)
        yield phrases.select(np.arange(max(first - start, 0), min(last - start, BATCH)))


def series_latents(model: Model, seed: int, first: int, count: int) -> Latents:
    """The latents of phrases `first` to `first + count - 1` of a seed's series."""
    layout, sizes = model.generator.layout, model.generator.sizes
    rows = []
    for index in range(first, first + count):
        start = int(np.random.default_rng([seed, index]).integers(2**63))
        random = torch.Generator().manual_seed(start)
        rows.append(sample_latents(1, sizes, layout.tracks, layout.bars, random))
    parts = zip(*(row.parts for row in rows), strict=True)
    return Latents(*(torch.cat(part) for part in parts)).to(model.device)


def style_weights(spec: ModelSpec, style: str | None) -> torch.Tensor:
    """Weights of the model's styles and "any", (styles + 1,), summing to 1.

    Args:
        spec: the model's description.
        style: one style, or several with weights (`rock:0.6,orchestral:0.4`); None is any.

    Raises:
        MuseganError: an unknown style (the message names those there are), or weights that are no
            positive numbers.
    """
    weights = torch.zeros(len(spec.styles) + 1)
    if style is None:
        weights[-1] = 1
        return weights
    for part in style.split(","):
        name, _, number = (text.strip() for text in part.partition(":"))
        if name not in spec.styles:
            there = ", ".join(spec.styles)
            raise MuseganError(f"no style '{name}': {spec.name} knows {there}")
        try:
            weight = float(number or 1)
        except ValueError:
            weight = 0.0
        if not 0 < weight < float("inf"):
            raise MuseganError(
                f"the weight of style '{name}' must be a number above 0, not '{number}'"
            )
        weights[spec.styles.index(name)] += weight
    return weights / weights.sum()
