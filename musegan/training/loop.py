"""The loop: a dataset and a recipe become a model folder, with checkpoints on the way."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from musegan.data.arrangements import playing, to_text
from musegan.data.batches import PhraseSource, transposing_room
from musegan.data.keys import home_keys, move
from musegan.data.store import PhraseSet
from musegan.errors import MuseganError
from musegan.evaluation.typical import typical_levels
from musegan.models.critic import Critic
from musegan.models.generator import Generator
from musegan.models.spec import ModelSpec, build_generator
from musegan.models.store import save_model
from musegan.song import IntArray
from musegan.training.calibration import calibrate
from musegan.training.checkpoint import (
    check_finite,
    check_same,
    load_checkpoint,
    read_about,
    save_checkpoint,
)
from musegan.training.contest import PHRASES
from musegan.training.feeding import Feeder
from musegan.training.recipe import Recipe
from musegan.training.step import State, new_state, train_step
from musegan.training.stopping import uninterrupted

CHECKPOINT, MODEL = "checkpoint.safetensors", "model"
ARRANGEMENTS = 200  # kept for each style
MEASURED = 1000  # phrases of each style that tell what is typical


class Monitor(Protocol):
    """Hears how a training goes."""

    def scalars(self, step: int, values: dict[str, float]) -> None:
        """Losses and scores at a logging interval."""

    def sample(self, step: int, generator: Generator) -> None:
        """A look at the averaged generator at a sampling interval."""


def describe_model(name: str, data: PhraseSet, recipe: Recipe) -> ModelSpec:
    """The model that `recipe` trains on `data`.

    Raises:
        MuseganError: the dataset's grid or pitches do not fit the networks.
    """
    tempos = {
        style: round(float(np.median(data.tempo[data.style == label])), 1)
        for label, style in enumerate(data.styles)
        if (data.style == label).any()
    }
    there = playing(data.phrases, len(data.ensemble.tracks))
    try:
        spec = ModelSpec(
            name=name,
            beats_per_bar=data.grid.beats_per_bar,
            steps_per_beat=data.grid.steps_per_beat,
            beat_unit=data.grid.beat_unit,
            bars=data.bars,
            ensemble_name=data.ensemble.name,
            tracks=data.ensemble.describe(),
            styles=data.styles,
            tempos=tempos,
            common_key=recipe.common_key,
            arrangements={
                style: [to_text(there[index]) for index in some]
                for style, some in _some_of_each_style(data, ARRANGEMENTS).items()
            },
            style_counts={
                style: int((data.style == label).sum()) for label, style in enumerate(data.styles)
            },
            typical={
                style: typical_levels(data.phrases.select(some), data.ensemble)
                for style, some in _some_of_each_style(data, MEASURED).items()
            },
            generator=recipe.generator,
        )
        layout = spec.layout
    except ValueError as problem:
        raise MuseganError(f"this dataset does not fit the networks: {problem}") from problem
    for track in data.ensemble.tracks:
        if track.low < layout.low or track.high > layout.high:
            raise MuseganError(
                f"track '{track.name}' plays {track.low}-{track.high}, but the networks know "
                f"pitches {layout.low}-{layout.high}; narrow its range and prepare again"
            )
    return spec


def _some_of_each_style(data: PhraseSet, most: int) -> dict[str, IntArray]:
    """The numbers of at most `most` evenly spaced phrases of each style there is."""
    some = {}
    for label, style in enumerate(data.styles):
        phrases = np.flatnonzero(data.style == label)
        if len(phrases):
            some[style] = phrases[
                np.linspace(0, len(phrases) - 1, min(most, len(phrases))).astype(int)
            ]
    return some


def train(
    data: PhraseSet,
    recipe: Recipe,
    run: Path,
    *,
    seed: int,
    device: torch.device,
    monitor: Monitor,
    resume: bool = False,
    name: str = "model",
    progress: Callable[[int, dict[str, float]], None] = lambda step, scalars: None,
) -> ModelSpec:
    """Train and write `run/model` and `run/checkpoint.safetensors`.

    When the last step is done, the model's levels are set to the data's; see `calibrate`. A stop by
    the user (KeyboardInterrupt) saves a checkpoint and the model as it is. On the CPU a resumed
    training gives the weights, bit for bit, of one that was never stopped.

    Args:
        data: the training phrases.
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
    known = fingerprint(data)
    phrases = data.phrases.canonical()
    spec = describe_model(name, replace(data, phrases=phrases), recipe)
    if recipe.common_key:
        phrases = move(phrases, -home_keys(phrases, data.ensemble), data.ensemble)
    about = {
        "recipe": recipe.model_dump(mode="json"),
        "seed": seed,
        "data": known,
        "spec": spec.model_dump(mode="json"),
    }
    path = run / CHECKPOINT
    state = _start(spec, recipe, seed, device)
    if resume:
        check_same(read_about(path), about, path)
        load_checkpoint(path, state)
    elif path.exists():
        raise MuseganError(
            f"{run}: a training is there already; add --resume or choose another folder"
        )
    run.mkdir(parents=True, exist_ok=True)
    source = PhraseSource(
        phrases,
        data.style,
        data.ensemble,
        transposing_room(phrases, data.ensemble, recipe.transpose),
        seed,
    )
    feeder = Feeder(source, recipe, state.generator, len(data.styles), device)
    try:
        _run_steps(state, recipe, feeder, monitor, progress, lambda: _save(run, state, spec, about))
    except KeyboardInterrupt:
        _save(run, state, spec, about)
        raise
    _save(run, state, spec, about)
    calibrated = copy.deepcopy(state.average)
    calibrate(calibrated, phrases, seed)
    save_model(run / MODEL, calibrated, _trained(spec, about, state.step))
    return spec


def _run_steps(
    state: State[Generator, Critic],
    recipe: Recipe,
    feeder: Feeder,
    monitor: Monitor,
    progress: Callable[[int, dict[str, float]], None],
    save: Callable[[], None],
) -> None:
    with feeder.ahead(state.step, recipe.steps) as steps:
        for batches in steps:
            with uninterrupted():
                seen = train_step(
                    state, PHRASES, batches, recipe, feeder.penalty_random(state.step)
                )
            scalars: dict[str, float] = {}
            if state.step % recipe.log_every == 0:
                scalars = _numbers(seen)
                monitor.scalars(state.step, scalars)
            if state.step % recipe.sample_every == 0:
                monitor.sample(state.step, state.average)
            if state.step % recipe.save_every == 0:
                save()
            progress(state.step, scalars)


def _start(
    spec: ModelSpec, recipe: Recipe, seed: int, device: torch.device
) -> State[Generator, Critic]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        generator = build_generator(spec)
        critic = Critic(
            spec.layout,
            len(spec.styles),
            recipe.critic.width,
            recipe.critic.blocks,
            recipe.critic.streams,
        )
    return new_state(generator.to(device), critic.to(device), recipe)


def _save(
    run: Path, state: State[Generator, Critic], spec: ModelSpec, about: dict[str, Any]
) -> None:
    check_finite(state)
    with uninterrupted():
        save_checkpoint(run / CHECKPOINT, state, about)
        save_model(run / MODEL, state.average, _trained(spec, about, state.step))


def _trained(spec: ModelSpec, about: dict[str, Any], steps: int) -> ModelSpec:
    training = {key: about[key] for key in ("recipe", "seed", "data")} | {"steps": steps}
    return spec.model_copy(update={"training": training})


def _numbers(seen: dict[str, Tensor]) -> dict[str, float]:
    """All scalars with one wait for the device."""
    values = torch.stack([value.float() for value in seen.values()]).tolist()
    return dict(zip(seen, values, strict=True))


def fingerprint(data: PhraseSet) -> str:
    """A hash of all training notes and styles."""
    digest = hashlib.blake2b(digest_size=16)
    notes = data.phrases
    columns = (notes.offsets, notes.track, notes.start, notes.duration, notes.pitch, notes.velocity)
    for column in (*columns, data.style):
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()
