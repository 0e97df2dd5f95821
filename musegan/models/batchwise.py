"""Layers that look across a batch: they see mode collapse, or hold the scale of what they hear."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musegan.models.blocks import across_bars, neighbours

GROUP = 4  # rows whose variety is told together


class BatchNorm(nn.BatchNorm1d):
    """Batch normalisation (Ioffe & Szegedy, ICML 2015) of the last dimension's channels."""

    def forward(self, x: Tensor) -> Tensor:
        """(batch, ..., channels) of any number of dimensions, the shape kept."""
        return super().forward(x.flatten(0, -2)).view_as(x)


class PlainBlock(nn.Module):
    """A DCGAN layer twice: convolution, batch norm, ReLU; once 3 × 3, once across bars.

    Radford et al., "Unsupervised representation learning with deep convolutional GANs", ICLR 2016.
    Nothing is modulated: what varies came in with the picture.

    Args:
        width: channels.
        per_bar: places along time in one bar.
        context: not heard.
        groups: of channels that do not hear each other.
        loop: let the end of the phrase lead to its beginning.
    """

    def __init__(
        self, width: int, per_bar: int, context: int, groups: int = 1, loop: bool = False
    ) -> None:
        super().__init__()
        self.local = neighbours(width, width, groups, loop)
        self.local_norm = BatchNorm(width)
        self.bars = across_bars(width, per_bar, groups, loop)
        self.bars_norm = BatchNorm(width)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        """(batch, time, octave, width), the shape kept."""
        h = torch.relu(self.local_norm(self.local(x)))
        return torch.relu(self.bars_norm(self.bars(h)))


def deviation(x: Tensor, group: int = GROUP) -> Tensor:
    """How much the rows of a batch differ, (batch, 1), the same for all rows of a group.

    The minibatch standard deviation of Karras et al., "Progressive growing of GANs", ICLR 2018: of
    each feature over a group, then its mean over all features. A generator that always makes the
    same gives itself away.

    Args:
        x: (batch, ...); rows are grouped in order, all together if `group` does not divide them.
        group: rows a group.
    """
    rows = len(x)
    size = group if rows % group == 0 else rows
    grouped = x.reshape(rows // size, size, -1)
    # a root has no slope at 0, where rows that are alike would stand
    spread = (grouped.var(1, correction=0) + 1e-8).sqrt().mean(1)
    return torch.repeat_interleave(spread, size)[:, None]
