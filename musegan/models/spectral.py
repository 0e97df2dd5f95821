"""Spectral normalisation: a network whose layers stretch nothing."""

from __future__ import annotations

from typing import TypeVar

from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

N = TypeVar("N", bound=nn.Module)
LAYERS = (nn.Linear, nn.Conv2d, nn.Embedding)


def normalise(network: N) -> N:
    """Hold the largest singular value of every layer's weight at 1, in place; gives the network.

    Miyato et al., "Spectral normalization for generative adversarial networks", ICLR 2018: one
    round of power iteration at each forward pass in training. Biases stay free.
    """
    for layer in [each for each in network.modules() if isinstance(each, LAYERS)]:
        spectral_norm(layer)
    return network
