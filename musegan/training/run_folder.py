"""The folder of a run: its checkpoint and its model, written by the first process alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel
from torch import nn

from musegan.data.folder import holds_dataset
from musegan.errors import MuseganError
from musegan.models.store import save_model
from musegan.training.checkpoint import (
    LESSONS_ALONE,
    check_finite,
    check_same,
    read_about,
    read_checkpoint,
    restore,
    save_checkpoint,
)
from musegan.training.guards import DivergenceError
from musegan.training.ranks import Ranks
from musegan.training.recipe import CommonRecipe, Recipe
from musegan.training.state import State
from musegan.training.stopping import uninterrupted

R = TypeVar("R", bound=CommonRecipe)
CHECKPOINT, LESSONS, MODEL = "checkpoint.safetensors", "coder.safetensors", "model"


class RunFolder:
    """Where a training is kept.

    Args:
        folder: of the run.
        spec: describes the model.
        about: plain data that tells the training from others.
        ranks: the processes that train; what the first reads is sent to all.
    """

    def __init__(self, folder: Path, spec: BaseModel, about: dict[str, Any], ranks: Ranks) -> None:
        self.folder, self.spec, self.about, self.ranks = folder, spec, about, ranks
        self.path, self.lessons = folder / CHECKPOINT, folder / LESSONS
        self.first = ranks.rank == 0

    def begin(self, state: State[Any, Any]) -> None:
        """Make the folder and keep the state before the first step.

        Raises:
            MuseganError: the folder is taken; see `check_free`.
        """
        if self.first:
            check_free(self.folder)
        self.save(state)

    def resume(self, state: State[Any, Any]) -> None:
        """Go on from the checkpoint.

        Raises:
            MuseganError: there is none, or it is of another training.
        """
        if self.first:
            step, kept = read_about(self.path)
            check_same(kept, self.about, self.path, () if step else LESSONS_ALONE)
        self._restore(state)

    def save(self, state: State[Any, Any]) -> None:
        """Keep the state and the model as it is now.

        Raises:
            DivergenceError: the weights are no numbers; what was kept before stays.
        """
        check_finite(state)
        if self.first:
            self.folder.mkdir(parents=True, exist_ok=True)
            with uninterrupted():
                save_checkpoint(self.path, state, self.about)
                self.save_model(state, state.average)

    def save_model(self, state: State[Any, Any], generator: nn.Module) -> None:
        """Keep a generator as the run's model, told how it was trained."""
        if not self.first:
            return
        training = {key: self.about[key] for key in ("recipe", "seed", "data")}
        training["steps"] = state.step
        if state.guard.rollbacks:
            training["rollbacks"] = state.guard.rollbacks
        spec = self.spec.model_copy(update={"training": training})
        save_model(self.folder / MODEL, generator, spec)

    def go_back(self, state: State[Any, Any], problem: DivergenceError, limit: int) -> str:
        """Return to the last checkpoint, from where rates are halved; tells what happened.

        Raises:
            MuseganError: that was done `limit` times.
        """
        done = state.guard.rollbacks
        if done >= limit:
            raise MuseganError(f"{problem}; it went back {done} times") if done else problem
        self._restore(state)
        state.guard.rollbacks = done + 1
        return (
            f"diverged by step {problem.step} ({problem.what}); back to step {state.step} and on "
            f"at {state.guard.rate:g} of the recipe's rates; {limit - done - 1} more times allowed"
        )

    def _restore(self, state: State[Any, Any]) -> None:
        restore(state, self.ranks.from_first(lambda: read_checkpoint(self.path)))


def check_free(folder: Path) -> None:
    """See that a training can begin in a folder.

    Raises:
        MuseganError: it is a file, or a training or a dataset is there already.
    """
    if folder.exists() and not folder.is_dir():
        raise MuseganError(f"{folder}: is a file; give a folder for the run")
    if (folder / CHECKPOINT).exists():
        raise MuseganError(
            f"{folder}: a training is there already; add --resume or choose another folder"
        )
    # `prepare` would never write again where a stranger's files lie
    if holds_dataset(folder):
        raise MuseganError(f"{folder}: a dataset is there; choose another folder for the run")


def name_of(folder: Path) -> str:
    """What the model of the training kept in `folder` is called.

    Raises:
        MuseganError: no training is kept there.
    """
    name: str = read_about(folder / CHECKPOINT)[1]["spec"]["name"]
    return name


def with_lessons_given(recipe: R, folder: Path) -> R:
    """The recipe with as many lessons as came before the contest kept in `folder`, if it has begun.

    Raises:
        MuseganError: no training is kept there.
    """
    step, about = read_about(folder / CHECKPOINT)
    given = about["recipe"].get("coding")
    if not step or not given or not isinstance(recipe, Recipe) or recipe.coding is None:
        return recipe
    coding = recipe.coding.model_copy(update={"steps": given["steps"]})
    return recipe.model_copy(update={"coding": coding})
