"""Finding the latents from which a generator makes a given phrase, as nearly as it can.

The latents are optimised through the generator (Creswell & Bharath, "Inverting the Generator of a
Generative Adversarial Network", IEEE TNNLS 2019) from a random start. Onsets are hard thresholds
of logits that mostly lie close by, so the misfit sharpens them: a sigmoid of the bare logits would
count every silent cell as half a note. A phrase the generator has made itself is found again to
the note; of real phrases it finds what it knows how to say.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from musegan.composing.model import Model
from musegan.data.arrangements import playing
from musegan.models.generator import keep
from musegan.models.latents import Latents
from musegan.models.patches import PatchLayout, to_patches
from musegan.models.sounding import HOLD, before
from musegan.pianoroll import ONSET, SUSTAIN, VELOCITY, Phrases

BATCH = 16  # phrases searched at once: bounds memory
STEPS = 200  # of Adam; twice as many take twice as long and find a tenth more of real notes
RATE = 0.2
SOFT, SHARP = 10.0, 40.0  # how steep a step from silence to a note is taken for
SHARE_OF_SHARP = 0.02
SHARE_OF_LENGTHS, SHARE_OF_VELOCITY = 0.1, 1.0
NEARNESS = 1e-5  # pulls latents that do not matter to where training drew them

Heard = Callable[[int, int], None]


def unwatched(step: int, steps: int) -> None:
    """Nobody watches."""


def invert(
    model: Model,
    phrases: Phrases,
    style: Tensor,
    start: Latents,
    steps: int = STEPS,
    heard: Heard = unwatched,
) -> Latents:
    """The latents of canonical phrases of the model's length, in the key that the model knows.

    Args:
        model: whose generator is searched.
        phrases: what it shall make, with nothing given but which tracks play in which bars.
        style: (styles + 1,) weights, see `style_weights`.
        start: where the search begins, one for all phrases.
        steps: of the optimiser.
        heard: called after each step with how many are done and how many there are.

    Returns:
        One for each phrase.
    """
    batches = [np.arange(a, min(a + BATCH, len(phrases))) for a in range(0, len(phrases), BATCH)]
    found = []
    for number, some in enumerate(batches):
        taken = number * steps

        def step_done(step: int, before: int = taken) -> None:
            heard(before + step, len(batches) * steps)

        found.append(_search(model, phrases.select(some), style, start, steps, step_done))
    return Latents(*map(torch.cat, zip(*(each.parts for each in found), strict=True)))


def _search(
    model: Model,
    phrases: Phrases,
    style: Tensor,
    start: Latents,
    steps: int,
    done: Callable[[int], None],
) -> Latents:
    layout = model.generator.layout
    target = to_patches(phrases, layout, model.device)
    plays = torch.from_numpy(playing(phrases, layout.tracks)).to(model.device)
    styles = style.to(model.device).expand(len(phrases), -1)
    parts = [
        part.repeat(len(phrases), *[1] * (part.dim() - 1)).requires_grad_()
        for part in start.to(model.device).parts
    ]
    latents = Latents(*parts)
    adam = torch.optim.Adam(parts, RATE, betas=(0.9, 0.99))
    nothing, silent = torch.zeros_like(target[:1]), 1 - plays
    for step in range(steps):
        logits = model.generator(latents, styles, nothing, silent)
        far = sum(part.square().flatten(1).sum(1) for part in parts)
        loss = (misfit(logits, target, plays, layout) + NEARNESS * far).sum()
        adam.zero_grad()
        loss.backward()
        adam.step()
        done(step + 1)
    return Latents(*(part.detach() for part in parts))


def misfit(logits: Tensor, target: Tensor, plays: Tensor, layout: PatchLayout) -> Tensor:
    """How far the notes of logits are from those of patches, (batch,), >= 0.

    The sum of 1 - F1 of softened onsets, a share of the cross-entropy of sharpened ones per note,
    of that of the steps where notes are held or let go, and of the squared error of velocities.

    Args:
        logits: (batch, time, octave, channel), what the generator says.
        target: patches, what it is to say.
        plays: (batch, tracks, bars), 1 where it is asked at all.
        layout: shape of both.
    """
    said, wanted = layout.split(logits), layout.split(target)
    asked = layout.split(keep(torch.ones_like(target), plays, layout))[..., ONSET, :, :]
    onset, begun = said[..., ONSET, :, :], wanted[..., ONSET, :, :]
    notes = _sum(begun).clamp(min=1)
    soft = torch.sigmoid(SOFT * onset) * asked
    missed = 1 - 2 * _sum(soft * begun) / (_sum(soft) + notes)
    sharp = _cross_entropy(SHARP * onset, begun, asked)
    sounding = wanted[..., SUSTAIN, :, :]
    going_on = before(sounding) * (1 - begun)
    lengths = _cross_entropy(SOFT * said[..., HOLD, :, :], sounding, going_on)
    loud = (torch.sigmoid(said[..., VELOCITY, :, :]) - wanted[..., VELOCITY, :, :]).square()
    return (
        missed
        + SHARE_OF_SHARP * sharp / notes
        + SHARE_OF_LENGTHS * lengths / _sum(going_on).clamp(min=1)
        + SHARE_OF_VELOCITY * _sum(loud * begun) / notes
    )


def _cross_entropy(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    return _sum(F.binary_cross_entropy_with_logits(logits, target, weight, reduction="none"))


def _sum(values: Tensor) -> Tensor:
    return values.flatten(1).sum(1)
