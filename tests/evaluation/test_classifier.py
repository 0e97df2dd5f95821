import numpy as np
import pytest

from musegan.evaluation.classifier import (
    FOLDS,
    folds_by_song,
    logistic_regression,
    two_sample_accuracy,
)


def songs(count: int, phrases: int, columns: int, seed: int, within: float = 1.0):
    """Points of songs that lie about a place of their own, and the song of each."""
    draw = np.random.default_rng(seed)
    places = draw.normal(size=(count, 1, columns))
    points = places + within * draw.normal(size=(count, phrases, columns))
    return points.reshape(-1, columns), np.repeat(np.arange(count), phrases)


def test_sets_that_are_alike_cannot_be_told_apart():
    one, one_song = songs(200, 3, 10, seed=1)
    other, other_song = songs(150, 3, 10, seed=2)
    assert two_sample_accuracy(one, other, one_song, other_song) == pytest.approx(0.5, abs=0.06)


def test_songs_known_from_training_do_not_help():
    one, one_song = songs(15, 30, 20, seed=1, within=0.05)
    other, other_song = songs(15, 30, 20, seed=2, within=0.05)
    assert two_sample_accuracy(one, other, one_song, other_song) < 0.65
    each = np.arange(len(one))
    assert two_sample_accuracy(one, other, each, each) > 0.95


def test_a_shift_and_a_collapse_are_seen():
    real, song = songs(100, 3, 10, seed=1)
    made, _ = songs(100, 3, 10, seed=2)
    each = np.arange(len(made))
    assert two_sample_accuracy(made + 2, real, each, song) > 0.95
    assert two_sample_accuracy(made * 0.2, real, each, song) > 0.9


def test_unequal_sets_do_not_gain_by_naming_the_larger():
    one, one_song = songs(600, 1, 4, seed=1)
    other, other_song = songs(30, 1, 4, seed=2)
    assert two_sample_accuracy(one, other, one_song, other_song) == pytest.approx(0.5, abs=0.12)


def test_folds_keep_songs_whole_and_even():
    song = np.array([7] * 10 + [3] * 4 + [5] * 4 + [9] * 4 + [1] * 3 + [0, 2, 4])
    fold = folds_by_song(song)
    for number in np.unique(song):
        assert len(np.unique(fold[song == number])) == 1
    assert sorted(np.bincount(fold, minlength=FOLDS)) == [4, 4, 5, 5, 10]


def test_too_few_songs_are_an_error():
    with pytest.raises(ValueError, match="4 songs cannot be held out in 5 parts"):
        folds_by_song(np.arange(4))


def test_logistic_regression_is_at_the_bottom():
    draw = np.random.default_rng(3)
    points = np.concatenate([draw.normal(size=(90, 3)), np.ones((90, 1))], axis=1)
    label = (points[:, 0] + draw.normal(size=90) > 0.8).astype(np.int64)
    weights = logistic_regression(points, label)
    share = (45 / np.bincount(label))[label]

    def loss(at: np.ndarray) -> float:
        side = 2 * label - 1
        return float(share @ np.log1p(np.exp(-side * (points @ at))) + at[:3] @ at[:3] / 2)

    for nudge in np.concatenate([np.eye(4), -np.eye(4)]) * 1e-2:
        assert loss(weights + nudge) > loss(weights)


def test_logistic_regression_of_separable_points_stays_finite():
    points = np.array([[-50.0, 1], [-40, 1], [40, 1], [50, 1]])
    weights = logistic_regression(points, np.array([0, 0, 1, 1]))
    assert np.isfinite(weights).all()
    assert (points @ weights > 0).tolist() == [False, False, True, True]
