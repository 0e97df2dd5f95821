"""Training on many processes at once, each with its own rows of every batch.

Networks are not wrapped: after each backward pass one collective averages all gradients of a
network, so penalties, frozen critics and accumulated parts need no special care. The processes are
started by torchrun and talk through Lightning Fabric, which only they import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

import torch
from torch import Tensor

from musegan.errors import MuseganError

T = TypeVar("T")


class Ranks(Protocol):
    """The processes of a training, as one of them sees them.

    Attributes:
        rank: its number.
        count: how many there are.
    """

    rank: int
    count: int

    def mean(self, values: Sequence[Tensor]) -> list[Tensor]:
        """The mean of each tensor over all processes, for each of them alike."""

    def from_first(self, value: Callable[[], T]) -> T:
        """What the first process finds, for all of them; the others do not look."""


class Alone:
    """A training of one process."""

    rank, count = 0, 1

    def mean(self, values: Sequence[Tensor]) -> list[Tensor]:
        """The tensors themselves."""
        return list(values)

    def from_first(self, value: Callable[[], T]) -> T:
        """What it finds."""
        return value()

    def leave(self) -> None:
        """Nobody else is there."""


ALONE = Alone()


class FabricRanks:
    """The processes that torchrun started.

    Args:
        fabric: launched, of the package lightning-fabric.
    """

    def __init__(self, fabric: Any) -> None:
        self.fabric = fabric
        self.device: torch.device = fabric.device
        self.rank, self.count = int(fabric.global_rank), int(fabric.world_size)

    def mean(self, values: Sequence[Tensor]) -> list[Tensor]:
        """The mean of each tensor over all processes, in one message."""
        if not values:
            return []
        flat = torch.cat([value.detach().flatten().float() for value in values])
        joined: Tensor = self.fabric.all_reduce(flat, reduce_op="mean")
        sizes = [value.numel() for value in values]
        parts = zip(joined.split(sizes), values, strict=True)
        return [part.view_as(value).to(value.dtype) for part, value in parts]

    def from_first(self, value: Callable[[], T]) -> T:
        """What the first process finds, for all of them; anything that can be pickled."""
        found: T = self.fabric.broadcast(value() if self.rank == 0 else None)
        return found

    def leave(self) -> None:
        """Wait for the others, and part."""
        self.fabric.barrier()
        torch.distributed.destroy_process_group()


def join_ranks(device: torch.device, here: int, machines: int) -> FabricRanks:
    """Join the processes that torchrun started.

    Args:
        device: of the kind to train on; each process of a machine gets its own GPU.
        here: processes on this machine.
        machines: how many there are.

    Raises:
        MuseganError: lightning-fabric is not installed.
    """
    try:
        from lightning_fabric import Fabric
    except ImportError as problem:
        raise MuseganError(
            "training in many processes needs lightning-fabric; pip install 'musegan[ranks]'"
        ) from problem
    fabric = Fabric(accelerator=device.type, devices=here, num_nodes=machines, strategy="ddp")
    fabric.launch()
    return FabricRanks(fabric)


def check_shares(ranks: Ranks, batch: int, accumulate: int, group: int = 1) -> None:
    """Raise MuseganError unless all processes, and all parts of theirs, get as many rows.

    Args:
        ranks: the processes.
        batch: rows of all of them.
        accumulate: parts of each one's rows.
        group: rows that must stay together.
    """
    parts = ranks.count * accumulate
    whole = parts * group if parts > 1 else 1
    if batch % whole:
        fitting = max(batch // whole, 1) * whole
        raise MuseganError(
            f"a batch of {batch} has no equal parts for {ranks.count} processes"
            + (f" with {accumulate} parts each" if accumulate > 1 else "")
            + f"; try --batch {fitting}"
        )


def own_rows(ranks: Ranks, size: int) -> range:
    """The rows of a batch of `size` that this process works on; all processes' make the whole."""
    each = size // ranks.count
    return range(ranks.rank * each, (ranks.rank + 1) * each)


def join_gradients(weights: Iterable[Tensor], ranks: Ranks) -> None:
    """Put the mean of all processes' gradients in place of each one's own."""
    if ranks.count == 1:
        return
    own = [weight.grad for weight in weights if weight.grad is not None]
    torch._foreach_copy_(own, ranks.mean(own))
