import pytest
import torch
from torch import Tensor

from musegan.models.patches import PatchLayout, from_patches, to_patches
from musegan.models.sounding import PATIENCE, sound
from musegan.pianoroll import ONSET, SUSTAIN, VELOCITY, Grid

LAYOUT = PatchLayout(Grid(1, 12), bars=2, tracks=2, octaves=2)
STEPS = 24


def some_logits(batch: int = 2, seed: int = 0, dtype: torch.dtype = torch.float32) -> Tensor:
    random = torch.Generator().manual_seed(seed)
    logits = 2 * torch.randn(LAYOUT.shape(batch), generator=random, dtype=dtype)
    LAYOUT.split(logits)[:, :, :, :, SUSTAIN] += 1  # notes of some length
    return logits


def by_step(patches: Tensor) -> Tensor:
    """(batch, step, octave, track, plane, pitch in octave)."""
    return LAYOUT.split(patches).movedim(5, 2).flatten(1, 2)


class _Hard(torch.autograd.Function):
    """A step at 0 whose slope is that of a smooth one."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x > 0).to(x.dtype)

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient / (4 * (1 + x.abs() / 2) ** 3)


class _Faded(torch.autograd.Function):
    """The identity, whose gradient is passed on in part."""

    @staticmethod
    def forward(ctx, x, share):
        ctx.share = share
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        return gradient * ctx.share, None


def spelled_out(logits: Tensor, soft: bool) -> Tensor:
    """The definition, step by step, differentiated by autograd."""
    onset_logit, hold_logit, velocity_logit = by_step(logits).unbind(4)
    step = torch.sigmoid if soft else _Hard.apply
    onset, hold = step(onset_logit), step(hold_logit)
    sounding = []
    before = torch.zeros_like(onset[:, 0])
    for time in range(STEPS):
        carried = _Faded.apply(before, 1.0 if soft else PATIENCE)
        before = onset[:, time] + (1 - onset[:, time]) * hold[:, time] * carried
        sounding.append(before)
    velocity = torch.sigmoid(velocity_logit) * onset
    return torch.stack([onset, torch.stack(sounding, 1), velocity], 4)


@pytest.mark.parametrize("soft", [False, True])
def test_sound_and_its_gradient_are_the_definitions(soft):
    logits = some_logits(dtype=torch.float64).requires_grad_()
    heard, expected = by_step(sound(logits, LAYOUT, soft)), spelled_out(logits, soft)
    torch.testing.assert_close(heard, expected)
    weights = torch.randn(heard.shape, dtype=torch.float64)
    gradients = [
        torch.autograd.grad((result * weights).sum(), logits)[0] for result in (heard, expected)
    ]
    torch.testing.assert_close(*gradients)
    assert gradients[0].count_nonzero() > 0.3 * gradients[0].numel()


def test_soft_gradients_are_finite_differences():
    logits = some_logits(batch=1, dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(
        lambda x: sound(x, LAYOUT, soft=True), logits, fast_mode=True, check_undefined_grad=False
    )


def test_onset_and_sustain_are_binary_and_velocity_is_heard_at_onsets_alone():
    onset, sustain, velocity = by_step(sound(some_logits(), LAYOUT)).unbind(4)
    assert set(onset.unique().tolist()) == set(sustain.unique().tolist()) == {0.0, 1.0}
    assert torch.equal(velocity > 0, onset == 1)
    assert velocity.max() < 1
    assert (sustain >= onset).all()


def test_every_sounding_cell_belongs_to_a_note():
    heard = sound(some_logits(), LAYOUT)
    again = to_patches(from_patches(heard, LAYOUT), LAYOUT)
    planes = [LAYOUT.split(patches)[:, :, :, :, :VELOCITY] for patches in (heard, again)]
    assert torch.equal(*planes)
    heard, again = (LAYOUT.split(patches)[:, :, :, :, VELOCITY] for patches in (heard, again))
    begun = heard > 0
    # MIDI has 127 velocities, the lowest of which is 1
    torch.testing.assert_close(
        again[begun], heard[begun].clamp(min=1 / 127), rtol=0, atol=0.501 / 127
    )


def test_a_silent_track_still_learns_to_play():
    logits = some_logits()
    LAYOUT.split(logits)[:, :, :, :, ONSET] = -8
    logits.requires_grad_()
    heard = sound(logits, LAYOUT)
    assert not heard.any()
    heard.sum().backward()
    slope = LAYOUT.split(logits.grad)[:, :, :, :, ONSET]
    assert slope.min() > 1e-3  # a sigmoid's would be 3e-4
