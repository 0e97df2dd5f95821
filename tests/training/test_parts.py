from dataclasses import dataclass
from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from musegan.training.parts import each_tensor, rows_of, split, tensors_of


class Pair(NamedTuple):
    one: Tensor
    other: Tensor


@dataclass(frozen=True)
class Batch:
    real: Tensor
    within: Pair
    name: str = "toy"


def batch(rows: int = 6) -> Batch:
    numbers = torch.arange(rows)
    return Batch(numbers, Pair(10 * numbers, torch.stack([numbers, -numbers], 1)))


def test_a_run_of_rows_is_taken_from_every_tensor_within():
    part = rows_of(batch(), range(2, 4))
    assert part.real.tolist() == [2, 3]
    assert part.within.one.tolist() == [20, 30]
    assert part.within.other.tolist() == [[2, -2], [3, -3]]
    assert part.name == "toy"


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_parts_are_the_batch_in_order(parts):
    found = split(batch(), parts, 6)
    assert len(found) == parts
    for index, whole in enumerate(tensors_of(batch())):
        assert torch.equal(torch.cat([tensors_of(part)[index] for part in found]), whole)


def test_every_tensor_is_changed_and_the_original_is_not():
    original = batch()
    changed = each_tensor((original, torch.ones(1)), lambda tensor: tensor + 1)
    assert changed[0].real.tolist() == [1, 2, 3, 4, 5, 6]
    assert changed[1].tolist() == [2]
    assert original.real[0] == 0
