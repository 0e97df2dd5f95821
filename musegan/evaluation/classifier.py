"""A two-sample classifier: can the measured phrases be told from the reference by their metrics?

Lopez-Paz & Oquab, Revisiting classifier two-sample tests, ICLR 2017. Phrases of one song are alike,
so whole songs are held out in turn; otherwise the classifier would know songs, not sets.
"""

from __future__ import annotations

import numpy as np

from musegan.song import FloatArray, IntArray

FOLDS = 5
RIDGE = 1.0  # of the squared weights, against a sum of log likelihoods
STEPS = 25  # of Newton's method; it settles in about ten
SMALL = 1e-4  # a step that changes no weight by more is the last
FAR = 4.0  # spreads: further out is as far, so no single phrase sways the fit


def two_sample_accuracy(
    one: FloatArray, other: FloatArray, one_song: IntArray, other_song: IntArray
) -> float:
    """Balanced accuracy with which held-out phrases are told to be of one set or the other.

    A logistic regression on the points and their squares (so it sees spread as well as mean), each
    set weighing half, cross-validated `FOLDS` times by song.

    Args:
        one: (phrases, columns) from `distances.features`.
        other: the same of the other set.
        one_song: (phrases,) number of the song each is from; generated phrases are each their own.
        other_song: the same of the other set.

    Returns:
        0.5 where the sets cannot be told apart (by chance a little less or more), 1 where always.

    Raises:
        ValueError: a set has fewer songs than `FOLDS`.
    """
    fold = np.concatenate([folds_by_song(one_song), folds_by_song(other_song)])
    label = np.repeat([0, 1], [len(one), len(other)])
    points = np.clip(np.concatenate([one, other]), -FAR, FAR)
    points = np.concatenate([points, points**2, np.ones((len(points), 1))], axis=1)
    told = np.zeros(len(points), bool)
    for held_out in range(FOLDS):
        train, test = fold != held_out, fold == held_out
        weights = logistic_regression(points[train], label[train])
        told[test] = (points[test] @ weights > 0) == label[test]
    return float((told[label == 0].mean() + told[label == 1].mean()) / 2)


def folds_by_song(song: IntArray) -> IntArray:
    """(phrases,) the fold of each phrase: songs go whole, largest first, to the smallest fold."""
    numbers, of, sizes = np.unique(song, return_inverse=True, return_counts=True)
    if len(numbers) < FOLDS:
        raise ValueError(f"{len(numbers)} songs cannot be held out in {FOLDS} parts")
    filled = np.zeros(FOLDS, np.int64)
    fold = np.zeros(len(numbers), np.int64)
    for number in np.argsort(-sizes, kind="stable"):
        fold[number] = filled.argmin()
        filled[fold[number]] += sizes[number]
    return fold[of]


def logistic_regression(points: FloatArray, label: IntArray) -> FloatArray:
    """Weights (columns,) that tell label 1 (points @ weights > 0) from 0, by Newton's method.

    The classes weigh alike whatever their sizes; all weights but the last, the bias, are held
    down by `RIDGE`. A step that would climb is halved until it does not.
    """
    share = (len(label) / 2 / np.bincount(label, minlength=2))[label]
    side = 2.0 * label - 1
    ridge = np.full(points.shape[1], RIDGE)
    ridge[-1] = 1e-6

    def loss(weights: FloatArray) -> float:
        misfit = share @ np.logaddexp(0, -side * (points @ weights))
        return float(misfit + ridge @ weights**2 / 2)

    found = np.zeros(points.shape[1])
    reached = loss(found)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(points @ found, -30, 30)))
        slope = points.T @ (share * (chance - label)) + ridge * found
        bend = (points * (share * chance * (1 - chance))[:, None]).T @ points
        step = np.linalg.solve(bend + np.diag(ridge), slope)
        while loss(found - step) > reached and np.abs(step).max() > SMALL:
            step = step / 2
        if np.abs(step).max() <= SMALL:
            break
        found = found - step
        reached = loss(found)
    return found
