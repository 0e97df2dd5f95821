import pytest
import torch
from torch import Tensor

from musegan.training.matching import Matching, Traits


def compare(matching: Matching, real: list[Traits], made: list[Traits], memory: float) -> Tensor:
    matching.remember([(real, made)], memory)
    return matching.pull(real, made)


def test_it_is_the_squared_distance_of_means_in_spreads():
    torch.manual_seed(0)
    real, made = torch.randn(6, 4, 3).double(), torch.randn(6, 4, 3).double() * 2
    total = 0.0
    for channel in range(3):
        everywhere = real[..., channel].flatten()
        spread = (everywhere - everywhere.mean()).square().sum() / (len(everywhere) - 1) + 1e-3
        for place in range(4):
            apart = made[:, place, channel].mean() - real[:, place, channel].mean()
            total += apart.item() ** 2 / spread.item()
    assert compare(Matching(), [Traits(real)], [Traits(made)], 0.9).item() == pytest.approx(
        total / 12
    )


def test_groups_add_up_by_weight_whatever_their_size():
    torch.manual_seed(0)
    one, other = torch.randn(5, 1, 2), torch.randn(5, 3, 40)
    alone = [compare(Matching(), [Traits(r)], [Traits(r + 1)], 0.9) for r in (one, other)]
    groups = [[Traits(one + add), Traits(other + add, 0.25)] for add in (0, 1)]
    torch.testing.assert_close(compare(Matching(), *groups, 0.9), alone[0] + 0.25 * alone[1])


def test_it_remembers_what_batches_before_were_like():
    matching = Matching()
    real = torch.randn(4, 1, 1, generator=torch.Generator().manual_seed(1))
    for apart in (1.0, 0.0, 0.0):
        compare(matching, [Traits(real)], [Traits(real + apart)], 0.9)
    assert matching.tensors["apart.0"].item() == pytest.approx(0.81)
    made = real.clone().requires_grad_()
    compare(matching, [Traits(real)], [Traits(made)], 0.9).backward()
    # this batch is all it should be, but those before were above: down
    assert (made.grad > 0).all()


def test_the_same_music_is_no_distance_apart():
    traits = [Traits(torch.rand(3, 4, 5)), Traits(torch.zeros(3, 1, 2))]
    assert compare(Matching(), traits, traits, 0.9) == 0
    assert compare(Matching(), traits, [Traits(t.values + 1) for t in traits], 0.9).isfinite()
