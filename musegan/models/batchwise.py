"""Layers that look across a batch: they see mode collapse, or hold the scale of what they hear."""

from __future__ import annotations

import torch
from torch import Tensor, nn

GROUP = 4  # rows whose variety is told together


class BatchNorm(nn.BatchNorm1d):
    """Batch normalisation (Ioffe & Szegedy, ICML 2015) of the last dimension's channels."""

    def forward(self, x: Tensor) -> Tensor:
        """(batch, ..., channels) of any number of dimensions, the shape kept."""
        return super().forward(x.flatten(0, -2)).view_as(x)


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
