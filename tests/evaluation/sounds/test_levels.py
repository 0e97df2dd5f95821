from dataclasses import replace

import numpy as np
import pytest

from musegan.evaluation.sounds.levels import COEFFICIENTS, levels_of, statistics, traits
from tests.evaluation.sounds.hands import sounds_of


def test_levels_are_decibels():
    sounds = sounds_of([("flute", 81)])
    loud = levels_of(sounds)
    soft = levels_of(replace(sounds, samples=sounds.samples // 10))
    heard = loud[0, :, 10:20] > -40
    assert (loud - soft)[0, :, 10:20][heard] == pytest.approx(20, abs=0.6)
    assert loud.max() < 0
    assert loud.min() >= -80


def test_statistics_of_two_bands_by_hand():
    levels = np.array([[[-80, -40], [-10, -10]]], np.float32)
    assert statistics(levels).tolist() == [[-60, -10, 20, 0]]


def parts(levels: np.ndarray) -> np.ndarray:
    """(seven kinds of traits, coefficients) of one sound."""
    return traits(levels[None]).reshape(7, COEFFICIENTS)


def test_a_steady_sound_is_told_by_its_spectrum_alone():
    bands = 64
    slope = np.cos(np.pi * (np.arange(bands) + 0.5) / bands)
    steady = np.repeat(slope[:, None], 32, axis=1).astype(np.float32)
    mean, spread, restless, *means = parts(steady)
    # the rows of the transform are orthogonal: one wave over the bands is one coefficient
    assert mean == pytest.approx([0, np.sqrt(bands / 2), *[0] * (COEFFICIENTS - 2)], abs=1e-4)
    assert spread == pytest.approx(0, abs=1e-5)
    assert restless == pytest.approx(0, abs=1e-5)
    assert np.array(means) == pytest.approx(np.tile(mean, (4, 1)), abs=1e-4)


def test_how_a_sound_begins_has_parts_of_its_own():
    begins = np.zeros((64, 32), np.float32)
    begins[:, :2] = 1
    mean, spread, restless, *means = parts(begins)
    whole = means[0][0]
    assert [part[0] / whole for part in means] == pytest.approx([1, 0, 0, 0])
    assert mean[0] / whole == pytest.approx(2 / 32)
    assert spread[0] / whole == pytest.approx(np.sqrt(30 * 2) / 32)
    assert restless[0] / whole == pytest.approx(1 / 31)
