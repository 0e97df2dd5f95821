"""Random numbers that belong to the rows of a batch, however the batch is split."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

import torch
from torch import Tensor

APART = 0x1E3779B97F4A7C15  # a number of 61 bits without a pattern


class Chance:
    """Draws for the rows of one batch.

    Numbers are drawn for all rows, and those of the own rows kept: ranks and parts of a batch then
    hear together exactly what the whole batch would hear.

    Args:
        seed: of all draws.
        of: rows of the whole batch.
        device: where the numbers are drawn and stay.
        rows: the own ones; all unless said.
    """

    def __init__(
        self, seed: int, of: int, device: torch.device | str = "cpu", rows: range | None = None
    ) -> None:
        self.seed, self.of, self.device = seed, of, device
        self.rows = range(of) if rows is None else rows

    @cached_property
    def random(self) -> torch.Generator:
        """Where the numbers come from; made when it is first asked for one."""
        return torch.Generator(self.device).manual_seed(self.seed)

    def uniform(self, *shape: int) -> Tensor:
        """Numbers from [0, 1), (rows, *shape)."""
        drawn = torch.rand((self.of, *shape), generator=self.random, device=self.device)
        return drawn[self.rows.start : self.rows.stop]

    def normal(self, *shape: int) -> Tensor:
        """Standard normal numbers, (rows, *shape)."""
        drawn = torch.randn((self.of, *shape), generator=self.random, device=self.device)
        return drawn[self.rows.start : self.rows.stop]

    def apart(self, number: int) -> Chance:
        """Draws that have nothing to do with these, nor with those apart by another number."""
        return Chance(self.seed ^ (number * APART), self.of, self.device, self.rows)

    def split(self, parts: int) -> list[Chance]:
        """The draws of equal runs of the own rows, each from the beginning."""
        if parts == 1:
            return [self]
        size = len(self.rows) // parts
        runs = [self.rows[part * size : (part + 1) * size] for part in range(parts)]
        return [Chance(self.seed, self.of, self.device, run) for run in runs]


@contextmanager
def drawing(chance: Chance) -> Iterator[None]:
    """What layers draw for themselves, such as dropout, comes from these numbers alone.

    Each run of rows has its own, so parts and processes do not all draw the same.
    """
    device = torch.device(chance.device)
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(chance.seed + chance.rows.start)
        yield
