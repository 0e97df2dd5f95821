"""What a coder strives for: that phrases it has read are played as they were."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from musegan.models.coder import Coder, outlines, sounding
from musegan.models.patches import PatchLayout
from musegan.models.sounding import before
from musegan.pianoroll import ONSET, SUSTAIN, VELOCITY

ONSETS_COUNT = 2.0  # an onset that is left out weighs as much as two that are put in


def misheard(logits: Tensor, patches: Tensor, layout: PatchLayout) -> dict[str, Tensor]:
    """Cross-entropies of onsets, of holds where notes sound, and of velocities; nats a note.

    Args:
        logits: (batch, time, octave, channel), see `sound`.
        patches: what they should play.
        layout: shape of both.
    """
    said, played = layout.split(logits), layout.split(patches)
    begun, sustained, loud = (played[..., plane, :, :] for plane in (ONSET, SUSTAIN, VELOCITY))
    going_on = before(sustained) * (1 - begun)
    plays = sounding(patches, layout).transpose(1, 2)
    plays = plays.repeat_interleave(layout.patches_per_bar, 1)[:, :, None, :, None, None]
    found = {
        "onset": _entropy(
            said[..., ONSET, :, :], begun, plays.expand_as(begun), missed=ONSETS_COUNT
        ),
        "hold": _entropy(said[..., SUSTAIN, :, :], sustained, going_on),
        "velocity": _entropy(said[..., VELOCITY, :, :], loud, begun),
    }
    notes = _notes(patches, layout)
    return {name: entropy / notes for name, entropy in found.items()}


def mistold(coder: Coder, codes: Tensor, patches: Tensor) -> Tensor:
    """Cross-entropy of the outlines that codes tell, nats a note."""
    layout = coder.decoder.layout
    plays = sounding(patches, layout).transpose(1, 2)[..., None]
    entropy = _entropy(coder.outline(codes), outlines(patches, layout), plays)
    return entropy / _notes(patches, layout)


def _entropy(said: Tensor, wanted: Tensor, weight: Tensor, missed: float = 1.0) -> Tensor:
    """Cross-entropy of logits, in nats; what is missed weighs so much more than what is added."""
    return F.binary_cross_entropy_with_logits(
        said,
        wanted,
        weight,
        reduction="sum",
        pos_weight=torch.full((), missed, device=wanted.device),
    )


def _notes(patches: Tensor, layout: PatchLayout) -> Tensor:
    """How many notes begin, at least one."""
    begun: Tensor = layout.split(patches)[..., ONSET, :, :]
    return begun.sum().clamp(min=1)
