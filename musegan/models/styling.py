"""The pieces of StyleGAN2: modulated convolutions, noise in layers, mixed styles, path lengths.

Karras et al., "Analyzing and improving the image quality of StyleGAN", CVPR 2020.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musegan.models.blocks import Conv, across_bars, activate, linear, neighbours

GAIN = 2**0.5  # leaky ReLU loses about half the variance


class ModulatedConv(nn.Module):
    """A convolution whose weights are scaled by a style, and scaled back to keep the variance.

    Instead of weights for every bar, what comes in is scaled by the style, and what goes out by
    what that would have done to the variance of unit inputs: the same where bars do not meet.

    Args:
        conv: the convolution; its weights are what is modulated.
        context: length of the style vector.
    """

    def __init__(self, conv: Conv, context: int) -> None:
        super().__init__()
        self.conv = conv
        self.bias = nn.Parameter(torch.zeros(conv.out_channels))
        conv.bias = None  # what it adds is not to be scaled
        self.style = linear(context, conv.weight.shape[1], 0.5)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        """Run the convolution.

        Args:
            x: (batch, bars × n, octave, groups × inputs).
            context: (batch, bars, groups, context).

        Returns:
            (batch, bars × n, octave, outputs), of variance 1 where x has it.
        """
        style = 1 + self.style(context)
        # (batch, bars, groups, outputs)
        weight = self.conv.weight.unflatten(0, (self.conv.groups, -1))
        squares = weight.square().sum((3, 4))
        back = torch.einsum("goi,nbgi->nbgo", squares, style.square()).add(1e-8).rsqrt()
        bars = context.shape[1]
        scaled = x.unflatten(1, (bars, -1)) * style.flatten(2)[:, :, None, None]
        heard = self.conv(scaled.flatten(1, 2))
        made = heard.unflatten(1, (bars, -1)) * back.flatten(2)[:, :, None, None]
        biased: Tensor = made.flatten(1, 2) + self.bias
        return biased


class Noise(nn.Module):
    """Noise of a learnt loudness for each channel, one number a place.

    When played, each layer has noise of its own that is always the same.

    Args:
        width: channels.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.loudness = nn.Parameter(torch.zeros(width))
        self.seed: Tensor  # of the noise when played
        self.register_buffer("seed", torch.randint(2**31, ()))

    def forward(self, x: Tensor) -> Tensor:
        """(batch, time, octave, width), the shape kept."""
        if self.training:
            drawn = torch.randn((*x.shape[:3], 1), device=x.device)
        else:
            fixed = torch.Generator().manual_seed(int(self.seed))
            drawn = torch.randn((1, *x.shape[1:3], 1), generator=fixed).to(x.device)
        return x + self.loudness * drawn


class StyleBlock(nn.Module):
    """A modulated 3 × 3 convolution and one across bars, each with noise; shapes stay as they are.

    Args:
        width: channels.
        per_bar: places along time in one bar.
        context: length of the style vector of each bar.
        groups: convolution groups; each group has its own style.
        loop: let the end of the phrase lead to its beginning.
    """

    def __init__(
        self, width: int, per_bar: int, context: int, groups: int = 1, loop: bool = False
    ) -> None:
        super().__init__()
        self.local = ModulatedConv(neighbours(width, width, groups, loop), context)
        self.local_noise = Noise(width)
        self.bars = ModulatedConv(across_bars(width, per_bar, groups, loop), context)
        self.bars_noise = Noise(width)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        """Run the block; arguments as for `ResidualBlock`."""
        h = GAIN * activate(self.local_noise(self.local(x, context)))
        h = GAIN * activate(self.bars_noise(self.bars(h, context)))
        return (x + h) / GAIN


def mix_styles(style: Tensor, share: float) -> Tensor:
    """The styles of a batch (batch, ...) with a share of its rows, by chance, given another's."""
    mixed = torch.rand(len(style), device=style.device) < share
    return torch.where(mixed.view(-1, *[1] * (style.dim() - 1)), style.roll(1, 0), style)


def path_lengths(made: Tensor, style: Tensor, noise: Tensor) -> Tensor:
    """How far what is made moves with its style, (batch,), differentiable.

    The length of the slope of a random projection of `made`, over all directions the root of the
    mean square of the Jacobian's.

    Args:
        made: (batch, ...), made from `style`.
        style: (batch, context) within the graph of `made`.
        noise: standard normal, of the shape of `made`.
    """
    projected = (made * noise).sum() / made[0].numel() ** 0.5
    (slope,) = torch.autograd.grad(projected, style, create_graph=True)
    # a root has no slope at 0
    return (slope.square().sum(1) + 1e-12).sqrt()
