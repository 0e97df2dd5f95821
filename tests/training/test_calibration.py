import numpy as np
import pytest
import torch

from musegan.models.generator import Generator
from musegan.models.latents import LatentSizes
from musegan.models.patches import PatchLayout
from musegan.pianoroll import Grid, Phrases
from musegan.training.calibration import calibrate, measure_levels
from musegan.training.sampling import sample_phrases

GRID = Grid(4, 3)


def phrases() -> Phrases:
    """Sixteen phrases: 8 short hits on track 0, 3 notes of 4 steps on track 1."""
    hits = [(0, 3 * i, 1, 36 + i % 3, 60 + 10 * (i % 2)) for i in range(8)]
    held = [(1, 6 * i, 4, 60 + i, 100) for i in range(3)]
    return Phrases.of([hits + held] * 16, GRID, 2)


def generator() -> Generator:
    torch.manual_seed(0)
    layout = PatchLayout(GRID, 2, 2)
    return Generator(layout, LatentSizes(4, 4, 4, 4), 1, 8, 4, 1, 1, 8)


def test_levels_of_hand_counted_phrases() -> None:
    levels = measure_levels(phrases(), 3)
    assert levels.notes.tolist() == [8, 3, 0]
    assert levels.length[:2].tolist() == [1, 4]
    assert levels.accent[1] == pytest.approx(np.log(100 / 27))
    low, high = np.log(60 / 67), np.log(70 / 57)
    assert levels.accent[0] == pytest.approx((low + high) / 2)
    assert levels.accent_spread[0] == pytest.approx((high - low) / 2)
    assert levels.accent_spread[1] == pytest.approx(0)
    assert np.isnan(levels.length[2])


def test_calibrated_samples_have_the_number_and_length_of_real_notes() -> None:
    made, real = generator(), phrases()
    before = sample_phrases(made, real, 128, seed=3)
    calibrate(made, real, seed=5)
    after = sample_phrases(made, real, 128, seed=3)
    wanted = measure_levels(real, 2)

    def off(sample: Phrases) -> float:
        return float(np.abs(np.log(measure_levels(sample, 2).notes / wanted.notes)).max())

    assert off(before) > 1
    assert off(after) < 0.3
    lengths = measure_levels(after, 2).length
    assert lengths == pytest.approx(wanted.length, rel=0.35)


def test_calibration_is_the_same_for_the_same_seed() -> None:
    one, other = generator(), generator()
    calibrate(one, phrases(), seed=5)
    calibrate(other, phrases(), seed=5)
    assert torch.equal(one.head.weight, other.head.weight)
    assert torch.equal(one.head.bias, other.head.bias)
