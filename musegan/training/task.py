"""What is trained: networks, how they are played against each other, and with what."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from musegan.training.coding import Heard
from musegan.training.contest import B, C, Contest, G, R
from musegan.training.feeding import Feeder

Steps = Callable[[int, int], None]
"""Called with steps done and steps in all."""

Pupil = TypeVar("Pupil", contravariant=True)


class Lessons(Protocol[Pupil]):
    """What a generator is taught before the contest, in place; goes on from a file where it is."""

    def __call__(self, generator: Pupil, path: Path, about: dict[str, Any], heard: Heard) -> None:
        """Teach it; see `teach`."""


@dataclass(frozen=True)
class Task(Generic[G, C, B, R]):
    """A training about to begin.

    Attributes:
        recipe: the experiment.
        spec: describes the model.
        data: tells the training data from any other.
        build: makes fresh networks.
        contest: how they are played against each other.
        feeder: batches for them, given the generator.
        before: what the generator is taught before the contest; None where there is nothing.
        finish: what is done to the averaged generator at the end, in place; tells its own steps.
    """

    recipe: R
    spec: Any
    data: str
    build: Callable[[], tuple[G, C]]
    contest: Contest[G, C, B, R]
    feeder: Callable[[G], Feeder[B]]
    finish: Callable[[G, Steps], None]
    before: Lessons[G] | None = None


def hash_of(columns: Iterable[NDArray[Any]]) -> str:
    """What tells data from any other: a hash of all its numbers."""
    digest = hashlib.blake2b(digest_size=16)
    for column in columns:
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()
