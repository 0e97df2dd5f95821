"""Rows of several songs, one song after the other: one numpy call for all of them."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from musegan.song import IntArray


@dataclass(frozen=True)
class Runs:
    """How rows are divided into runs of one or more: of songs, or of parts of them.

    Attributes:
        sizes: (runs,) rows of each.
    """

    sizes: IntArray

    @classmethod
    def of(cls, parts: Sequence[Sized]) -> Runs:
        """The runs that `parts` make when they are laid end to end."""
        return cls(np.array([len(part) for part in parts], np.int64))

    def __len__(self) -> int:
        return len(self.sizes)

    @cached_property
    def first(self) -> IntArray:
        """(runs,) the row each begins with."""
        first: IntArray = np.cumsum(self.sizes) - self.sizes
        return first

    @property
    def slices(self) -> list[slice]:
        """The rows of each."""
        bounds = zip(self.first.tolist(), self.sizes.tolist(), strict=True)
        return [slice(first, first + size) for first, size in bounds]

    def spread(self, values: ArrayLike) -> NDArray[Any]:
        """(rows,) what `values`, (runs,), holds for the run of each row."""
        return np.repeat(values, self.sizes)

    def least(self, column: NDArray[Any]) -> NDArray[Any]:
        """(runs,) the least value of a column of rows in each."""
        return np.minimum.reduceat(column, self.first)

    def most(self, column: NDArray[Any]) -> NDArray[Any]:
        """(runs,) the greatest value of a column of rows in each."""
        return np.maximum.reduceat(column, self.first)

    def total(self, column: NDArray[Any]) -> NDArray[Any]:
        """(runs,) the sum of a column of rows in each, of booleans the number."""
        return np.add.reduceat(column, self.first, dtype=np.int64 if column.dtype == bool else None)

    def cells(self, column: IntArray, width: int) -> IntArray:
        """(rows,) where values of 0..width - 1 lie in a flat table of (runs, width)."""
        cells: IntArray = column + self.spread(np.arange(0, len(self) * width, width))
        return cells

    def count(
        self, cells: IntArray, width: int, weight: NDArray[np.float64] | None = None
    ) -> NDArray[Any]:
        """(runs, width) the rows in each of the `cells`, or what they weigh together."""
        return np.bincount(cells, weight, len(self) * width).reshape(-1, width)
