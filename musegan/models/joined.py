"""Means over a batch that several processes hold together."""

from __future__ import annotations

import torch
from torch import Tensor


def is_joined() -> bool:
    """Whether this process is one of several that train together."""
    return torch.distributed.is_initialized() and torch.distributed.get_world_size() > 1


def joined_mean(own: Tensor) -> Tensor:
    """The mean over all processes of a mean each has of as many rows, the same for all.

    Gradients, and gradients of gradients, pass to the rows of all processes; it is the identity in
    a process that trains alone.
    """
    if not is_joined():
        return own
    # not loaded where nobody trains in many processes
    from torch.distributed.nn.functional import all_reduce

    total: Tensor = all_reduce(own)
    return total / torch.distributed.get_world_size()
