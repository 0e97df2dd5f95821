import pytest
import torch

from musegan.models.planned import PhraseGenerator
from musegan.pianoroll import Phrases
from musegan.training.calibration.levels import calibrate
from tests.models.toys import DUO
from tests.training.toys import DUET, SHORT, duettists, hits_and_held, rolls, together


def test_bars_of_a_track_that_repeats_are_made_alike_and_others_are_not() -> None:
    loop = [(0, bar + 3 * i, 1, 36 + i, 90) for bar in (0, 12) for i in range(4)]
    tune = [(1, 3 * i, 2, 50 + i, 90) for i in range(8)]
    made = rolls(0.0)
    calibrate(made, Phrases.of([loop + tune] * 8, SHORT, 2), DUO, seed=5)
    steady, free = made.track_spread.tolist()
    assert steady < 0.1 < 10 < free


def test_calibration_is_the_same_for_the_same_seed() -> None:
    one, other = rolls(), rolls()
    calibrate(one, hits_and_held(), DUO, seed=5)
    calibrate(other, hits_and_held(), DUO, seed=5)
    assert torch.equal(one.head.weight, other.head.weight)
    assert torch.equal(one.head.bias, other.head.bias)


@pytest.mark.parametrize(
    ("made", "steps"), [(rolls(), 7), (duettists(), 5 * 6 + 2 * 1 + 1 + 8 + 7 + 9 + 1)]
)
def test_every_step_of_a_calibration_is_told_once(made: PhraseGenerator, steps: int) -> None:
    told: list[tuple[int, int]] = []

    def heard(step: int, steps: int) -> None:
        told.append((step, steps))

    calibrate(made, together(4), DUET, 5, heard=heard)
    assert told == [(step, steps) for step in range(1, steps + 1)]
