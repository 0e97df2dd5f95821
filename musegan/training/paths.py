"""Path-length regularisation: every step of a style moves what is made equally far.

Karras et al., "Analyzing and improving the image quality of StyleGAN", CVPR 2020.
"""

from __future__ import annotations

from torch import Tensor

from musegan.training.ranks import Ranks
from musegan.training.running import Running


class Paths(Running):
    """The usual length of a path: `mean`, 0-d."""

    def remember(self, lengths: Tensor, memory: float, ranks: Ranks) -> None:
        """Take in lengths (batch,); `memory` is the share of what was usual that stays."""
        (now,) = ranks.mean([lengths.detach().mean()])
        self.blend("mean", now, memory)

    def pull(self, lengths: Tensor) -> Tensor:
        """Mean squared distance of lengths (batch,) from what is usual, a scalar."""
        return (lengths - self.tensors["mean"]).square().mean()
