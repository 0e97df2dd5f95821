"""What a model of phrases is told of the data it learns from."""

from __future__ import annotations

import numpy as np

from musegan.data.arrangements import playing, to_text
from musegan.data.store import PhraseSet
from musegan.errors import MuseganError
from musegan.evaluation.typical import typical_levels
from musegan.models.spec import ModelSpec
from musegan.song import IntArray
from musegan.training.recipe import Recipe

ARRANGEMENTS = 200  # kept for each style
MEASURED = 1000  # phrases of each style that tell what is typical


def describe_model(name: str, data: PhraseSet, recipe: Recipe) -> ModelSpec:
    """The model that `recipe` trains on `data`.

    Raises:
        MuseganError: the dataset's grid does not fit the networks.
    """
    tempos = {
        style: round(float(np.median(data.tempo[data.style == label])), 1)
        for label, style in enumerate(data.styles)
        if (data.style == label).any()
    }
    there = playing(data.phrases, len(data.ensemble.tracks))
    try:
        spec = ModelSpec(
            name=name,
            beats_per_bar=data.grid.beats_per_bar,
            steps_per_beat=data.grid.steps_per_beat,
            beat_unit=data.grid.beat_unit,
            bars=data.bars,
            ensemble_name=data.ensemble.name,
            tracks=data.ensemble.describe(),
            styles=data.styles,
            tempos=tempos,
            common_key=recipe.common_key,
            arrangements={
                style: [to_text(there[index]) for index in some]
                for style, some in _some_of_each_style(data, ARRANGEMENTS).items()
            },
            style_counts={
                style: int((data.style == label).sum()) for label, style in enumerate(data.styles)
            },
            typical={
                style: typical_levels(data.phrases.select(some), data.ensemble)
                for style, some in _some_of_each_style(data, MEASURED).items()
            },
            generator=recipe.generator,
        )
        _ = spec.layout  # which takes no grid that does not fit
    except ValueError as problem:
        raise MuseganError(f"this dataset does not fit the networks: {problem}") from problem
    return spec


def _some_of_each_style(data: PhraseSet, most: int) -> dict[str, IntArray]:
    """The numbers of at most `most` evenly spaced phrases of each style there is."""
    some = {}
    for label, style in enumerate(data.styles):
        phrases = np.flatnonzero(data.style == label)
        if len(phrases):
            some[style] = phrases[
                np.linspace(0, len(phrases) - 1, min(most, len(phrases))).astype(int)
            ]
    return some
