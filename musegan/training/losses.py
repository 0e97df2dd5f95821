"""What critic and generator strive for, as functions of the scores of real and made phrases.

Every function takes scores (batch,) and returns a scalar to minimise.
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
    """

    critic: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor, Tensor], Tensor]
    paired: bool


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
    "wasserstein": Loss(wasserstein_critic, raise_made, paired=False),
    "hinge": Loss(hinge_critic, raise_made, paired=False),
    "relativistic": Loss(relativistic_critic, relativistic_generator, paired=True),
}
