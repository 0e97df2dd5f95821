"""The training of models that make notes, or hits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from musegan.audio.partials.analysis import analyse
from musegan.audio.partials.layout import layout_of
from musegan.data.sounds import UNPITCHED, SoundSet
from musegan.errors import MuseganError
from musegan.models.spectral import normalise
from musegan.models.timbres.critic import TimbreCritic
from musegan.models.timbres.generator import TimbreGenerator
from musegan.models.timbres.spec import TimbreSpec, build_timbre_generator
from musegan.training.note_contest import NOTES, NoteBatch
from musegan.training.note_feeding import NoteFeeder, Notes
from musegan.training.recipe import TimbreRecipe
from musegan.training.task import Task, hash_of

NO_PITCH = 60  # what hits are told their pitch is, all alike


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
        fingerprint(data),
        build,
        NOTES,
        lambda generator: NoteFeeder(notes, layout, count, recipe, seed, device),
        lambda generator, heard: None,
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


def fingerprint(data: SoundSet) -> str:
    """A hash of all training sounds, instruments and pitches."""
    return hash_of((data.samples, data.instrument, data.pitch))
