"""Feature matching on averages that outlive a batch.

Salimans et al., "Improved techniques for training GANs", 2016: the generator is also pulled towards
the mean traits of real music. A batch is too small to tell a mean from chance, so what is compared
is a running average of the difference; gradients reach the generator through its latest batch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor

LEAST_SPREAD = 1e-3  # added to variances: of traits all but constant, no small miss counts


class Traits(NamedTuple):
    """Traits of music that are compared together.

    Attributes:
        values: (batch, places, channels).
        weight: how much their mean counts.
    """

    values: Tensor
    weight: float = 1.0


@dataclass
class Matching:
    """Running averages of how real and made music differ.

    Attributes:
        tensors: for trait i, `apart.i` (places, channels), the mean of made - real, and
            `variance.i` (channels,), that of real music; none before the first step.
    """

    tensors: dict[str, Tensor] = field(default_factory=dict)

    def __call__(self, real: list[Traits], made: list[Traits], memory: float) -> Tensor:
        """Mean squared differences in units of the real spread, summed over groups by weight.

        Args:
            real: groups of traits of real music.
            made: the same of music made to the same wishes, which cancels much of the chance.
            memory: share of the running averages that stays; 0 compares the batch alone.

        Returns:
            A scalar; the batch is remembered, and its gradient is that of the running average.
        """
        parts = []
        for index, ((r, weight), (m, _)) in enumerate(zip(real, made, strict=True)):
            apart = (m - r).mean(0)
            smooth = self._remember(f"apart.{index}", apart.detach(), memory)
            variance = self._remember(f"variance.{index}", r.var(dim=(0, 1)), memory)
            # the value of the average, the gradient of the batch
            through = smooth + (apart - apart.detach())
            parts.append(weight * (through.square() / (variance + LEAST_SPREAD)).mean())
        return torch.stack(parts).sum()

    def _remember(self, name: str, now: Tensor, memory: float) -> Tensor:
        before = self.tensors.get(name, now)
        self.tensors[name] = torch.lerp(now, before, memory)
        return self.tensors[name]
