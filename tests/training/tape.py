"""CUDA graphs on the CPU: operations taped once and done again on the same memory.

As of a graph, nothing of Python runs again at a replay, results fall where they fell the first
time, and nothing is changed by taping alone. What a GPU could not record is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

# what waits for the device, has a size that the device must tell, or is sent from the host
NOT_ON_A_GPU = {
    "aten::_local_scalar_dense": "waits for a number",
    "aten::equal": "waits for an answer",
    "aten::nonzero": "has as many results as there are ones",
    "aten::masked_select": "has as many results as there are ones",
    "aten::_unique2": "has as many results as there are values",
    "aten::repeat_interleave.Tensor": "has as many results as the device says",
    "aten::lift_fresh": "sends a number from the host",
}


class Watch(TorchDispatchMode):
    """Raises RuntimeError at what would make the host wait for a GPU, or could not be recorded."""

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        name = func._schema.name
        why = NOT_ON_A_GPU.get(name) or NOT_ON_A_GPU.get(f"{name}.{func._overloadname}")
        indices = args[1:2] if name.startswith("aten::index") else ()
        if any(isinstance(i, Tensor) and i.dtype == torch.bool for i in tree_leaves(indices)):
            why = "has as many results as there are ones"
        if why is not None:
            raise RuntimeError(f"{name} {why}")
        return self.do(func, args, kwargs or {})

    def do(self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return func(*args, **kwargs)


class Tape(Watch):
    """Stands for a `torch.cuda.CUDAGraph`."""

    def __init__(self) -> None:
        super().__init__()
        # results are kept in it, so that each stays where it fell
        self.done: list[tuple[Any, tuple[Any, ...], dict[str, Any], Any]] = []
        self.generators: set[int] = set()
        self.before: list[tuple[Tensor, Tensor]] = []

    def register_generator_state(self, generator: torch.Generator) -> None:
        self.generators.add(_identity(generator))

    def do(self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        drawn_by = [each for each in tree_leaves(kwargs) if isinstance(each, torch.Generator)]
        if not {_identity(each) for each in drawn_by} <= self.generators:
            raise RuntimeError(f"{func._schema.name} draws from a generator it was not told of")
        self._keep_what_changes(func, args, kwargs)
        out = func(*args, **kwargs)
        self.done.append((func, args, kwargs, out))
        return out

    def _keep_what_changes(self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        for place, argument in enumerate(func._schema.arguments):
            if argument.alias_info is None or not argument.alias_info.is_write:
                continue
            given = args[place] if place < len(args) else kwargs.get(argument.name)
            for each in tree_leaves(given):
                if isinstance(each, Tensor):
                    self.before.append((each, each.detach().clone()))

    @contextmanager
    def recording(self) -> Iterator[None]:
        with self:
            yield
        with torch.no_grad():
            for tensor, was in reversed(self.before):
                tensor.copy_(was)
        self.before.clear()

    @torch.no_grad()
    def replay(self) -> None:
        for func, args, kwargs, out in self.done:
            now = func(*args, **kwargs)
            if any(each.alias_info is not None for each in func._schema.returns):
                continue  # a view, or what was changed in place
            for there, new in zip(tree_leaves(out), tree_leaves(now), strict=True):
                if isinstance(there, Tensor) and there.data_ptr() != new.data_ptr():
                    there.detach().copy_(new)


def _identity(generator: torch.Generator) -> int:
    return int(generator._cdata)  # it may come back in another wrapper


class _Stream:
    def wait_stream(self, other: object) -> None:
        """There is but one."""


def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a `RecordedStep` run on the CPU."""
    monkeypatch.setattr(torch.cuda, "CUDAGraph", Tape)
    monkeypatch.setattr(torch.cuda, "graph", lambda tape, stream: tape.recording())
    monkeypatch.setattr(torch.cuda, "Stream", _Stream)
    monkeypatch.setattr(torch.cuda, "current_stream", _Stream)
    monkeypatch.setattr(torch.cuda, "stream", nullcontext)
