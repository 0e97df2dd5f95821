import math

import pytest
import torch

from musegan.training.losses import LOSSES

REAL, MADE = [1.5, -0.25, 0.5, 3.0], [0.75, -2.0, -0.5, 1.25]
N = len(REAL)


def softplus(x: float) -> float:
    return math.log1p(math.exp(x))


BY_HAND = {
    "wasserstein": (
        sum(MADE) / N - sum(REAL) / N,
        -sum(MADE) / N,
    ),
    "hinge": (
        sum(max(0, 1 - r) for r in REAL) / N + sum(max(0, 1 + m) for m in MADE) / N,
        -sum(MADE) / N,
    ),
    "relativistic": (
        sum(softplus(m - r) for r, m in zip(REAL, MADE, strict=True)) / N,
        sum(softplus(r - m) for r, m in zip(REAL, MADE, strict=True)) / N,
    ),
}


def test_every_loss_is_checked_here():
    assert set(LOSSES) == set(BY_HAND)


@pytest.mark.parametrize("name", LOSSES)
def test_losses_are_their_formulas(name):
    real, made = torch.tensor(REAL).double(), torch.tensor(MADE).double()
    critic, generator = BY_HAND[name]
    assert LOSSES[name].critic(real, made).item() == pytest.approx(critic)
    assert LOSSES[name].generator(real, made).item() == pytest.approx(generator)


@pytest.mark.parametrize("name", LOSSES)
def test_a_generator_that_hears_no_real_scores_needs_none(name):
    made = torch.tensor(MADE)
    here, elsewhere = (LOSSES[name].generator(torch.full((N,), x), made) for x in (0.0, 1.0))
    assert (here != elsewhere) == LOSSES[name].paired


@pytest.mark.parametrize("name", LOSSES)
def test_critic_and_generator_pull_made_scores_apart(name):
    real = torch.tensor(REAL)
    pulls = []
    for objective in (LOSSES[name].critic, LOSSES[name].generator):
        made = torch.full((N,), 0.5, requires_grad=True)
        objective(real, made).backward()
        pulls.append(made.grad)
    assert (pulls[0] > 0).all()
    assert (pulls[1] < 0).all()
