"""Bars that take up what another bar of their track plays: riffs, and bars that come again.

Bars are decoded one by one, so a bass whose bars are meant alike places a note here and there
otherwise, where real ones play the same rhythm to the step. A bar that is as like another as only
bars that are meant alike takes after it.
"""

from __future__ import annotations

import torch
from torch import Tensor

NOWHERE = 2.0  # no two bars are so alike


def likeness(begun: Tensor) -> Tensor:
    """How much of what begins in either of two bars begins in both, (batch, tracks, bars, bars).

    The Jaccard index of their onsets, 0 for silent bars.

    Args:
        begun: (batch, tracks, bars, places) bool, where notes begin.
    """
    there = begun.float()
    both = there @ there.transpose(2, 3)
    count = there.sum(3)
    return both / (count[..., None, :] + count[..., None] - both).clamp(min=1)


def nearest(like: Tensor, free: Tensor) -> tuple[Tensor, Tensor]:
    """How like each made bar is to that one, before it or given, to which it is most; and which.

    Args:
        like: (batch, tracks, bars, bars) likeness.
        free: (batch, tracks, bars) bool, the bars that are made.

    Returns:
        Two tensors (batch, tracks, bars): likeness, -1 where there is no other; and its bar.
    """
    bars = like.shape[3]
    earlier = torch.ones(bars, bars, dtype=torch.bool, device=like.device).tril(-1)
    other = (earlier | ~free[..., None, :]) & free[..., None]
    return like.masked_fill(~other, -1.0).max(3)


def sources(like: Tensor, free: Tensor, least: Tensor) -> Tensor:
    """The bar that each bar takes after, (batch, tracks, bars) int64; itself where it does not.

    Args:
        like: see `nearest`.
        free: see `nearest`.
        least: (tracks,) how like another bar one has to be.
    """
    found, other = nearest(like, free)
    source = torch.arange(like.shape[3], device=like.device).expand(free.shape).clone()
    for bar in range(like.shape[3]):
        # what it takes after may itself take after another
        first = source.gather(2, other[..., bar : bar + 1])[..., 0]
        source[..., bar] = torch.where(found[..., bar] >= least, first, source[..., bar])
    return source
