import pytest
import torch
from torch import nn

from musegan.training.chance import Chance
from musegan.training.game import Game
from musegan.training.making import in_parts, join, mean_told
from musegan.training.ranks import ALONE
from musegan.training.state import State, new_state

from .corpus import toy_recipe
from .test_step import POINTS, Pair

ROWS = 4


def state(generator: nn.Module) -> State[nn.Module, nn.Module]:
    return new_state(generator, nn.Linear(2, 1), toy_recipe())


def batch() -> Pair:
    random = torch.Generator().manual_seed(0)
    return Pair(torch.randn(ROWS, 2, generator=random), torch.randn(ROWS, 3, generator=random))


@pytest.mark.parametrize("parts", [1, 2, 4])
def test_parts_are_rows_in_order_with_what_is_made_of_them_and_their_own_chance(parts):
    whole, generator = batch(), nn.Linear(3, 2)
    chance = Chance(7, of=ROWS)
    drawn = Chance(7, of=ROWS).uniform(2)
    found = in_parts(Game(state(generator), POINTS, toy_recipe(accumulate=parts)), whole, chance)
    assert len(found) == parts
    assert torch.equal(torch.cat([part.batch.real for part in found]), whole.real)
    made = torch.cat([part.made for part in found])
    torch.testing.assert_close(made, generator(whole.noise))
    assert made.requires_grad
    assert torch.equal(torch.cat([part.chance.uniform(2) for part in found]), drawn)


def test_scalars_of_parts_are_told_by_their_means():
    heard = [{"loss": torch.tensor(1.0)}, {"loss": torch.tensor(4.0)}]
    assert mean_told(heard) == {"loss": torch.tensor(2.5)}
    assert mean_told(heard[:1]) is heard[0]


def test_the_norm_is_of_all_gradients_there_are():
    network = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    network[0].weight.grad = torch.tensor([[3.0]])
    network[1].bias.grad = torch.tensor([-4.0])
    assert join(network, ALONE).item() == pytest.approx(5)
