import pytest
import torch
from torch import Tensor

from musegan.models.habits.repeats import NOWHERE, likeness, nearest, sources


def bars(*rows: str) -> Tensor:
    """(1, 1, bars, places) bool of words such as x..x."""
    return torch.tensor([[[[place == "x" for place in row] for row in rows]]])


MADE = torch.ones(1, 1, 4, dtype=torch.bool)


def test_likeness_of_hand_counted_bars() -> None:
    like = likeness(bars("xx..", "x.x.", "....", "xx.."))[0, 0]
    assert like.tolist() == [
        pytest.approx(row)
        for row in ([1, 1 / 3, 0, 1], [1 / 3, 1, 0, 1 / 3], [0, 0, 0, 0], [1, 1 / 3, 0, 1])
    ]


def test_made_bars_look_back_and_at_given_ones() -> None:
    like = likeness(bars("xx..", "x.xx", "xx..", "x.x."))
    found, other = nearest(like, MADE)
    assert found[0, 0].tolist() == pytest.approx([-1, 1 / 4, 1, 2 / 3])
    assert other[0, 0, 1:].tolist() == [0, 0, 1]
    free = MADE.clone()
    free[0, 0, 3] = False  # the last is given, so the second may look ahead
    found, other = nearest(like, free)
    assert found[0, 0].tolist() == pytest.approx([1 / 3, 2 / 3, 1, -1])
    assert other[0, 0, :3].tolist() == [3, 3, 0]


def test_bars_take_after_the_first_of_those_that_take_after_each_other() -> None:
    like = likeness(bars("xxxx.", "xxx..", "xx...", "....x"))
    assert sources(like, MADE, torch.tensor([0.6]))[0, 0].tolist() == [0, 0, 0, 3]
    assert sources(like, MADE, torch.tensor([0.7]))[0, 0].tolist() == [0, 0, 2, 3]
    assert sources(like, MADE, torch.tensor([NOWHERE]))[0, 0].tolist() == [0, 1, 2, 3]


def test_given_bars_take_after_none() -> None:
    like = likeness(bars("xx", "xx", "xx", "xx"))
    assert sources(like, ~MADE, torch.zeros(1))[0, 0].tolist() == [0, 1, 2, 3]
