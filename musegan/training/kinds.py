"""The two kinds of training: of models that compose phrases, and of models that make timbres."""

from __future__ import annotations

from typing import Any

import torch

from musegan.data.sounds import SoundSet
from musegan.data.store import PhraseSet
from musegan.errors import MuseganError
from musegan.training import phrase_task, timbre_task
from musegan.training.recipe import Recipe, TimbreRecipe
from musegan.training.task import Task


def make_task(
    data: PhraseSet | SoundSet,
    recipe: Recipe | TimbreRecipe,
    name: str,
    seed: int,
    device: torch.device,
) -> Task[Any, Any, Any, Any]:
    """The task of making what is like `data`.

    Args:
        data: phrases or sounds.
        recipe: of the same kind.
        name: what the model is to be called.
        seed: of everything drawn.
        device: where the networks live.

    Raises:
        MuseganError: data and recipe are of two kinds, or do not fit the networks.
    """
    if isinstance(data, PhraseSet) and isinstance(recipe, Recipe):
        return phrase_task.phrase_task(data, recipe, name, seed, device)
    if isinstance(data, SoundSet) and isinstance(recipe, TimbreRecipe):
        return timbre_task.timbre_task(data, recipe, name, seed, device)
    raise _of_two_kinds(data, recipe)


def fingerprint(data: PhraseSet | SoundSet) -> str:
    """A hash of all that is to be learnt from."""
    if isinstance(data, PhraseSet):
        return phrase_task.fingerprint(data)
    return timbre_task.fingerprint(data)


def check_kind(data: PhraseSet | SoundSet, recipe: Recipe | TimbreRecipe) -> None:
    """See that a recipe is for what is to be learnt.

    Raises:
        MuseganError: it is not.
    """
    if isinstance(data, PhraseSet) != isinstance(recipe, Recipe):
        raise _of_two_kinds(data, recipe)


def _of_two_kinds(data: PhraseSet | SoundSet, recipe: Recipe | TimbreRecipe) -> MuseganError:
    held = "phrases" if isinstance(data, PhraseSet) else "sounds"
    return MuseganError(f"a dataset of {held}, but a recipe for {recipe.kind}; name another recipe")
