"""Pieces of the networks that work on codes: (batch, bars, groups, channels) tensors.

A group is a track, or all of them together.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musegan.models.blocks import BRANCH_GAIN, SLOPE, activate, linear

NEARLY_NOTHING = 1e-6
RECALL_WIDTH = 32
SURE = 4.0  # how much surer a bar is of what it recalls than plain attention would be
OWN = 2.0  # first liking of a bar for its own idea


class TrackLinear(nn.Module):
    """A linear layer with weights of its own for each group.

    Args:
        inputs: channels that come in.
        outputs: channels that go out.
        groups: how many.
        gain: scale of the first weights.
    """

    def __init__(self, inputs: int, outputs: int, groups: int, gain: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(groups, inputs, outputs))
        self.bias = nn.Parameter(torch.zeros(groups, outputs))
        nn.init.normal_(self.weight, std=gain * (2 / (1 + SLOPE**2) / inputs) ** 0.5)

    def forward(self, x: Tensor) -> Tensor:
        """(..., groups, inputs) -> (..., groups, outputs)."""
        rows = x.flatten(0, -3).transpose(0, 1)
        said: Tensor = torch.baddbmm(self.bias[:, None], rows, self.weight)
        grouped: Tensor = said.transpose(0, 1).unflatten(0, x.shape[:-2])
        return grouped


class BarBlock(nn.Module):
    """A look at the bars before, here and after, and back; shapes stay as they are.

    Args:
        width: channels of a group.
        context: length of the vector that levels and modulates each bar, 0 for none.
        groups: that do not hear each other; each has a context vector of its own.
    """

    def __init__(self, width: int, context: int = 0, groups: int = 1) -> None:
        super().__init__()
        self.bars = TrackLinear(3 * width, width, groups)
        self.out = TrackLinear(width, width, groups, BRANCH_GAIN)
        self.modulation = linear(context, 2 * width, 0.5) if context else None

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        """Run the block.

        Args:
            x: (batch, bars, groups, width).
            context: (batch, bars, groups, context) if the block was made with one.
        """
        h = x
        if self.modulation is not None and context is not None:
            scale, shift = self.modulation(context).chunk(2, 3)
            h = F.rms_norm(h, h.shape[-1:], eps=NEARLY_NOTHING) * (1 + scale) + shift
        h = activate(h)
        silence = torch.zeros_like(h[:, :1])
        before = torch.cat([silence, h[:, :-1]], 1)
        after = torch.cat([h[:, 1:], silence], 1)
        h = activate(self.bars(torch.cat([before, h, after], 3)))
        branch: Tensor = self.out(h)
        return x + branch


class Recall(nn.Module):
    """Each bar of a group takes up an idea: its own, or one that another bar has.

    Attention (Vaswani et al., 2017) sharp enough to copy: songs repeat bars exactly, which noise of
    their own would never let them.

    Args:
        width: channels of a group.
        groups: that do not hear each other.
    """

    def __init__(self, width: int, groups: int) -> None:
        super().__init__()
        self.ask = TrackLinear(width, 2 * RECALL_WIDTH, groups)
        self.own = nn.Parameter(torch.full((groups,), OWN))

    def forward(self, x: Tensor, ideas: Tensor) -> Tensor:
        """Mix the ideas, mostly one for each bar.

        Args:
            x: (batch, bars, groups, width), what bars know.
            ideas: (batch, bars, groups, code); those that are 0 are not taken up.
        """
        asked, known = self.ask(x).transpose(1, 2).chunk(2, 3)
        liking = asked @ known.transpose(2, 3) * RECALL_WIDTH**-0.5
        liking = liking + self.own[:, None, None] * torch.eye(x.shape[1], device=x.device)
        none = (ideas == 0).all(3).transpose(1, 2)[:, :, None]
        share = (SURE * liking).masked_fill(none, -1e4).softmax(3)
        taken: Tensor = (share @ ideas.transpose(1, 2)).transpose(1, 2)
        return taken
