"""How long trainings that are compared may be, and how many steps fit in that."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import torch

from musegan.data.sounds import SoundSet
from musegan.data.store import PhraseSet
from musegan.errors import MuseganError
from musegan.training.loop import train
from musegan.training.recipe import CommonRecipe, Recipe, TimbreRecipe

TRIAL, WARM = 24, 8  # steps that tell the speed, and those before it is told
MOST_LESSONS = 0.6  # of the time
UNITS = {"s": 1, "m": 60, "h": 3600}
NEVER = 1 << 40
AnyRecipe = TypeVar("AnyRecipe", bound=CommonRecipe)
SELDOM = {"sample_every": NEVER, "save_every": NEVER}


class Budget(NamedTuple):
    """How long each training is: seconds of computing, or else generator updates."""

    seconds: float = 0.0
    steps: int = 0


def parse_budget(text: str) -> Budget:
    """`90s`, `10m`, `1.5h` or `200steps`.

    Raises:
        MuseganError: the text is none of these.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh])|(\d+)\s*steps?", text.strip())
    if found is None or float(found[1] or found[3]) == 0:
        raise MuseganError(f"no budget '{text}': give a time such as 90s or 10m, or 200steps")
    if found[3]:
        return Budget(steps=int(found[3]))
    return Budget(seconds=float(found[1]) * UNITS[found[2]])


def clock_of(device: torch.device) -> Callable[[], float]:
    """Seconds of computing where one core does it all, whatever else it does; else of the wall."""
    alone = device.type == "cpu" and torch.get_num_threads() == 1
    return time.process_time if alone else time.monotonic


class _EnoughError(KeyboardInterrupt):
    """Ends a trial."""


class Length(NamedTuple):
    """How long a training is.

    Attributes:
        steps: generator updates.
        lessons: updates of the coder before; 0 where the recipe has none.
    """

    steps: int
    lessons: int = 0

    def of(self, recipe: AnyRecipe) -> AnyRecipe:
        """The recipe at this length."""
        changes: dict[str, Any] = {"steps": self.steps}
        if isinstance(recipe, Recipe) and recipe.coding is not None:
            changes["coding"] = recipe.coding.model_copy(update={"steps": max(1, self.lessons)})
        return recipe.model_copy(update=changes)


def length_in(
    seconds: float,
    data: PhraseSet | SoundSet,
    recipe: Recipe | TimbreRecipe,
    seed: int,
    device: torch.device,
) -> Length:
    """How much of a recipe fits in the time, at least a step, told by a trial.

    Where a coder is taught first, that takes at most three fifths of the time.

    Raises:
        MuseganError: the recipe does not fit the data, or the trial itself failed.
    """
    clock, times = clock_of(device), []
    lessons = recipe.all_steps - recipe.steps
    trial = Length(NEVER, TRIAL if lessons else 0)

    def note(step: int, scalars: dict[str, float]) -> None:
        times.append(clock())
        if len(times) == trial.lessons + TRIAL:
            raise _EnoughError

    with tempfile.TemporaryDirectory() as folder, suppress(_EnoughError):
        train(
            data,
            trial.of(recipe).model_copy(update=SELDOM),
            Path(folder),
            seed=seed,
            device=device,
            monitor=_Blind(),
            progress=note,
        )
    if lessons:
        each = max((times[TRIAL - 1] - times[WARM - 1]) / (TRIAL - WARM), 1e-9)
        lessons = max(1, min(lessons, int(MOST_LESSONS * seconds / each)))
        seconds -= lessons * each
    each = max((times[-1] - times[-1 - TRIAL + WARM]) / (TRIAL - WARM), 1e-9)
    return Length(max(1, int(seconds / each)), lessons)


class _Blind:
    def scalars(self, step: int, values: dict[str, float]) -> None:
        pass

    def sample(self, step: int, generator: Any) -> None:
        pass
