import math

import numpy as np
import pytest

from musegan.evaluation.distances import ABSENT, features, frechet_distance, standardised_difference

NAN = math.nan


def column(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


REFERENCE = {
    "density/bass": column(*[1, 3] * 5, NAN),  # mean 2, spread 1
    "density/piano": column(*[4] * 11),  # no spread
    "note_length/piano": column(*[0, 10] * 5, 5),  # mean 5
    "note_length/bass": column(*[1] * 9, NAN, NAN),  # too few
}


def test_differences_are_in_units_of_the_reference_spread():
    measured = {
        "density/bass": column(NAN, 2, 7),
        "density/piano": column(4.02, 4.02, 4.02),
        "note_length/piano": column(5, 5, 5),
        "note_length/bass": column(9, 9, 9),
    }
    got = standardised_difference(measured, REFERENCE)
    assert [c.name for c in got.columns] == ["density/bass", "density/piano", "note_length/piano"]
    assert [c.difference for c in got.columns] == pytest.approx([2.5, 0.5, 0])
    assert got.columns[0].measured == 4.5
    assert got.columns[0].reference == 2
    assert got.columns[0].spread == 1
    assert got.left_out == ("note_length/bass",)
    assert got.mean == pytest.approx(1)
    assert got.by_metric() == pytest.approx({"density": 1.5, "note_length": 0})


def test_a_reference_is_no_way_from_itself():
    assert standardised_difference(REFERENCE, REFERENCE).mean == 0


def test_a_track_that_never_plays_counts():
    silent = dict(REFERENCE, **{"density/bass": column(NAN, NAN)})
    got = standardised_difference(silent, REFERENCE)
    assert got.columns[0].difference == ABSENT
    assert math.isnan(got.columns[0].measured)
    assert got.mean == pytest.approx(ABSENT / 3)


def test_nothing_to_compare():
    few = {"density/bass": column(1, 2)}
    assert math.isnan(standardised_difference(few, few).mean)


def test_other_columns_are_an_error():
    with pytest.raises(ValueError, match="different ensembles"):
        standardised_difference({"density/bass": column(1)}, REFERENCE)


def test_features_are_standardised_and_finite():
    measured = {
        "density/bass": column(2, NAN, 4),
        "density/piano": column(4, 4.04, 9),
        "note_length/piano": column(5, 5, 5 - 2 * math.sqrt(250 / 11)),
        "note_length/bass": column(9, 9, 9),
    }
    assert features(measured, REFERENCE) == pytest.approx(
        np.array([[0, 0, 0], [0, 1, 0], [2, 10, -2]])
    )


def test_features_of_nothing_comparable_have_no_columns():
    few = {"density/bass": column(1, 2)}
    assert features(few, few).shape == (2, 0)


def test_frechet_distance_by_hand():
    # variances (n - 1) 4 and 1, means 0 and 3: 3² + 4 + 1 - 2 sqrt(4 · 1)
    one, other = np.array([[-2.0], [0], [2]]), np.array([[2.0], [3], [4]])
    assert frechet_distance(one, other) == pytest.approx(10)


def test_frechet_distance_of_correlated_points():
    # along (1, 1) the variance is 2 and nought across; the other is its mirror along (1, -1):
    # nothing shared, so the traces add up
    one = np.array([[-1.0, -1], [0, 0], [1, 1]])
    other = one * [1, -1]
    assert frechet_distance(one, other) == pytest.approx(4)
    assert frechet_distance(one, one) == pytest.approx(0, abs=1e-7)


def test_frechet_distance_with_fewer_points_than_columns():
    points = np.random.default_rng(0).normal(size=(5, 40))
    assert frechet_distance(points, points) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(points, points + 1) == pytest.approx(40)
