import math

import numpy as np
import torch

from musegan.training.calibration.halving import HALVINGS, halve, scale_until
from tests.training.toys import beside, together


def test_each_level_is_found_by_itself() -> None:
    wanted, tried = np.array([0.3, 2.0, 9.0]), []

    def too_low(middle: np.ndarray) -> np.ndarray:
        tried.append(middle)
        return middle < wanted

    halve(np.zeros(3), np.full(3, 4.0), too_low, beside(together(0)))
    assert len(tried) == HALVINGS
    # a level beyond what there is ends as near to it as may be
    assert np.abs(tried[-1] - [0.3, 2.0, 4.0]).max() <= 4 / 2**HALVINGS


def test_levels_are_scaled_together_until_tracks_are_near_enough() -> None:
    levels = torch.tensor([1.0, 3.0])
    scale_until(levels, 2.0, 1.0, lambda: 2.2 - float(levels[0]), beside(together(0)))
    assert abs(levels[0] - 1.2) <= 2 / 2**HALVINGS
    assert levels[1] == 3 * levels[0]


def test_levels_stay_as_learnt_where_nothing_is_wanted() -> None:
    levels = torch.tensor([1.0, 3.0])
    scale_until(levels, 2.0, math.nan, lambda: 0.0, beside(together(0)))
    assert levels.tolist() == [1.0, 3.0]
