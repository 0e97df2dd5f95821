"""How varied phrases are among themselves, and how much of the real variety they cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from musegan.evaluation.likeness import Moves, likeness
from musegan.instruments import Ensemble
from musegan.pianoroll import Phrases
from musegan.song import FloatArray, IntArray

MOST_PHRASES = 1000  # half a million pairs tell enough
NEAR = 0.8  # likeness from which two phrases are near-identical
CHUNK = 512  # phrases whose distances to all others are held at a time
NEIGHBOURS = 5  # of a real phrase, whose distance is the reach of its neighbourhood


@dataclass(frozen=True)
class Diversity:
    """How varied a set of phrases is.

    Attributes:
        distinct: share of phrases left when of exact copies (notes, not velocities) one is kept.
        distance: mean over all pairs of 1 - likeness, 0..1; NaN with fewer than two phrases.
        near_pairs: share of pairs at least `NEAR` alike, 0..1; NaN with fewer than two phrases.
        nearest: mean likeness of each phrase to the most alike other, 0..1; NaN likewise.
    """

    distinct: float
    distance: float
    near_pairs: float
    nearest: float


def diversity(phrases: Phrases, ensemble: Ensemble) -> Diversity:
    """Compare phrases with each other, up to transposition (see `musegan.evaluation.likeness`).

    Pairs are taken among at most `MOST_PHRASES` phrases at even distances; likeness grows with
    the number of phrases to find a neighbour in, so compare sets of equal sizes.
    """
    few = phrases.select(_spaced(len(phrases)))
    count = len(few)
    if count < 2:
        return Diversity(distinct_share(phrases), *[float("nan")] * 3)
    moves = Moves.of(few, ensemble)
    alike = np.concatenate([whole for _, whole in likeness(moves, moves)])
    pairs = alike[np.triu_indices(count, 1)]
    np.fill_diagonal(alike, 0)
    return Diversity(
        distinct_share(phrases),
        float(1 - pairs.mean()),
        float((pairs >= NEAR).mean()),
        float(alike.max(axis=1).mean()),
    )


def distinct_share(phrases: Phrases) -> float:
    """Share of phrases left when of exact copies one is kept; NaN without phrases."""
    notes = phrases.canonical()
    columns = np.stack([notes.track, notes.start, notes.duration, notes.pitch], axis=1)
    bounds = zip(notes.offsets[:-1], notes.offsets[1:], strict=True)
    kinds = {columns[begin:end].tobytes() for begin, end in bounds}
    return len(kinds) / len(notes) if len(notes) else float("nan")


def coverage(made: FloatArray, real: FloatArray, song: IntArray) -> FloatArray:
    """(real,) 1 for the real phrases that have a made one in their neighbourhood, else 0.

    The neighbourhood of a real phrase reaches to its `NEIGHBOURS`-th nearest among the phrases of
    other songs (those of its own lie too close to be a yardstick). The mean is the coverage of
    Naeem et al., Reliable fidelity and diversity metrics for generative models, ICML 2020; take
    means over the phrases of a style to see whether it was reached.

    Args:
        made: (phrases, columns) from `distances.features`, one or more.
        real: the same of the reference.
        song: (real,) number of the song each real phrase is from.

    Raises:
        ValueError: some phrase has no `NEIGHBOURS` phrases of other songs.
    """
    if len(song) - np.bincount(song).max(initial=0) < NEIGHBOURS:
        raise ValueError(f"coverage needs {NEIGHBOURS} phrases of other songs for each phrase")
    covered = np.empty(len(real))
    for begin in range(0, len(real), CHUNK):
        here = slice(begin, begin + CHUNK)
        apart = _squared_distances(real[here], real)
        apart[song[here][:, None] == song] = np.inf
        reach = np.partition(apart, NEIGHBOURS - 1, axis=1)[:, NEIGHBOURS - 1]
        covered[here] = _squared_distances(real[here], made).min(axis=1) <= reach
    return covered


def _squared_distances(one: FloatArray, other: FloatArray) -> FloatArray:
    squares: FloatArray = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T
    return squares


def _spaced(count: int) -> IntArray:
    return np.linspace(0, max(count - 1, 0), min(count, MOST_PHRASES)).astype(np.int64)
