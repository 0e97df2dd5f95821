"""Layers that look across a batch: they see mode collapse, or hold the scale of what they hear."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musegan.models.blocks import across_bars, neighbours
from musegan.models.joined import is_joined, joined_mean

GROUP = 4  # rows whose variety is told together


class BatchNorm(nn.BatchNorm1d):
    """Batch normalisation (Ioffe & Szegedy, ICML 2015) of the last dimension's channels.

    The statistics are those of all processes that train together. PyTorch's own layer for that
    knows no second derivatives, which penalties need.
    """

    def forward(self, x: Tensor) -> Tensor:
        """(batch, ..., channels) of any number of dimensions, the shape kept."""
        if self.training and is_joined():
            return self._joined(x)
        return super().forward(x.flatten(0, -2)).view_as(x)

    def _joined(self, x: Tensor) -> Tensor:
        rows = x.flatten(0, -2)
        mean = joined_mean(rows.mean(0))
        variance = joined_mean((rows - mean).square().mean(0))
        count = len(rows) * torch.distributed.get_world_size()
        kept = ((self.running_mean, mean), (self.running_var, variance * (count / (count - 1))))
        with torch.no_grad():
            for usual, now in kept:
                if usual is not None:
                    usual.lerp_(now, self.momentum or 0.0)
            if self.num_batches_tracked is not None:
                self.num_batches_tracked.add_(1)
        level = (x - mean) * (variance + self.eps).rsqrt()
        return torch.addcmul(self.bias, level, self.weight)


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
