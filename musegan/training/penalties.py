"""Regularisers of the critic: how steep its score may be.

Every function takes the critic's score function, real and made inputs (batch, ...) and random
numbers, and returns a scalar that the recipe weighs.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from musegan.training.chance import Chance

Score = Callable[[Tensor], Tensor]
Penalty = Callable[[Score, Tensor, Tensor, Chance], Tensor]


def squared_slopes(score: Score, inputs: Tensor) -> Tensor:
    """Squared norm of the gradient of each score by its input, (batch,), differentiable."""
    inputs = inputs.detach().requires_grad_()
    (slope,) = torch.autograd.grad(score(inputs).sum(), inputs, create_graph=True)
    return slope.square().flatten(1).sum(1)


def r1(score: Score, real: Tensor, made: Tensor, random: Chance) -> Tensor:
    """Half the mean squared slope at real inputs (Mescheder et al., ICML 2018)."""
    return squared_slopes(score, real).mean() / 2


def r2(score: Score, real: Tensor, made: Tensor, random: Chance) -> Tensor:
    """Half the mean squared slope at made inputs (Mescheder et al., ICML 2018)."""
    return squared_slopes(score, made).mean() / 2


def two_sided(score: Score, real: Tensor, made: Tensor, random: Chance) -> Tensor:
    """Distance of the slope from 1 between real and made (Gulrajani et al., NeurIPS 2017)."""
    return (_slope_between(score, real, made, random) - 1).square().mean()


def one_sided(score: Score, real: Tensor, made: Tensor, random: Chance) -> Tensor:
    """Excess of the slope over 1 between real and made (Petzka et al., ICLR 2018)."""
    return (_slope_between(score, real, made, random) - 1).clamp(min=0).square().mean()


def _slope_between(score: Score, real: Tensor, made: Tensor, random: Chance) -> Tensor:
    share = random.uniform(*(1,) * (real.dim() - 1)).to(real)
    # a root has no slope at 0, where a critic may well start
    return (squared_slopes(score, torch.lerp(real, made, share)) + 1e-12).sqrt()


def clip_weights(critic: nn.Module, most: float) -> None:
    """Bring all weights to -most..most (Arjovsky et al., "Wasserstein GAN", 2017), in place.

    The bluntest way to keep scores from being ever steeper, and no loss has a part in it.
    """
    with torch.no_grad():
        torch._foreach_clamp_min_(list(critic.parameters()), -most)
        torch._foreach_clamp_max_(list(critic.parameters()), most)


PENALTIES: dict[str, Penalty] = {
    "r1": r1,
    "r2": r2,
    "two_sided": two_sided,
    "one_sided": one_sided,
}
