"""What is trained: networks, how they are played against each other, and with what.

There are two kinds: models that compose phrases, and models that make timbres.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from musegan.audio.partials.analysis import analyse
from musegan.audio.partials.layout import layout_of
from musegan.data.batches import PhraseSource, transposing_room
from musegan.data.keys import home_keys, move
from musegan.data.sounds import UNPITCHED, SoundSet
from musegan.data.store import PhraseSet
from musegan.errors import MuseganError
from musegan.models.code_critic import CodeCritic
from musegan.models.critic import Critic
from musegan.models.generator import Generator
from musegan.models.patches import PatchLayout
from musegan.models.planned import PhraseGenerator, PlannedGenerator
from musegan.models.spec import ModelSpec, build_planned, build_rolls
from musegan.models.spectral import normalise
from musegan.models.timbres.critic import TimbreCritic
from musegan.models.timbres.generator import TimbreGenerator
from musegan.models.timbres.spec import TimbreSpec, build_timbre_generator
from musegan.training.calibration import calibrate
from musegan.training.code_contest import CODES, CodeBatch
from musegan.training.coding import Heard, encode, teach
from musegan.training.contest import PHRASES, B, C, Contest, G, R
from musegan.training.describing import describe_model
from musegan.training.feeding import CodeFeeder, Feeder, PhraseFeeder
from musegan.training.recipe import Recipe, TimbreRecipe
from musegan.training.sections import CodingRecipe
from musegan.training.timbres import NOTES, NoteBatch, NoteFeeder, Notes

NO_PITCH = 60  # what hits are told their pitch is, all alike


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
        finish: what is done to the averaged generator at the end, in place.
    """

    recipe: R
    spec: Any
    data: str
    build: Callable[[], tuple[G, C]]
    contest: Contest[G, C, B, R]
    feeder: Callable[[G], Feeder[B]]
    finish: Callable[[G], None]
    before: Lessons[G] | None = None


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
        return phrase_task(data, recipe, name, seed, device)
    if isinstance(data, SoundSet) and isinstance(recipe, TimbreRecipe):
        return timbre_task(data, recipe, name, seed, device)
    raise _of_two_kinds(data, recipe)


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

    def finish(generator: PhraseGenerator) -> None:
        calibrate(generator, phrases, data.ensemble, seed)

    if recipe.coding is not None:
        return _code_task(source, recipe, recipe.coding, spec, fingerprint(data), device, finish)

    def build() -> tuple[Generator, Critic]:
        return build_rolls(spec), build_critic(spec.layout, len(spec.styles), recipe)

    return Task(
        recipe,
        spec,
        fingerprint(data),
        build,
        PHRASES,
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
    finish: Callable[[PlannedGenerator], None],
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


def timbre_task(
    data: SoundSet, recipe: TimbreRecipe, name: str, seed: int, device: torch.device
) -> Task[TimbreGenerator, TimbreCritic, NoteBatch, TimbreRecipe]:
    """The task of making notes, or hits, like those of `data`; hearing them takes a minute or two.

    Raises:
        MuseganError: some have a pitch and others none.
    """
    if data.pitched and (data.pitch == UNPITCHED).any():
        raise MuseganError("some of these sounds have no pitches; learn from them or from the rest")
    layout = layout_of(data.rate, data.pitched)
    if not data.pitched:
        data = replace(data, pitch=np.full_like(data.pitch, NO_PITCH))
        recipe = recipe.model_copy(update={"shift": 0})
    waves = torch.from_numpy(data.waves())
    pitch = torch.tensor(data.pitch, dtype=torch.float32)
    pictures = [analyse(wave, float(p), layout) for wave, p in zip(waves, pitch, strict=True)]
    notes = Notes(torch.stack(pictures), torch.tensor(data.instrument), pitch)
    spec = TimbreSpec(
        name=name, layout=layout, ranges=pitch_ranges(data), generator=recipe.generator
    )
    count, sizes = len(data.instruments), recipe.critic

    def build() -> tuple[TimbreGenerator, TimbreCritic]:
        critic = TimbreCritic(layout, count, sizes.width, sizes.blocks)
        return build_timbre_generator(spec), normalise(critic) if sizes.spectral else critic

    return Task(
        recipe,
        spec,
        _hash((data.samples, data.instrument, data.pitch)),
        build,
        NOTES,
        lambda generator: NoteFeeder(notes, layout, count, recipe, seed, device),
        lambda generator: None,
    )


def pitch_ranges(data: SoundSet) -> dict[str, tuple[int, int]]:
    """The lowest and highest pitch of each instrument; that of hits is always the same.

    Raises:
        MuseganError: there is no note of one.
    """
    ranges = {}
    for label, name in enumerate(data.instruments):
        own = data.pitch[data.instrument == label]
        if not len(own):
            raise MuseganError(f"no note of '{name}' to learn from; prepare the dataset again")
        own = np.where(own == UNPITCHED, NO_PITCH, own)
        ranges[name] = (int(own.min()), int(own.max()))
    return ranges


def fingerprint(data: PhraseSet) -> str:
    """A hash of all training notes and styles."""
    notes = data.phrases
    columns = (notes.offsets, notes.track, notes.start, notes.duration, notes.pitch, notes.velocity)
    return _hash((*columns, data.style))


def _hash(columns: Iterable[NDArray[Any]]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for column in columns:
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()
