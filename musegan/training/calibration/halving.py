"""Trying the middle of what levels may be, and then of that half where they should be."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from musegan.song import FloatArray
from musegan.training.calibration.audition import Audition

HALVINGS = 6

Switches = NDArray[np.bool_] | bool


def halve(
    low: FloatArray, high: FloatArray, too_low: Callable[[FloatArray], Switches], audition: Audition
) -> None:
    """Find where levels should be between `low` and `high`, all at once, in `HALVINGS` steps.

    Args:
        low: the least that each may be.
        high: the most.
        too_low: tries levels, and tells which of them have to be higher.
        audition: is told of the steps.
    """
    for _ in range(HALVINGS):
        middle = np.asarray((low + high) / 2)
        short = too_low(middle)
        low, high = np.where(short, middle, low), np.where(short, high, middle)
        audition.advance()


def scale_until(
    levels: Tensor, most: float, wanted: float, apart: Callable[[], float], audition: Audition
) -> None:
    """Scale learnt levels, at most so far, until tracks are no further apart than is wanted."""
    learnt = levels.clone()

    def too_far(times: FloatArray) -> Switches:
        if math.isnan(wanted):
            return False
        levels.copy_(learnt * float(times))
        return apart() > wanted

    halve(np.zeros(()), np.full((), most), too_far, audition)
