"""How notes are played against each other."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from musegan.audio.partials.layout import DETUNE, LEVEL, hertz_of
from musegan.models.timbres.critic import TimbreCritic
from musegan.models.timbres.generator import TimbreGenerator
from musegan.training.contest import Contest, Verdict
from musegan.training.growing import coarse_notes, grown
from musegan.training.matching import Traits
from musegan.training.recipe import TimbreRecipe
from musegan.training.sections import GrowthRecipe

FAINT = 10.0  # brings what moves a little to the size of what stands still
TOLD = 16  # partials whose detuning is compared
LOWEST, FREQUENCIES = 100.0, 25  # Hz; four to an octave, to 6.4 kHz


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
