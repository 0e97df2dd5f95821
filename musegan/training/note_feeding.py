"""Where batches of notes come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from musegan.audio.partials.layout import NoteLayout
from musegan.models.timbres.patches import silence_inaudible
from musegan.training.feeding import Feeder
from musegan.training.note_contest import NoteBatch
from musegan.training.parts import each_tensor, rows_of
from musegan.training.recipe import TimbreRecipe

MOST_GAIN, MOST_TILT, MOST_DELAY = 0.05, 0.05, 4  # levels, levels, frames below


@dataclass(frozen=True)
class Notes:
    """Real notes with what is known of them.

    Attributes:
        pictures: (notes, 2, rows, frames).
        instrument: (notes,) labels.
        pitch: (notes,) MIDI pitches.
    """

    pictures: Tensor
    instrument: Tensor
    pitch: Tensor


class NoteFeeder(Feeder[NoteBatch]):
    """Notes of all instruments, the rarer the likelier each; played a little higher or lower.

    On rows that follow the pitch, a recording played faster is the same picture at another pitch.

    Args:
        notes: to draw from.
        layout: of their pictures.
        instruments: how many.
        recipe: batch size and disturbances.
        seed: of all draws.
        device: where the batches go.
    """

    recipe: TimbreRecipe

    def __init__(
        self,
        notes: Notes,
        layout: NoteLayout,
        instruments: int,
        recipe: TimbreRecipe,
        seed: int,
        device: torch.device,
    ) -> None:
        self.notes, self.layout, self.instruments = notes, layout, instruments
        self.seed, self.recipe, self.device = seed, recipe, device
        count = torch.bincount(notes.instrument, minlength=instruments)
        self.weights = count[notes.instrument].float().rsqrt()

    def batch(self, number: int) -> NoteBatch:
        """The own rows of batch `number` of the training."""
        recipe, size = self.recipe, self.recipe.batch
        start = int(np.random.default_rng([self.seed, number, 1]).integers(2**63))
        random = torch.Generator().manual_seed(start)
        chosen = torch.multinomial(self.weights, size, replacement=True, generator=random)
        shift = torch.randint(-recipe.shift, recipe.shift + 1, (size,), generator=random)
        pitch = self.notes.pitch[chosen] + shift.float()
        either = 2 * torch.rand(2, size, 1, 1, generator=random) - 1
        tilt = torch.linspace(-1, 1, self.layout.rows)[:, None]
        gain = recipe.disturb * (MOST_GAIN * either[0] + MOST_TILT * either[1] * tilt)
        delay = torch.randint(0, MOST_DELAY, (size,), generator=random)
        latents = torch.randn(size, recipe.generator.latent, generator=random)
        # all is drawn for the whole batch, so that its rows do not depend on who makes them
        drawn = (chosen, pitch, latents, gain, (delay * recipe.disturb).round().long())
        chosen, pitch, latents, gain, delay = rows_of(drawn, self.own)
        batch = NoteBatch(
            silence_inaudible(self.notes.pictures[chosen], pitch, self.layout),
            F.one_hot(self.notes.instrument[chosen], self.instruments).float(),
            pitch,
            latents,
            gain,
            delay,
        )
        return each_tensor(batch, lambda tensor: tensor.to(self.device, non_blocking=True))
