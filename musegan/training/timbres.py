"""How notes are played against each other, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from musegan.audio.partials.layout import DETUNE, LEVEL, NoteLayout, hertz_of
from musegan.models.timbres.critic import TimbreCritic
from musegan.models.timbres.generator import TimbreGenerator
from musegan.models.timbres.patches import silence_inaudible
from musegan.training.contest import Contest, Verdict
from musegan.training.feeding import Feeder
from musegan.training.growing import coarse_notes, grown
from musegan.training.matching import Traits
from musegan.training.parts import each_tensor, rows_of
from musegan.training.recipe import TimbreRecipe
from musegan.training.sections import GrowthRecipe

MOST_GAIN, MOST_TILT, MOST_DELAY = 0.05, 0.05, 4  # levels, levels, frames below
FAINT = 10.0  # brings what moves a little to the size of what stands still
TOLD = 16  # partials whose detuning is compared
LOWEST, FREQUENCIES = 100.0, 25  # Hz; four to an octave, to 6.4 kHz


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


@dataclass(frozen=True)
class NoteBatch:
    """What one update hears, on the training device.

    Attributes:
        real: (batch, 2, rows, frames) pictures of real notes.
        instrument: (batch, instruments) one-hot.
        pitch: (batch,) MIDI pitches.
        latents: (batch, latent) for the made notes.
        gain: (batch, rows, 1) change of levels that the critic hears all notes with.
        delay: (batch,) frames it hears them later.
    """

    real: Tensor
    instrument: Tensor
    pitch: Tensor
    latents: Tensor
    gain: Tensor
    delay: Tensor


def make_notes(generator: TimbreGenerator, batch: NoteBatch, recipe: TimbreRecipe) -> Tensor:
    """Notes to the batch's wishes."""
    made: Tensor = generator(batch.latents, batch.instrument, batch.pitch)
    return made


def judge_notes(critic: TimbreCritic, pictures: Tensor, batch: NoteBatch) -> Verdict:
    """The critic's scores and guesses of notes, which it hears disturbed."""
    opinion = critic(disturbed(pictures, batch), batch.instrument, batch.pitch)
    unlike = F.cross_entropy(opinion.instrument, batch.instrument, reduction="none")
    off = ((opinion.pitch - batch.pitch) / 12).square()
    return Verdict(opinion.score, unlike + off)


def disturbed(pictures: Tensor, batch: NoteBatch) -> Tensor:
    """Notes a little louder, duller or later, real and made ones alike.

    Zhao et al., "Differentiable augmentation for data-efficient GAN training", NeurIPS 2020: a
    critic of few notes learns them by heart. As made notes are disturbed too, and the generator
    hears through it, nothing of it leaks into what is made.
    """
    level = pictures[:, LEVEL]
    level = torch.where(level > -1, (level + batch.gain).clamp(min=-1), level)
    changed = torch.stack([level, pictures[:, DETUNE]], 1)
    frames = pictures.shape[3]
    heard = (torch.arange(frames, device=level.device) - batch.delay[:, None]).clamp(min=0)
    return changed.gather(3, heard[:, None, None].expand_as(changed))


def note_traits(critic: TimbreCritic, pictures: Tensor, batch: NoteBatch) -> list[Traits]:
    """How notes of each instrument sound on average, how restless they are and how they bend.

    What is told of each instrument is 0 for notes of the others, and larger by the root of how
    many there are, so that the mean square over all of them stays.
    """
    level, detuned = pictures[:, LEVEL], pictures[:, DETUNE, :TOLD]
    known = batch.instrument * batch.instrument.shape[1] ** 0.5

    def by_instrument(values: Tensor) -> Traits:
        return Traits((known[:, :, None, None] * values[:, None]).flatten(1, 2))

    spectra = F.avg_pool2d(level[:, None], (2, 8))[:, 0].transpose(1, 2)
    restless = FAINT * level.diff(dim=2).abs().mean(2).unflatten(1, (-1, 4)).mean(2)
    together = detuned.mean(1)
    bends = torch.stack(
        [
            FAINT * detuned.diff(dim=2).abs().mean((1, 2)),
            FAINT / 2 * (together.var(1) + 1e-6).sqrt(),
            FAINT / 2 * (detuned - together[:, None]).abs().mean((1, 2)),
        ],
        1,
    )
    course = level.unflatten(1, (-1, 8)).mean(2).transpose(1, 2)
    if not critic.layout.pitched:
        return [by_instrument(spectra), by_instrument(restless[:, None]), Traits(course, 0.2)]
    return [
        by_instrument(spectra),
        by_instrument(_at_frequencies(level, batch.pitch, critic.layout.partials)),
        by_instrument(restless[:, None]),
        by_instrument(bends[:, None]),
        Traits(course, 0.2),
    ]


def _at_frequencies(level: Tensor, pitch: Tensor, partials: int) -> Tensor:
    """Levels of the partials nearest to `FREQUENCIES` of them, (batch, frames / 8, frequencies).

    Formants stay where they are at all pitches, and so are not on the same rows.
    """
    hertz = hertz_of(pitch)
    # made where it is needed: a number sent to a GPU could not be recorded
    frequencies = LOWEST * 2 ** (torch.arange(FREQUENCIES, device=level.device) / 4)
    row = (frequencies / hertz[:, None]).round().long() - 1
    there = (row >= 0) & (row < partials)
    slow = F.avg_pool1d(level, 8)
    found = slow.gather(1, row.clamp(0, partials - 1)[:, :, None].expand(-1, -1, slow.shape[2]))
    return (found * there[:, :, None]).transpose(1, 2)


def grow_notes(
    critic: TimbreCritic, pictures: Tensor, growth: GrowthRecipe, progress: float
) -> Tensor:
    """Pictures as coarse as they are heard by then."""
    return grown(pictures, growth, progress, coarse_notes)


NOTES = Contest(make_notes, judge_notes, note_traits, grow=grow_notes)


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
