import math

import numpy as np
import pytest

from musegan.evaluation.overlap import CELLS, density, distance_overlap, feature_overlap


def normal(mean: float, spread: float, count: int = 300, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(mean, spread, count)


def test_density_of_one_distance_is_a_narrow_hill():
    masses = density(np.array([2.0] * 50), 4.0)
    assert masses.sum() == pytest.approx(1)
    assert masses.argmax() == CELLS // 2
    assert masses[CELLS // 2 - 4 : CELLS // 2 + 5].sum() > 0.99


def test_density_near_nought_is_reflected():
    uniform = np.linspace(0, 1, 4000)
    assert density(uniform, 1.0)[: CELLS // 10] * CELLS == pytest.approx(1, abs=0.05)


def test_overlap_of_two_point_distances_by_hand():
    # the reference: 100 noughts and 50 fours, so 5000 of its 11175 pairs lie 4 apart;
    # half the distances to it from as many noughts as fours do. Two hills, all but equally wide
    got = distance_overlap(np.array([4.0, 0] * 50), np.array([0, 0, 4.0] * 50))
    far = 5000 / 11175
    assert got.area == pytest.approx(far + 0.5, abs=5e-3)
    assert got.divergence == pytest.approx(
        far * math.log(far / 0.5) + (1 - far) * math.log((1 - far) / 0.5), abs=5e-3
    )


def test_alike_sets_overlap_and_strange_ones_do_not():
    real = normal(0, 1)
    alike = distance_overlap(normal(0, 1, seed=1), real)
    moved = distance_overlap(normal(3, 1, seed=1), real)
    narrow = distance_overlap(normal(0, 0.1, seed=1), real)
    assert alike.area > 0.93 > narrow.area > moved.area
    assert alike.divergence < 0.05 < narrow.divergence < moved.divergence


def test_constant_columns_overlap_wholly():
    got = distance_overlap(np.full(9, 2.0), np.full(5, 2.0))
    assert (got.area, got.divergence) == (1, 0)


def test_columns_without_two_values_are_left_out():
    reference = {"density/bass": normal(0, 1), "density/piano": normal(0, 1)}
    measured = {"density/bass": normal(0, 1, 2000), "density/piano": np.array([1, np.nan])}
    assert list(feature_overlap(measured, reference)) == ["density/bass"]
