"""The critic: how real a phrase sounds, judged from several views of it at once."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musegan.models.blocks import Activation, Conv, ResidualBlock, activate, linear
from musegan.models.patches import PATCH_PITCHES, PATCH_STEPS, PatchLayout
from musegan.pianoroll import ONSET, SUSTAIN, VELOCITY

STREAMS = ("chroma", "onset", "offset", "repeat", "velocity")


class Critic(nn.Module):
    """Patches, style and mask -> one score a phrase (higher is more real, no bound).

    Beside the roll itself it hears `streams` in which octaves are folded away:
    - chroma: the pitch classes each track sounds (harmony);
    - onset, offset: how many of each track's notes begin, end at each step (rhythm);
    - repeat: how many onsets have their pitch class at the same place of the bar before (form);
    - velocity: how loud each track's notes at a step are together (dynamics).

    Args:
        layout: shape of the phrase.
        styles: number of style labels; label `styles` stands for "any".
        width: channels at full patch resolution; each halving of time widens by a half.
        blocks: residual blocks at full, half and quarter time resolution.
        streams: the views to hear beside the roll, any of `STREAMS`.
    """

    def __init__(
        self,
        layout: PatchLayout,
        styles: int,
        width: int = 32,
        blocks: tuple[int, int, int] = (0, 1, 1),
        streams: tuple[str, ...] = STREAMS,
    ) -> None:
        super().__init__()
        self.layout, self.streams = layout, streams
        tracks, per_bar = layout.tracks, layout.patches_per_bar
        self.hear_roll = linear(layout.channels, width)
        self.hear_mask = linear(tracks, width)
        sizes = dict.fromkeys(STREAMS, tracks * PATCH_STEPS) | {"chroma": tracks * PATCH_PITCHES}
        heard = sum(sizes[name] for name in streams)
        self.hear_streams = linear(heard, width) if heard else None
        self.place = nn.Parameter(0.1 * torch.randn(per_bar, layout.octaves, width))
        widths = [width, width * 3 // 2, width * 9 // 4]
        stages: list[nn.Module] = []
        for level, size in enumerate(widths):
            if level:
                stages += [Activation(), Conv(widths[level - 1], size, (2, 1), stride=(2, 1))]
            stages += [ResidualBlock(size, per_bar >> level) for _ in range(blocks[level])]
        self.stages = nn.Sequential(*stages)
        self.bar = linear(widths[2] * (per_bar // 4) * layout.octaves, 4 * width)
        self.phrase = linear(4 * width, 4 * width)
        # a first score with gentle slopes, or the penalties undo it before it has learnt anything
        self.score = linear(4 * width, 1, 0.1)
        self.style = nn.Embedding(styles + 1, 4 * width)
        nn.init.normal_(self.style.weight, std=0.1 * (4 * width) ** -0.5)

    def forward(self, patches: Tensor, style: Tensor, mask: Tensor) -> Tensor:
        """Scores, (batch,).

        Args:
            patches: (batch, time, octave, channel).
            style: (batch, styles + 1) weights of the styles, summing to 1; the last is "any".
            mask: (batch, tracks, bars), 1 where the phrase was given.
        """
        bars = self.layout.bars
        h = self.hear_roll(patches).unflatten(1, (bars, -1)) + self.place
        h = h + self.hear_mask(mask.transpose(1, 2))[:, :, None, None]
        h = h.flatten(1, 2)
        folded = fold(patches, self.layout)
        if self.hear_streams is not None:
            h = h + self.hear_streams(self.views(folded))[:, :, None]
        h = self.stages(h).unflatten(1, (bars, -1)).flatten(2)
        h = activate(self.bar(activate(h))).mean(1)
        h = activate(self.phrase(h))
        # a projection critic: Miyato & Koyama, "cGANs with Projection Discriminator", ICLR 2018
        score: Tensor = self.score(h).squeeze(1) + (h * (style @ self.style.weight)).sum(1)
        return score

    def views(self, folded: Tensor) -> Tensor:
        """The streams of a folded phrase side by side, (batch, time, stream channels)."""
        # each (batch, time, track, step in patch, pitch class)
        onset, sustain = folded[:, :, :, ONSET], folded[:, :, :, SUSTAIN]
        loud = folded[:, :, :, VELOCITY]
        views = {"chroma": sustain.mean(3), "onset": onset.sum(4), "velocity": loud.sum(4)}
        if "offset" in self.streams:
            views["offset"] = _ending(onset.sum(4), sustain.sum(4))
        if "repeat" in self.streams:
            per_bar = self.layout.patches_per_bar
            again = (onset[:, per_bar:] * onset[:, :-per_bar]).sum(4)
            views["repeat"] = F.pad(again, (0, 0, 0, 0, per_bar, 0))
        return torch.cat([views[name].flatten(2) for name in self.streams], 2)


def fold(patches: Tensor, layout: PatchLayout) -> Tensor:
    """Octaves laid over each other: (batch, time, track, plane, step in patch, pitch class)."""
    return layout.split(patches.sum(2))


def _ending(beginning: Tensor, sounding: Tensor) -> Tensor:
    """How many notes end with each step, all (batch, time, track, step in patch)."""
    batch, _, tracks, inside = sounding.shape
    sounding, beginning = (
        x.transpose(2, 3).reshape(batch, -1, tracks) for x in (sounding, beginning)
    )
    going_on = F.pad((sounding - beginning)[:, 1:], (0, 0, 0, 1))
    ending: Tensor = (sounding - going_on).unflatten(1, (-1, inside)).transpose(2, 3)
    return ending
