import pytest
import torch
from torch import Tensor, nn

from musegan.training.chance import Chance
from musegan.training.penalties import PENALTIES, clip_weights, squared_slopes

SLOPE = torch.tensor([[3.0, 0.0], [0.0, -4.0], [12.0, 0.0]]).double()  # of length 13
REAL = torch.arange(24.0).double().view(4, 3, 2)
MADE = torch.ones(4, 3, 2).double()


def numbers(seed: int = 0) -> Chance:
    return Chance(seed, of=4)


def normal(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0)).double()


def linear_score(x: Tensor) -> Tensor:
    return (x * SLOPE).sum((1, 2))


def curved_score(x: Tensor) -> Tensor:
    return (x.sin() * SLOPE).sum((1, 2)) + x.square().sum((1, 2))


LINEAR = {"r1": 13**2 / 2, "r2": 13**2 / 2, "two_sided": 12.0**2, "one_sided": 12.0**2}
FLAT = {"r1": 0.0, "r2": 0.0, "two_sided": 1.0, "one_sided": 0.0}


@pytest.mark.parametrize("kind", PENALTIES)
def test_a_linear_critic_has_the_penalty_of_its_one_slope(kind):
    value = PENALTIES[kind](linear_score, REAL, MADE, numbers())
    assert value.item() == pytest.approx(LINEAR[kind])


@pytest.mark.parametrize("kind", PENALTIES)
def test_a_flat_critic_is_only_blamed_where_slopes_must_be_one(kind):
    weight = torch.zeros((), dtype=torch.float64, requires_grad=True)
    value = PENALTIES[kind](lambda x: weight * linear_score(x), REAL, MADE, numbers())
    assert value.item() == pytest.approx(FLAT[kind], abs=1e-5)
    value.backward()
    assert weight.grad.isfinite()


def test_slopes_are_finite_differences():
    x = normal(2, 3, 2)
    far = 1e-6
    expected = torch.zeros(2).double()
    for row in range(3):
        for column in range(2):
            step = torch.zeros(3, 2).double()
            step[row, column] = far
            expected += ((curved_score(x + step) - curved_score(x - step)) / (2 * far)).square()
    torch.testing.assert_close(squared_slopes(curved_score, x), expected)


@pytest.mark.parametrize(("kind", "where"), [("r1", REAL), ("r2", MADE)])
def test_r1_looks_at_real_and_r2_at_made_music(kind, where):
    value = PENALTIES[kind](curved_score, REAL, MADE, numbers())
    torch.testing.assert_close(value, squared_slopes(curved_score, where).mean() / 2)


@pytest.mark.parametrize("kind", ["two_sided", "one_sided"])
def test_slopes_between_real_and_made_are_taken_at_random_points_of_their_lines(kind):
    shares = numbers(7).uniform(1, 1).double()
    points = REAL + shares * (MADE - REAL)
    excess = squared_slopes(curved_score, points).sqrt() - 1
    expected = (excess if kind == "two_sided" else excess.relu()).square().mean()
    torch.testing.assert_close(
        PENALTIES[kind](curved_score, REAL, MADE, numbers(7)), expected, rtol=1e-5, atol=0
    )
    other = PENALTIES[kind](curved_score, REAL, MADE, numbers(8))
    assert other != expected


def test_gentle_slopes_are_excused_on_one_side_alone():
    def gentle(x: Tensor) -> Tensor:
        return linear_score(x) / 26

    values = [PENALTIES[k](gentle, REAL, MADE, numbers()) for k in ("two_sided", "one_sided")]
    assert values[0].item() == pytest.approx(0.25)
    assert values[1] == 0


@pytest.mark.parametrize("kind", PENALTIES)
def test_penalties_can_be_descended(kind):
    def penalty(weight: Tensor) -> Tensor:
        return PENALTIES[kind](lambda x: curved_score(weight * x), REAL, MADE, numbers())

    weight = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(penalty(weight), weight)
    difference = (penalty(weight + 1e-6) - penalty(weight - 1e-6)).item() / 2e-6
    assert slope.item() == pytest.approx(difference, rel=1e-5)


def test_clipping_brings_far_weights_near_and_leaves_the_rest():
    critic = nn.Linear(3, 1)
    with torch.no_grad():
        critic.weight.copy_(torch.tensor([[-2.0, 0.03, 0.2]]))
        critic.bias.fill_(-0.01)
    clip_weights(critic, 0.1)
    assert critic.weight.tolist() == [pytest.approx([-0.1, 0.03, 0.1])]
    assert critic.bias.item() == pytest.approx(-0.01)
    assert critic.weight.requires_grad
