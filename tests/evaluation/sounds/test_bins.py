import math

import numpy as np

from musegan.evaluation.sounds.bins import Bins, differ


def points(count: int, seed: int) -> np.ndarray:
    """Points about five places far apart."""
    draw = np.random.default_rng(seed)
    return 20.0 * draw.integers(0, 5, (count, 1)) + draw.normal(size=(count, 3))


def test_shares_that_differ_by_hand():
    # 30 of 100 and 20 of 100: pooled 0.25, error sqrt(0.25 * 0.75 / 50) = 0.0612, z = 1.63
    assert not differ(30, 100, 20, 100)
    # 35 of 100: pooled 0.275, error 0.0631, z = 2.38
    assert differ(35, 100, 20, 100)
    assert not differ(0, 50, 0, 80)
    assert math.isclose(0.1 / math.sqrt(0.25 * 0.75 / 50), 1.633, rel_tol=1e-3)


def test_alike_sets_fall_into_the_same_bins():
    bins = Bins(points(300, 0))
    assert len(bins) == 20
    assert bins.counts.sum() == 300
    assert bins.different(points(300, 1)) <= 3


def test_a_planted_collapse_differs_in_nearly_all_bins():
    bins = Bins(points(300, 0))
    one = np.repeat(points(1, 1), 300, axis=0)
    assert bins.different(one) >= 15


def test_few_points_have_few_bins():
    assert len(Bins(points(20, 0))) == 2
