"""What critic and generator strive for, as functions of the scores of real and made phrases.

Every function takes scores (batch,) and returns a scalar to minimise. Scores are never squashed:
where a paper has a sigmoid, its logarithm is taken here, so a score is a logit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor
from torch.nn import functional as F


class Loss(NamedTuple):
    """A pair of objectives, both functions of (real scores, made scores).

    Attributes:
        critic: what the critic lowers.
        generator: what the generator lowers.
        paired: whether the generator's depends on the real scores at all.
        steep: whether the critic gains by ever steeper scores, so that something must hold them.
        odds: whether scores are the logits of chances of being real.
        middle: the score of what the critic takes for neither; None where only differences count.
    """

    critic: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor, Tensor], Tensor]
    paired: bool = False
    steep: bool = False
    odds: bool = False
    middle: float | None = 0.0


def entropy_critic(real: Tensor, made: Tensor) -> Tensor:
    """Goodfellow et al., "Generative adversarial nets", 2014: cross-entropy of real and made."""
    return F.softplus(-real).mean() + F.softplus(made).mean()


def minimax_generator(real: Tensor, made: Tensor) -> Tensor:
    """The zero-sum game of the same paper: lower the critic's chance of finding it out."""
    return -F.softplus(made).mean()


def non_saturating_generator(real: Tensor, made: Tensor) -> Tensor:
    """The paper's remedy for slopes that vanish: raise the chance of being taken for real."""
    return F.softplus(-made).mean()


def squares_critic(real: Tensor, made: Tensor) -> Tensor:
    """Mao et al., "Least squares GAN", 2017: real music is to score 1, made music 0."""
    return ((real - 1).square().mean() + made.square().mean()) / 2


def squares_generator(real: Tensor, made: Tensor) -> Tensor:
    """The same seen from the other side: made music is to score 1."""
    return (made - 1).square().mean() / 2


def wasserstein_critic(real: Tensor, made: Tensor) -> Tensor:
    """Arjovsky et al., "Wasserstein GAN", 2017: widen the gap between real and made."""
    return made.mean() - real.mean()


def raise_made(real: Tensor, made: Tensor) -> Tensor:
    """The generator of Wasserstein and hinge losses: raise the score of what was made."""
    return -made.mean()


def hinge_critic(real: Tensor, made: Tensor) -> Tensor:
    """Lim & Ye, "Geometric GAN", 2017: a margin of one on either side."""
    return F.relu(1 - real).mean() + F.relu(1 + made).mean()


def relativistic_critic(real: Tensor, made: Tensor) -> Tensor:
    """Jolicoeur-Martineau, "The relativistic discriminator", 2018: each real above its pair."""
    return F.softplus(made - real).mean()


def relativistic_generator(real: Tensor, made: Tensor) -> Tensor:
    """The same pairing seen from the other side."""
    return F.softplus(real - made).mean()


LOSSES = {
    "minimax": Loss(entropy_critic, minimax_generator, odds=True),
    "non_saturating": Loss(entropy_critic, non_saturating_generator, odds=True),
    "least_squares": Loss(squares_critic, squares_generator, middle=0.5),
    "wasserstein": Loss(wasserstein_critic, raise_made, steep=True, middle=None),
    "hinge": Loss(hinge_critic, raise_made),
    "relativistic": Loss(
        relativistic_critic, relativistic_generator, paired=True, steep=True, middle=None
    ),
}


def doubt(real: Tensor, share: float) -> Tensor:
    """What one-sided label smoothing adds to a critic's cross-entropy.

    Salimans et al., "Improved techniques for training GANs", 2016: real music is labelled
    1 - share. As (1 - s) softplus(-x) + s softplus(x) = softplus(-x) + s x, it costs in proportion
    to the score, so the critic is never sure without end.
    """
    return share * real.mean()


def sureness(loss: Loss, real: Tensor, made: Tensor) -> Tensor:
    """How surely the critic knows real music: the mean sign of its scores, -1..1.

    Karras et al., "Training generative adversarial networks with limited data", 2020, watch it to
    tell a critic that learns its examples by heart. Where only differences of scores count, real
    ones are held against made ones.
    """
    return (real - (made if loss.middle is None else loss.middle)).sign().mean()
