"""The loop: a dataset and a recipe become a model folder, with checkpoints on the way."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from musegan.data.sounds import SoundSet
from musegan.data.store import PhraseSet
from musegan.errors import MuseganError
from musegan.models.batchwise import GROUP
from musegan.training.coding import Heard
from musegan.training.contest import B, C, G, R
from musegan.training.game import Game
from musegan.training.guards import DivergenceError
from musegan.training.kinds import make_task
from musegan.training.ranks import ALONE, Ranks, check_shares, own_rows
from musegan.training.recipe import Recipe, TimbreRecipe
from musegan.training.recording import RecordedStep, obstacle
from musegan.training.run_folder import RunFolder
from musegan.training.state import State, new_state
from musegan.training.step import train_step
from musegan.training.stopping import agreeing, uninterrupted
from musegan.training.task import Lessons, Steps, Task


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
    monitor: Monitor | None,
    resume: bool = False,
    name: str = "model",
    progress: Heard = lambda step, scalars: None,
    finishing: Steps = lambda step, steps: None,
    tell: Callable[[int, str], None] = lambda step, message: None,
    ranks: Ranks = ALONE,
    graphs: bool = False,
) -> Any:
    """Train and write `run/model` and `run/checkpoint.safetensors`.

    When the last step is done, the model is finished as its task says. A stop by the user
    (KeyboardInterrupt) saves a checkpoint and the model as it is. On the CPU a resumed training
    gives the weights, bit for bit, of one that was never stopped. A training that diverges goes
    back to its last checkpoint and on at half the rates, as often as its recipe allows.

    Args:
        data: the training phrases or sounds.
        recipe: the experiment.
        run: folder of the run, made if missing; only the first of several processes uses it.
        seed: of everything drawn.
        device: where the networks live.
        monitor: hears scalars and samples; the first of several processes alone has one.
        resume: go on from the run's checkpoint.
        name: what the model is called.
        progress: called after every step with how many are done, those before the contest too,
            and, at logging intervals, the scalars.
        finishing: called as the finished model has its levels set, see `calibrate`.
        tell: called with a step and what went wrong there, when the training goes back.
        ranks: the processes that train together, each of which calls this.
        graphs: whether steps are recorded as CUDA graphs and replayed.

    Raises:
        MuseganError: nothing to resume or of another recipe; a run is there already; the batch has
            no equal parts for all processes; its steps cannot be recorded; the training diverged
            too often.
    """
    if graphs and (why := obstacle(recipe, device, ranks)):
        raise MuseganError(f"{why}; train without CUDA graphs")
    told_apart = GROUP if getattr(recipe.critic, "deviation", False) else 1
    check_shares(ranks, recipe.batch, recipe.accumulate, told_apart)
    task = make_task(data, recipe, name, seed, device)
    about = {
        "recipe": recipe.model_dump(mode="json"),
        "seed": seed,
        "data": task.data,
        "spec": task.spec.model_dump(mode="json"),
    }
    state = _start(task, seed, device)
    folder = RunFolder(run, task.spec, about, ranks)
    if resume:
        folder.resume(state)
    else:
        folder.begin(state)
    if task.before is not None and not state.step:
        _teach(task.before, state, folder, progress)
    while state.step < recipe.steps:
        try:
            _run_steps(state, task, monitor, progress, folder, graphs)
        except DivergenceError as problem:
            tell(problem.step, folder.go_back(state, problem, recipe.rollbacks))
        except KeyboardInterrupt:
            folder.save(state)
            raise
    if folder.first:
        finished = copy.deepcopy(state.average)
        task.finish(finished, finishing)
        folder.save_model(state, finished)
    return task.spec


def _teach(
    before: Lessons[G],
    state: State[G, C],
    folder: RunFolder,
    progress: Heard,
) -> None:
    """Teach the generator what it has to know before the contest; the first process does it."""

    def lessons() -> dict[str, Tensor]:
        before(state.generator, folder.lessons, folder.about, progress)
        return state.generator.state_dict()

    state.generator.load_state_dict(folder.ranks.from_first(lessons))
    state.average.load_state_dict(state.generator.state_dict())
    folder.save(state)


def _run_steps(
    state: State[G, C],
    task: Task[G, C, B, R],
    monitor: Monitor | None,
    progress: Heard,
    folder: RunFolder,
    graphs: bool,
) -> None:
    recipe, feeder, ranks = task.recipe, task.feeder(state.generator), folder.ranks
    feeder.rows = own_rows(ranks, recipe.batch)
    intervals = recipe.log_every, recipe.sample_every, recipe.save_every
    many, before = ranks.count > 1, recipe.all_steps - recipe.steps
    game = Game(state, task.contest, recipe, ranks)
    replay = RecordedStep(game) if graphs else None
    with feeder.ahead(state.step, recipe.steps) as steps, agreeing(many) as asked_to_stop:
        for batches in steps:
            with uninterrupted():
                chances = feeder.chances(state.step)
                seen = replay(batches, chances) if replay else train_step(game, batches, chances)
            log, sample, save = (state.step % every == 0 for every in intervals)
            scalars: dict[str, float] = {}
            if log or sample or save:
                scalars, stop = _numbers(seen, ranks, asked_to_stop())
                state.guard.look(state.step, scalars)
                if stop:
                    raise KeyboardInterrupt
            if log and monitor is not None:
                monitor.scalars(state.step, scalars)
            if sample and monitor is not None:
                monitor.sample(state.step, state.average)
            if save and state.guard.calm:
                folder.save(state)
            progress(state.step + before, scalars if log else {})
    folder.save(state)


def _start(task: Task[G, C, B, R], seed: int, device: torch.device) -> State[G, C]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        generator, critic = task.build()
    return new_state(generator.to(device), critic.to(device), task.recipe)


def _numbers(seen: dict[str, Tensor], ranks: Ranks, stop: bool) -> tuple[dict[str, float], bool]:
    """All scalars, and whether any process was asked to stop, with one wait for the device."""
    values = [value.float() for value in seen.values()]
    asked = torch.full_like(values[0], float(stop))
    (joined,) = ranks.mean([torch.stack([*values, asked])])
    *numbers, anyone = joined.tolist()
    return dict(zip(seen, numbers, strict=True)), anyone > 0
