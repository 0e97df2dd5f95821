import math

import pytest

from musegan.errors import MuseganError
from musegan.training.guards import SEASON, STRIKES, DivergenceError, Guard


def seasoned(level: float = 2.0) -> Guard:
    guard = Guard()
    for step in range(SEASON):
        guard.look(step, {"critic/gradient": level, "critic/real": 0.0})
    return guard


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_scalar_that_is_no_number_is_a_divergence_at_once(value):
    words = rf"diverged by step 7 \(critic/r1 is {value}\); .*lower the rates"
    with pytest.raises(MuseganError, match=words):
        Guard().look(7, {"critic/loss": 0.5, "critic/r1": value})


def test_far_more_than_usual_is_a_divergence_at_the_third_look():
    guard = seasoned()
    for strike in range(1, STRIKES):
        guard.look(50, {"critic/gradient": 2001.0})
        assert guard.strikes == strike
        assert not guard.calm
    with pytest.raises(DivergenceError, match=r"critic/gradient is 2e.03, usually 2"):
        guard.look(51, {"critic/gradient": 2001.0})


def test_a_spike_passes():
    guard = seasoned()
    for value in (9e9, 9e9, 2.0, 9e9, 9e9, 1999.0):
        guard.look(50, {"critic/gradient": value})
    assert guard.calm


def test_what_grows_step_by_step_is_followed():
    guard = seasoned(1e-6)
    for step in range(400):
        guard.look(step, {"critic/gradient": 1e-6 * 1.1**step, "generator/loss": -(1.1**step)})
    assert guard.calm


def test_scores_may_be_anything_finite():
    guard = seasoned()
    for _ in range(STRIKES):
        guard.look(50, {"critic/real": 1e30})
    assert guard.calm


def test_at_first_nothing_is_usual():
    guard = Guard()
    for step in range(SEASON):
        guard.look(step, {"generator/gradient": 1e-9 if step < 5 else 1e9})
    assert guard.calm


def test_rates_are_halved_by_each_rollback():
    assert [Guard(rollbacks=times).rate for times in range(3)] == [1, 0.5, 0.25]


def test_it_comes_back_from_json():
    guard = seasoned()
    guard.rollbacks, guard.strikes = 2, 1
    assert Guard.from_json(guard.to_json()) == guard
