"""Batches in parts: one after the other where memory is short, one a rank where there are many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from torch import Tensor

T = TypeVar("T")


def each_tensor(batch: T, change: Callable[[Tensor], Tensor]) -> T:
    """The batch with every tensor in it changed; dataclasses and tuples within are gone through."""
    found: Any = batch
    if isinstance(batch, Tensor):
        found = change(batch)
    elif is_dataclass(batch) and not isinstance(batch, type):
        found = type(batch)(
            **{f.name: each_tensor(getattr(batch, f.name), change) for f in fields(batch)}
        )
    elif isinstance(batch, tuple):
        values = [each_tensor(value, change) for value in batch]
        found = type(batch)(*values) if hasattr(batch, "_fields") else tuple(values)
    return found  # type: ignore[no-any-return]  # each branch keeps the batch's type


def tensors_of(batch: object) -> list[Tensor]:
    """Every tensor in a batch, in order."""
    seen: list[Tensor] = []

    def note(tensor: Tensor) -> Tensor:
        seen.append(tensor)
        return tensor

    each_tensor(batch, note)
    return seen


def rows_of(batch: T, rows: range) -> T:
    """A run of the batch's rows; every tensor in it is (batch, ...)."""
    return each_tensor(batch, lambda tensor: tensor[rows.start : rows.stop])


def split(batch: T, parts: int, size: int) -> list[T]:
    """The batch of `size` rows in equal parts, in order; views, no copies."""
    if parts == 1:
        return [batch]
    each = size // parts
    return [rows_of(batch, range(part * each, (part + 1) * each)) for part in range(parts)]
