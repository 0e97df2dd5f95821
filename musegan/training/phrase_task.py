"""The training of models that compose phrases, by a critic of rolls or of codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from musegan.data.batches import PhraseSource, transposing_room
from musegan.data.keys import home_keys, move
from musegan.data.store import PhraseSet
from musegan.models.code_critic import CodeCritic
from musegan.models.critic import Critic
from musegan.models.generator import Generator
from musegan.models.patches import PatchLayout
from musegan.models.planned import PhraseGenerator, PlannedGenerator
from musegan.models.spec import ModelSpec, build_planned, build_rolls
from musegan.models.spectral import normalise
from musegan.training.calibration.levels import calibrate
from musegan.training.code_contest import CODES, CodeBatch
from musegan.training.coding import Heard, encode, teach
from musegan.training.describing import describe_model
from musegan.training.phrase_feeding import CodeFeeder, PhraseFeeder
from musegan.training.recipe import Recipe
from musegan.training.roll_contest import ROLLS
from musegan.training.sections import CodingRecipe
from musegan.training.task import Steps, Task, hash_of


def phrase_task(
    data: PhraseSet, recipe: Recipe, name: str, seed: int, device: torch.device
) -> Task[Any, Any, Any, Recipe]:
    """The task of composing phrases like those of `data`, by a critic of rolls or of codes.

    Raises:
        MuseganError: they do not fit the networks.
    """
    phrases = data.phrases.canonical()
    spec = describe_model(name, replace(data, phrases=phrases), recipe)
    if recipe.common_key:
        phrases = move(phrases, -home_keys(phrases, data.ensemble), data.ensemble)
    room = transposing_room(phrases, data.ensemble, recipe.transpose)
    source = PhraseSource(phrases, data.style, data.ensemble, room, seed)

    def finish(generator: PhraseGenerator, heard: Steps) -> None:
        calibrate(generator, phrases, data.ensemble, seed, heard=heard)

    if recipe.coding is not None:
        return _code_task(source, recipe, recipe.coding, spec, fingerprint(data), device, finish)

    def build() -> tuple[Generator, Critic]:
        return build_rolls(spec), build_critic(spec.layout, len(spec.styles), recipe)

    return Task(
        recipe,
        spec,
        fingerprint(data),
        build,
        ROLLS,
        lambda generator: PhraseFeeder(source, recipe, generator, device),
        finish,
    )


def _code_task(
    source: PhraseSource,
    recipe: Recipe,
    coding: CodingRecipe,
    spec: ModelSpec,
    data: str,
    device: torch.device,
    finish: Callable[[PlannedGenerator, Steps], None],
) -> Task[PlannedGenerator, CodeCritic, CodeBatch, Recipe]:
    layout, sizes = spec.layout, coding.critic

    def build() -> tuple[PlannedGenerator, CodeCritic]:
        generator = build_planned(spec)
        generator.coder.requires_grad_(False)  # a contest that goes on had its lessons
        tracks, bars, code = layout.tracks, layout.bars, generator.planner.code
        outline = generator.coder.outline
        critic = CodeCritic(
            tracks, bars, len(spec.styles), code, sizes.width, sizes.blocks, outline
        )
        return generator, critic

    def before(
        generator: PlannedGenerator, path: Path, about: dict[str, Any], heard: Heard
    ) -> None:
        teach(generator.coder, layout, source, coding, path, about, heard)

    def feeder(generator: PlannedGenerator) -> CodeFeeder:
        codes = encode(generator.coder, layout, source.moved())
        return CodeFeeder(codes, source.style, recipe, generator, source.seed, device)

    return Task(recipe, spec, data, build, CODES, feeder, finish, before)


def build_critic(layout: PatchLayout, styles: int, recipe: Recipe) -> Critic:
    """The critic that a recipe describes, freshly initialised."""
    sizes = recipe.critic
    critic = Critic(
        layout,
        styles,
        sizes.width,
        sizes.blocks,
        sizes.streams,
        conditioning=sizes.conditioning,
        deviation=sizes.deviation,
        batch_norm=sizes.batch_norm,
        dropout=sizes.dropout,
        noise_level=recipe.diffusion is not None,
    )
    return normalise(critic) if sizes.spectral else critic


def fingerprint(data: PhraseSet) -> str:
    """A hash of all training notes and styles."""
    notes = data.phrases
    columns = (notes.offsets, notes.track, notes.start, notes.duration, notes.pitch, notes.velocity)
    return hash_of((*columns, data.style))
