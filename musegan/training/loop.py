"""The loop: a dataset and a recipe become a model folder, with checkpoints on the way."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import torch
from pydantic import BaseModel
from torch import Tensor

from musegan.data.sounds import SoundSet
from musegan.data.store import PhraseSet
from musegan.errors import MuseganError
from musegan.models.store import save_model
from musegan.training.checkpoint import (
    check_finite,
    check_same,
    load_checkpoint,
    read_about,
    save_checkpoint,
)
from musegan.training.contest import B, C, G, R
from musegan.training.recipe import Recipe, TimbreRecipe
from musegan.training.step import State, new_state, train_step
from musegan.training.stopping import uninterrupted
from musegan.training.task import Task, make_task

CHECKPOINT, MODEL = "checkpoint.safetensors", "model"


class Monitor(Protocol):
    """Hears how a training goes."""

    def scalars(self, step: int, values: dict[str, float]) -> None:
        """Losses and scores at a logging interval."""

    def sample(self, step: int, generator: Any) -> None:
        """A look at the averaged generator at a sampling interval."""


def train(
    data: PhraseSet | SoundSet,
    recipe: Recipe | TimbreRecipe,
    run: Path,
    *,
    seed: int,
    device: torch.device,
    monitor: Monitor,
    resume: bool = False,
    name: str = "model",
    progress: Callable[[int, dict[str, float]], None] = lambda step, scalars: None,
) -> Any:
    """Train and write `run/model` and `run/checkpoint.safetensors`.

    When the last step is done, the model is finished as its task says. A stop by the user
    (KeyboardInterrupt) saves a checkpoint and the model as it is. On the CPU a resumed training
    gives the weights, bit for bit, of one that was never stopped.

    Args:
        data: the training phrases or sounds.
        recipe: the experiment.
        run: folder of the run, made if missing.
        seed: of everything drawn.
        device: where the networks live.
        monitor: hears scalars and samples.
        resume: go on from the run's checkpoint.
        name: what the model is called.
        progress: called after every step with the step and, at logging intervals, the scalars.

    Raises:
        MuseganError: nothing to resume or of another recipe; a run is there already; the training
            diverged.
    """
    task = make_task(data, recipe, name, seed, device)
    about = {
        "recipe": recipe.model_dump(mode="json"),
        "seed": seed,
        "data": task.data,
        "spec": task.spec.model_dump(mode="json"),
    }
    path = run / CHECKPOINT
    state = _start(task, seed, device)
    if resume:
        check_same(read_about(path), about, path)
        load_checkpoint(path, state)
    elif path.exists():
        raise MuseganError(
            f"{run}: a training is there already; add --resume or choose another folder"
        )
    run.mkdir(parents=True, exist_ok=True)

    def save() -> None:
        check_finite(state)
        with uninterrupted():
            save_checkpoint(path, state, about)
            save_model(run / MODEL, state.average, _trained(task.spec, about, state.step))

    try:
        _run_steps(state, task, monitor, progress, save)
    except KeyboardInterrupt:
        save()
        raise
    save()
    finished = copy.deepcopy(state.average)
    task.finish(finished)
    save_model(run / MODEL, finished, _trained(task.spec, about, state.step))
    return task.spec


def _run_steps(
    state: State[G, C],
    task: Task[G, C, B, R],
    monitor: Monitor,
    progress: Callable[[int, dict[str, float]], None],
    save: Callable[[], None],
) -> None:
    recipe, feeder = task.recipe, task.feeder(state.generator)
    with feeder.ahead(state.step, recipe.steps) as steps:
        for batches in steps:
            with uninterrupted():
                seen = train_step(state, task.contest, batches, recipe, feeder.chances(state.step))
            scalars: dict[str, float] = {}
            if state.step % recipe.log_every == 0:
                scalars = _numbers(seen)
                monitor.scalars(state.step, scalars)
            if state.step % recipe.sample_every == 0:
                monitor.sample(state.step, state.average)
            if state.step % recipe.save_every == 0:
                save()
            progress(state.step, scalars)


def _start(task: Task[G, C, B, R], seed: int, device: torch.device) -> State[G, C]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        generator, critic = task.build()
    return new_state(generator.to(device), critic.to(device), task.recipe)


def _trained(spec: BaseModel, about: dict[str, Any], steps: int) -> BaseModel:
    training = {key: about[key] for key in ("recipe", "seed", "data")} | {"steps": steps}
    return spec.model_copy(update={"training": training})


def _numbers(seen: dict[str, Tensor]) -> dict[str, float]:
    """All scalars with one wait for the device."""
    values = torch.stack([value.float() for value in seen.values()]).tolist()
    return dict(zip(seen, values, strict=True))
