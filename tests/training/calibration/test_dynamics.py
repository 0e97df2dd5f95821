import numpy as np
import pytest
import torch

from musegan.evaluation.events import Events
from musegan.training.calibration.dynamics import Dynamics, set_dynamics
from musegan.training.sampling import sample_phrases
from tests.training.toys import beside, hits_and_held, rolls


def test_dynamics_of_hand_counted_hits_and_held() -> None:
    dynamics = Dynamics.of(Events.of(hits_and_held(), 3))
    low, high = np.log(60 / 67), np.log(70 / 57)
    assert dynamics.mean[:2] == pytest.approx([(low + high) / 2, np.log(100 / 27)])
    assert dynamics.spread[:2] == pytest.approx([(high - low) / 2, 0])
    assert np.isnan(dynamics.mean[2])


def test_samples_are_as_loud_and_as_even_as_real_ones() -> None:
    made, real = rolls(0.0), hits_and_held()
    before = sample_phrases(made, real, 128, seed=3)
    set_dynamics(made, beside(real))
    after = sample_phrases(made, real, 128, seed=3)
    wanted, was, found = (Dynamics.of(Events.of(sample, 2)) for sample in (real, before, after))
    assert np.abs(was.mean - wanted.mean).max() > 0.5
    assert np.abs(found.mean - wanted.mean).max() < 0.05
    assert found.spread[0] == pytest.approx(wanted.spread[0], rel=0.1)
    assert found.spread[1] < was.spread[1]


def test_velocities_of_tracks_that_never_play_stay_as_learnt() -> None:
    made = rolls(-100.0)
    weight = made.head.weight.clone()
    set_dynamics(made, beside(hits_and_held()))
    assert torch.equal(made.head.weight, weight)
    assert (made.head.bias == -100).all()
