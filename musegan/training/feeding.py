"""Batches ahead of time: drawn and unrolled by a thread while the networks are busy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Generic

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musegan.training.chance import Chance
from musegan.training.contest import B
from musegan.training.parts import tensors_of
from musegan.training.recipe import CommonRecipe


class Feeder(ABC, Generic[B]):
    """Makes the batches of a step from (seed, step) alone, so a resumed training hears the same.

    Attributes:
        seed: of all draws.
        recipe: how many batches a step has, and how they are made.
        device: where the batches go.
        rows: those of each batch that this process makes; None for all.
    """

    seed: int
    recipe: CommonRecipe
    device: torch.device
    rows: range | None = None

    @abstractmethod
    def batch(self, number: int) -> B:
        """The own rows of batch `number` of the training."""

    @property
    def own(self) -> range:
        """The rows of each batch that this process makes."""
        return range(self.recipe.batch) if self.rows is None else self.rows

    def sent(self, array: NDArray[Any]) -> Tensor:
        """An array on the device, not waited for."""
        return torch.from_numpy(array).to(self.device, non_blocking=True)

    def numbers(self, step: int) -> range:
        """The numbers of a step's batches, one for each critic update."""
        return range(step * self.recipe.critic_steps, (step + 1) * self.recipe.critic_steps)

    def batches(self, step: int) -> list[B]:
        """The batches of one step, one for each critic update."""
        return [self.batch(number) for number in self.numbers(step)]

    def chances(self, step: int) -> list[Chance]:
        """Randomness of each critic update of a step."""
        seeds = [
            np.random.default_rng([self.seed, n, 2]).integers(2**63) for n in self.numbers(step)
        ]
        return [Chance(int(seed), self.recipe.batch, self.device, self.own) for seed in seeds]

    @contextmanager
    def ahead(self, first: int, last: int, depth: int = 2) -> Iterator[Iterator[list[B]]]:
        """The batches of steps first..last - 1 in order, `depth` steps made ahead by a thread.

        On a GPU they are copied and unrolled beside the work on the batches before.
        """
        beside = torch.cuda.Stream(self.device) if self.device.type == "cuda" else None

        def make(step: int) -> tuple[list[B], torch.Event | None]:
            if beside is None:
                return self.batches(step), None
            with torch.cuda.stream(beside):
                return self.batches(step), beside.record_event()

        with ThreadPoolExecutor(1, "batches") as pool:
            waiting: list[Future[tuple[list[B], torch.Event | None]]] = []

            def flow() -> Iterator[list[B]]:
                for step in range(first, last):
                    while len(waiting) < depth and step + len(waiting) < last:
                        waiting.append(pool.submit(make, step + len(waiting)))
                    batches, ready = waiting.pop(0).result()
                    if ready is not None:
                        _take_over(batches, ready)
                    yield batches

            try:
                yield flow()
            finally:
                for future in waiting:
                    future.cancel()


def _take_over(batches: list[B], ready: torch.Event) -> None:
    """Let the stream in use wait for batches made beside it, and keep their memory till then."""
    here = torch.cuda.current_stream()
    here.wait_event(ready)
    for batch in batches:
        for tensor in tensors_of(batch):
            tensor.record_stream(here)
