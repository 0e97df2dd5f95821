"""New phrases from nothing but a style, some tracks and a seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from musegan.composing.mixes import mix_shares
from musegan.composing.model import Model
from musegan.data.arrangements import from_text
from musegan.errors import MuseganError
from musegan.instruments import Ensemble
from musegan.models.generator import keep
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
    temperature: float = 1.0,
    siblings: int = 1,
    first: int = 0,
) -> Iterator[Phrases]:
    """Phrases `first` to `first + count - 1` of a seed's endless series, in batches.

    Phrase i depends only on what is asked for, the seed and i: batches always begin at multiples
    of their size, so not even rounding depends on where a series is entered.

    Args:
        model: what composes.
        count: how many phrases.
        seed: which series.
        style: a style of the model, a mix such as `rock:0.6,orchestral:0.4`, or None for any.
        tracks: the tracks that play; None is all.
        temperature: scales the latents: 1 as trained, below 1 nearer to what is usual and more
            alike, above 1 more varied and daring (the truncation of Brock et al., "Large Scale GAN
            Training for High Fidelity Natural Image Synthesis", ICLR 2019).
        siblings: how many phrases in a row share an arrangement.
        first: number of the first phrase.

    Raises:
        MuseganError: a style or track that the model does not know.
    """
    weights = style_weights(model.spec, style)
    choices = arrangements(model.spec, weights, tracks)
    return _batches(
        model, count, seed, weights.to(model.device), choices, temperature, siblings, first
    )


def arrangements(
    spec: ModelSpec, weights: torch.Tensor, tracks: Sequence[str] | None
) -> list[tuple[float, NDArray[np.float32]]]:
    """Which tracks may play in which bars, each (tracks, bars), with its chance.

    Args:
        spec: the model's description.
        weights: of the styles and "any"; see `style_weights`.
        tracks: the tracks that play, all of them and no other; None is what the style does.

    Raises:
        MuseganError: a track that the model does not know, or none at all.
    """
    shares = style_shares(spec, weights)
    choices = [
        (float(share) / len(spec.arrangements[style]), from_text(text))
        for style, share in zip(spec.styles, shares, strict=True)
        for text in spec.arrangements.get(style, ())
    ]
    everything = np.ones((len(spec.tracks), spec.bars), np.float32)
    if tracks is None:
        return [choice for choice in choices if choice[0]] or [(1.0, everything)]
    asked = np.zeros(len(spec.tracks), bool)
    asked[[spec.ensemble.index(name) for name in tracks]] = True
    if not asked.any():
        raise MuseganError(f"no tracks asked for: {spec.name} has {', '.join(spec.ensemble.names)}")
    only = everything * asked[:, None]
    fitting = [(chance, a * only) for chance, a in choices if chance and (a[asked].any(1)).all()]
    return fitting or [(1.0, only)]


def _batches(
    model: Model,
    count: int,
    seed: int,
    style: torch.Tensor,
    choices: list[tuple[float, NDArray[np.float32]]],
    temperature: float,
    siblings: int,
    first: int,
) -> Iterator[Phrases]:
    layout = model.generator.layout
    nothing = torch.zeros(layout.shape(1), device=model.device)
    chances = np.array([chance for chance, _ in choices])
    chances = chances / chances.sum()
    last = first + count
    for start in range(first // BATCH * BATCH, last, BATCH):
        latents = series_latents(model, seed, start, BATCH).scaled(temperature)
        drawn = [
            np.random.default_rng([seed, index // siblings, 1]).choice(len(choices), p=chances)
            for index in range(start, start + BATCH)
        ]
        # silence is given, so the tracks that play know that they are without the others
        plays = torch.from_numpy(np.stack([choices[index][1] for index in drawn])).to(model.device)
        with torch.inference_mode():
            logits = model.generator(latents, style.expand(BATCH, -1), nothing, 1 - plays)
            phrases = from_patches(keep(sound(logits, layout), plays, layout), layout)
        phrases = in_range(phrases, model.spec.ensemble)
        yield phrases.select(np.arange(max(first - start, 0), min(last - start, BATCH)))


def style_shares(spec: ModelSpec, weights: torch.Tensor) -> torch.Tensor:
    """The share of each style, (styles,), in weights of styles and "any".

    "Any" is all styles, each as common as among the phrases the model learnt from.
    """
    counts = torch.tensor([float(spec.style_counts.get(style, 0)) for style in spec.styles])
    common = counts if counts.any() else torch.ones(len(spec.styles))
    shares: torch.Tensor = weights[:-1] + weights[-1] * common / common.sum()
    return shares


def in_range(phrases: Phrases, ensemble: Ensemble) -> Phrases:
    """The phrases without notes that their track cannot play."""
    low = np.array([track.low for track in ensemble.tracks])[phrases.track]
    high = np.array([track.high for track in ensemble.tracks])[phrases.track]
    return phrases.keep((phrases.pitch >= low) & (phrases.pitch <= high))


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
    if style is None:
        return torch.eye(len(spec.styles) + 1)[-1]
    shares = mix_shares(style, spec.styles, "style", spec.name)
    return torch.cat([shares, torch.zeros(1)])
