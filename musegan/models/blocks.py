"""The small pieces both networks are made of.

Tensors are (batch, time, octave, channel): what convolutions call channels-last, so nothing is
moved in memory between layers. The critic has no normalisation: residual branches start small
instead, after Huang et al., "The GAN is dead; long live the GAN! A Modern GAN Baseline" (R3GAN,
NeurIPS 2024), which keeps gradient penalties exact. The generator levels what it modulates.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SLOPE = 0.2
BRANCH_GAIN = 0.3


def activate(x: Tensor) -> Tensor:
    """Leaky ReLU."""
    return F.leaky_relu(x, SLOPE)


class Activation(nn.Module):
    """`activate` as a layer."""

    def forward(self, x: Tensor) -> Tensor:
        """Leaky ReLU."""
        return activate(x)


def linear(inputs: int, outputs: int, gain: float = 1.0) -> nn.Linear:
    """A linear layer over channels that keeps the variance of leaky ReLU inputs, times `gain`."""
    layer = nn.Linear(inputs, outputs)
    _scale(layer, gain)
    return layer


def leanings(labels: int, width: int) -> nn.Embedding:
    """Where each label pulls a critic's features, gently at first.

    Their product is part of the score: Miyato & Koyama, "cGANs with Projection Discriminator",
    ICLR 2018.
    """
    vectors = nn.Embedding(labels, width)
    nn.init.normal_(vectors.weight, std=0.1 * width**-0.5)
    return vectors


class Conv(nn.Conv2d):
    """A convolution over (time, octave) of (batch, time, octave, channel) tensors.

    Args:
        inputs: channels that come in.
        outputs: channels that go out.
        kernel: size along time and octaves.
        stride: likewise.
        padding: likewise.
        dilation: likewise.
        groups: of channels that do not hear each other.
        gain: scale of the first weights.
        loop: let the end of the phrase lead to its beginning, instead of silence to both.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: tuple[int, int],
        *,
        stride: tuple[int, int] = (1, 1),
        padding: tuple[int, int] = (0, 0),
        dilation: tuple[int, int] = (1, 1),
        groups: int = 1,
        gain: float = 1.0,
        loop: bool = False,
    ) -> None:
        around = padding[0] if loop else 0
        super().__init__(
            inputs,
            outputs,
            kernel,
            stride=stride,
            padding=(padding[0] - around, padding[1]),
            dilation=dilation,
            groups=groups,
        )
        self.around = around
        _scale(self, gain)
        # in the layout of the data, or oneDNN reorders the weights at every call
        self.weight.data = self.weight.data.contiguous(memory_format=torch.channels_last)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, time, octave, inputs) -> (batch, time', octave', outputs)."""
        if self.around:
            x = torch.cat([x[:, -self.around :], x, x[:, : self.around]], 1)
        return super().forward(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


def neighbours(inputs: int, outputs: int, groups: int = 1, loop: bool = False) -> Conv:
    """A 3 × 3 convolution."""
    return Conv(inputs, outputs, (3, 3), padding=(1, 1), groups=groups, loop=loop)


def across_bars(width: int, per_bar: int, groups: int = 1, loop: bool = False) -> Conv:
    """A convolution over the same place of the bar before, this one and the next.

    Songs repeat themselves from bar to bar; this lets a layer compare and copy bars directly.
    """
    return Conv(
        width,
        width,
        (3, 1),
        padding=(per_bar, 0),
        dilation=(per_bar, 1),
        groups=groups,
        loop=loop,
    )


class ResidualBlock(nn.Module):
    """Local 3 × 3 convolution, a look across bars, and back; shapes stay as they are.

    Args:
        width: channels.
        per_bar: places along time in one bar.
        context: length of the vector that levels and modulates each bar, 0 for none.
        groups: convolution groups; each group has its own context vector.
        loop: let the end of the phrase lead to its beginning. No bar is then set apart by where it
            stands, so bars differ only as far as something makes them.
    """

    def __init__(
        self, width: int, per_bar: int, context: int = 0, groups: int = 1, loop: bool = False
    ) -> None:
        super().__init__()
        self.groups = groups
        self.local = neighbours(width, width, groups, loop)
        self.bars = across_bars(width, per_bar, groups, loop)
        self.out = Conv(width, width, (1, 1), groups=groups, gain=BRANCH_GAIN)
        self.modulation = linear(context, 2 * width // groups, 0.5) if context else None

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        """Run the block.

        Args:
            x: (batch, time, octave, width).
            context: (batch, bars, groups, context) if the block was made with one.
        """
        if self.modulation is not None and context is not None:
            h = modulate(level(x, self.groups), self.modulation(context))
        else:
            h = x
        h = activate(h)
        h = activate(self.local(h))
        h = activate(h + self.bars(h))
        branch: Tensor = self.out(h)
        return x + branch


def level(x: Tensor, groups: int = 1) -> Tensor:
    """Bring each place of each group of channels to a root mean square of 1.

    Without it a generator's logits drift so far from 0 that binary outputs pass no gradient.
    """
    grouped = x.unflatten(3, (groups, -1))
    return F.rms_norm(grouped, grouped.shape[-1:], eps=1e-6).flatten(3)


def modulate(h: Tensor, film: Tensor) -> Tensor:
    """Scale and shift each channel bar by bar (FiLM, Perez et al. 2018).

    Args:
        h: (batch, bars × n, octave, groups × w).
        film: (batch, bars, groups, 2 w): scale - 1, then shift.
    """
    scale, shift = (half.flatten(2)[:, :, None, None] for half in film.chunk(2, dim=3))
    by_bar = h.unflatten(1, (film.shape[1], -1))
    return torch.addcmul(shift, by_bar, 1 + scale).flatten(1, 2)


def _scale(layer: nn.Conv2d | nn.Linear, gain: float) -> None:
    nn.init.kaiming_normal_(layer.weight, a=SLOPE)
    with torch.no_grad():
        layer.weight.mul_(gain)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
