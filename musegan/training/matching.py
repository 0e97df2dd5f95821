"""Feature matching on averages that outlive a batch.

Salimans et al., "Improved techniques for training GANs", 2016: the generator is also pulled towards
the mean traits of real music. A batch is too small to tell a mean from chance, so what is compared
is a running average of the difference; gradients reach the generator through its latest batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from musegan.training.ranks import ALONE, Ranks
from musegan.training.running import Running

LEAST_SPREAD = 1e-3  # added to variances: of traits all but constant, no small miss counts


class Traits(NamedTuple):
    """Traits of music that are compared together.

    Attributes:
        values: (batch, places, channels).
        weight: how much their mean counts.
    """

    values: Tensor
    weight: float = 1.0


class Matching(Running):
    """Running averages of how real and made music differ.

    Of trait i, `apart.i` (places, channels), the mean of made - real, and `variance.i` (channels,),
    that of real music.
    """

    def remember(
        self,
        heard: Sequence[tuple[list[Traits], list[Traits]]],
        memory: float,
        ranks: Ranks = ALONE,
    ) -> None:
        """Take in a batch, given in parts of equal size, and all ranks' batches with it.

        Args:
            heard: for each part, groups of traits of real music and the same of music made to the
                same wishes, which cancels much of the chance.
            memory: share of the running averages that stays; 0 compares the batch alone.
            ranks: the processes whose batches are one.
        """
        groups = range(len(heard[0][0]))
        real = [torch.cat([part[0][group].values for part in heard]) for group in groups]
        made = [torch.cat([part[1][group].values.detach() for part in heard]) for group in groups]
        apart = ranks.mean([(m - r).mean(0) for r, m in zip(real, made, strict=True)])
        middle = ranks.mean([r.mean((0, 1)) for r in real])
        around = zip(real, middle, strict=True)
        spread = ranks.mean([(r - m).square().mean((0, 1)) for r, m in around])
        for group in groups:
            count = ranks.count * real[group][..., 0].numel()
            variance = spread[group] * (count / max(count - 1, 1))
            self.blend(f"apart.{group}", apart[group], memory)
            self.blend(f"variance.{group}", variance, memory)

    def pull(self, real: list[Traits], made: list[Traits]) -> Tensor:
        """Mean squared differences in units of the real spread, summed over groups by weight.

        Returns:
            A scalar of what is remembered, with the gradient of the given traits.
        """
        parts = []
        for group, ((r, weight), (m, _)) in enumerate(zip(real, made, strict=True)):
            apart = (m - r).mean(0)
            # the value of the average, the gradient of the batch
            through = self.tensors[f"apart.{group}"] + (apart - apart.detach())
            variance = self.tensors[f"variance.{group}"]
            parts.append(weight * (through.square() / (variance + LEAST_SPREAD)).mean())
        return torch.stack(parts).sum()
