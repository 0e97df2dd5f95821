"""From logits to a roll: where notes begin, how long they are held, how loud they are.

A cell is *held* when it sounds without beginning: the cell before it sounds, and it says so itself.
With o = onset, c = hold (both 0 or 1) and h = sounding, along the steps t of one pitch

    h[t] = o[t] + (1 - o[t]) c[t] h[t - 1]

so every roll a generator makes reads as notes without a remainder, and an onset learns from all the
steps its note goes on to sound.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from musegan.models.patches import PATCH_STEPS, PatchLayout
from musegan.pianoroll import ONSET, SUSTAIN, VELOCITY

HOLD = SUSTAIN  # the plane of logits that says whether a note goes on

# how much of a step's credit reaches the step before where steps are hard: at 1 the chain rule is
# exact, but what a long note is worth as a whole drowns what its onset is worth
PATIENCE = 0.9

# planes are (batch, time, octave, track, plane, step in patch, pitch in octave) in this file
_PLANE = 4


def sound(logits: Tensor, layout: PatchLayout, soft: bool = False) -> Tensor:
    """Patches from logits: what the critic hears and notes are read from.

    Onsets and holds become exactly 0 or 1, while gradients pass as through a smooth step (the
    deterministic binary neurons with straight-through gradients of Dong & Yang, "Convolutional
    Generative Adversarial Networks with Binary Neurons", ISMIR 2018). Its slope, a quarter of
    (1 + |x| / 2)^-3, is a sigmoid's near 0 but has longer tails (as in Zenke & Ganguli,
    "SuperSpike", 2018): a track that has fallen silent can still learn to play. Velocity is heard
    at onsets only.

    Args:
        logits: (batch, time, octave, channel) onset, hold and velocity logits.
        layout: shape of the phrase.
        soft: leave onsets and holds as probabilities.
    """
    parts = layout.split(logits.contiguous())
    heard: Tensor = _Sound.apply(parts, soft)  # type: ignore[no-untyped-call]  # torch leaves it untyped
    return heard.flatten(3)


class _Sound(torch.autograd.Function):
    """`sound` with its gradient written out, to pass over the big tensors as seldom as possible."""

    @staticmethod
    def forward(ctx: Any, logits: Tensor, soft: bool) -> Tensor:
        """Planes of logits -> planes of a roll."""
        loud = torch.sigmoid(logits.select(_PLANE, VELOCITY))
        steps = logits.narrow(_PLANE, ONSET, 2)
        values = torch.sigmoid(steps) if soft else torch.gt(steps, 0).to(logits.dtype)
        onset, hold = values.unbind(_PLANE)
        heard = torch.empty_like(logits)
        heard.select(_PLANE, ONSET).copy_(onset)
        torch.mul(loud, onset, out=heard.select(_PLANE, VELOCITY))
        _carry(onset, hold * (1 - onset), heard.select(_PLANE, SUSTAIN))
        ctx.save_for_backward(logits, heard, values, loud)
        ctx.soft = soft
        return heard

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        """The chain rule through the carried sound, with smooth steps for hard ones."""
        logits, heard, values, loud = ctx.saved_tensors
        of_onset, of_sustain, of_velocity = gradients[0].unbind(_PLANE)
        onset, hold = values.unbind(_PLANE)
        sounding = heard.select(_PLANE, SUSTAIN)
        going_on = 1 - onset
        credit = torch.empty_like(of_sustain)
        _carry_back(of_sustain, hold * going_on, credit, 1.0 if ctx.soft else PATIENCE)
        through_hold = credit * before(sounding)
        passed = torch.empty_like(logits)
        to_onset, to_hold, to_velocity = passed.unbind(_PLANE)
        torch.addcmul(credit, through_hold, hold, value=-1, out=to_onset)
        to_onset.add_(of_onset).addcmul_(of_velocity, loud)
        torch.mul(through_hold, going_on, out=to_hold)
        torch.mul(of_velocity * onset, loud * (1 - loud), out=to_velocity)
        passed.narrow(_PLANE, ONSET, 2).mul_(_slope(logits, values, ctx.soft))
        return passed, None


def _slope(logits: Tensor, values: Tensor, soft: bool) -> Tensor:
    if soft:
        return values * (1 - values)
    near = logits.narrow(_PLANE, ONSET, 2).abs().mul_(0.5).add_(1).reciprocal_()
    return (near * near).mul_(near).mul_(0.25)


def _carry(onset: Tensor, going_on: Tensor, sounding: Tensor) -> None:
    """Fill sounding[t] = onset[t] + going_on[t] sounding[t - 1], step by step."""
    before = torch.zeros_like(onset[:, 0, :, :, 0])
    for time in range(onset.shape[1]):
        for step in range(PATCH_STEPS):
            now = (slice(None), time, slice(None), slice(None), step)
            before = torch.addcmul(onset[now], going_on[now], before, out=sounding[now])


def _carry_back(gradient: Tensor, going_on: Tensor, credit: Tensor, patience: float) -> None:
    """Fill credit[t] = gradient[t] + patience going_on[t + 1] credit[t + 1], last step first."""
    owed = torch.zeros_like(gradient[:, 0, :, :, 0])
    for time in reversed(range(gradient.shape[1])):
        for step in reversed(range(PATCH_STEPS)):
            now = (slice(None), time, slice(None), slice(None), step)
            torch.add(gradient[now], owed, out=credit[now])
            owed = torch.mul(going_on[now], credit[now]).mul_(patience)


def before(plane: Tensor) -> Tensor:
    """A plane (batch, time, octave, track, step, pitch) one step earlier, 0 before the first."""
    earlier = torch.zeros_like(plane)
    earlier[..., 1:, :] = plane[..., :-1, :]
    earlier[:, 1:, :, :, 0] = plane[:, :-1, :, :, -1]
    return earlier
