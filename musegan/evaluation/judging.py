"""Everything there is to say of phrases beside real ones, each figure with its floor.

The *reference* is real music no model has seen; the *floor* is real music of other songs, judged
as the phrases are. Where numbers depend on how many phrases there are, both have equally many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from musegan.errors import MuseganError
from musegan.evaluation.classifier import FOLDS, two_sample_accuracy
from musegan.evaluation.distances import (
    Comparison,
    features,
    frechet_distance,
    standardised_difference,
)
from musegan.evaluation.diversity import NEIGHBOURS, Diversity, coverage, diversity
from musegan.evaluation.material import Material, Yardstick
from musegan.evaluation.metrics import Measured, measure
from musegan.evaluation.originality import Originality, originality
from musegan.evaluation.overlap import Overlap, feature_overlap
from musegan.pianoroll import concatenate
from musegan.song import FloatArray

MOST_PHRASES = 4000  # of each kind; more change no figure that is shown
MOST_LOOKED_UP = 1000  # in the training set, likewise
LEAST_PHRASES = 2  # that have a spread at all
HIGH = 95  # percentile of what was copied: the worst but for one in twenty


@dataclass(frozen=True)
class Judgement:
    """How one set of phrases stands beside the reference.

    Attributes:
        count: phrases judged.
        measured: their metrics.
        comparison: their standardised difference, column by column.
        frechet: their Fréchet distance.
        accuracy: of the two-sample classifier; NaN with too few songs on either side.
        overlap: of each column's distribution.
        coverage: (reference,) 1 for each reference phrase that has one of them near; NaN where
            the reference is too small to tell.
        diversity: how varied they are.
    """

    count: int
    measured: Measured
    comparison: Comparison
    frechet: float
    accuracy: float
    overlap: dict[str, Overlap]
    coverage: FloatArray
    diversity: Diversity


@dataclass(frozen=True)
class Evaluation:
    """Phrases judged, and real ones judged alike.

    Attributes:
        target: what was judged.
        yardstick: what it was judged by.
        reference: metrics of the reference.
        styles: (reference,) the style of each of its phrases.
        made: the judgement of the phrases.
        real: the judgement of real phrases of other songs: the floor.
        copied: what the training songs have of the phrases.
        quoted: what the training songs have of real phrases that no model has seen.
    """

    target: str
    yardstick: Yardstick
    reference: Measured
    styles: NDArray[np.str_]
    made: Judgement
    real: Judgement
    copied: Originality
    quoted: Originality


class Figure(NamedTuple):
    """One line of the summary.

    Attributes:
        key: its name for scripts.
        title: its name for people.
        made: the figure of the phrases.
        real: its floor, the figure of real songs.
        aim: what a good one is.
    """

    key: str
    title: str
    made: float
    real: float
    aim: str


def evaluate(target: str, material: Material, yardstick: Yardstick) -> Evaluation:
    """Judge phrases by a yardstick whose ensemble, grid and length they share.

    Raises:
        MuseganError: there are fewer than two.
    """
    reference = yardstick.reference.thinned(MOST_PHRASES)
    known = measure(reference.phrases, yardstick.ensemble)
    size = min(len(material), len(yardstick.floor), MOST_PHRASES)
    if size < LEAST_PHRASES:
        raise MuseganError(f"{target}: {len(material)} phrases are too few to judge; give more")
    lookups = min(len(material), len(yardstick.held_out), MOST_LOOKED_UP)
    made, real = (
        judge(part.thinned(size), reference, known, yardstick)
        for part in (material, yardstick.floor)
    )
    asked = [part.thinned(lookups).phrases for part in (material, yardstick.held_out)]
    known_of = originality(concatenate(asked), yardstick.training.phrases, yardstick.ensemble)
    copied, quoted = known_of.rows(slice(lookups)), known_of.rows(slice(lookups, None))
    return Evaluation(target, yardstick, known, reference.style, made, real, copied, quoted)


def judge(
    material: Material, reference: Material, known: Measured, yardstick: Yardstick
) -> Judgement:
    """Judge phrases beside a reference whose metrics are known."""
    measured = measure(material.phrases, yardstick.ensemble)
    points, real_points = features(measured, known), features(known, known)
    songs = min(len(np.unique(material.song)), len(np.unique(reference.song)))
    accuracy = (
        two_sample_accuracy(points, real_points, material.song, reference.song)
        if songs >= FOLDS
        else float("nan")
    )
    others = len(reference.song) - np.bincount(reference.song).max()
    covered = (
        coverage(points, real_points, reference.song)
        if others >= NEIGHBOURS
        else np.full(len(reference), np.nan)
    )
    return Judgement(
        len(material),
        measured,
        standardised_difference(measured, known),
        frechet_distance(points, real_points),
        accuracy,
        feature_overlap(measured, known),
        covered,
        diversity(material.phrases, yardstick.ensemble),
    )


def summary(evaluation: Evaluation) -> list[Figure]:
    """The figures that matter most: how real, how varied, how much of it is copied."""
    figures = [
        Figure(key, title, of(evaluation.made), of(evaluation.real), aim)
        for key, title, aim, of in FIGURES
    ]
    copied, quoted = evaluation.copied, evaluation.quoted
    drums = evaluation.yardstick.ensemble.drums
    for key, title, tracks in (
        ("copied_run", "longest copied run, 95th percentile (notes)", ~drums),
        ("copied_drum_run", "longest copied run on drums (hits)", drums),
    ):
        if tracks.any():
            made, real = (high(each.runs[:, tracks].max(axis=1)) for each in (copied, quoted))
            figures.append(Figure(key, title, made, real, "as real"))
    title = "likeness to the nearest training phrase"
    nearest = Figure("copied_likeness", title, high(copied.whole), high(quoted.whole), "as real")
    return [*figures, nearest]


def high(values: ArrayLike) -> float:
    """The `HIGH`-th percentile of the values that are not NaN; NaN when there are none."""
    numbers = np.asarray(values, np.float64)
    known = numbers[~np.isnan(numbers)]
    return float(np.percentile(known, HIGH)) if len(known) else float("nan")


def mean_area(overlap: dict[str, Overlap]) -> float:
    """Mean shared area over the columns; NaN without any."""
    return float(np.mean([each.area for each in overlap.values()])) if overlap else float("nan")


def mean_divergence(overlap: dict[str, Overlap]) -> float:
    """Mean divergence over the columns; NaN without any."""
    found = [each.divergence for each in overlap.values()]
    return float(np.mean(found)) if found else float("nan")


FIGURES: tuple[tuple[str, str, str, Callable[[Judgement], float]], ...] = (
    ("standardised_difference", "mean standardised difference", "0", lambda of: of.comparison.mean),
    ("frechet_distance", "Fréchet distance", "0", lambda of: of.frechet),
    ("classifier_accuracy", "told from real by a classifier", "0.5", lambda of: of.accuracy),
    ("overlap", "overlap of distributions", "1", lambda of: mean_area(of.overlap)),
    (
        "divergence",
        "divergence of distributions (nats)",
        "0",
        lambda of: mean_divergence(of.overlap),
    ),
    ("coverage", "share of real phrases covered", "1", lambda of: float(of.coverage.mean())),
    ("distinct", "distinct phrases", "1", lambda of: of.diversity.distinct),
    ("pair_distance", "mean distance of two phrases", "as real", lambda of: of.diversity.distance),
    ("near_pairs", "near-identical pairs", "0", lambda of: of.diversity.near_pairs),
)
