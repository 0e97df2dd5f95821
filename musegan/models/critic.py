"""The critic: how real a phrase sounds, judged from several views of it at once."""

from __future__ import annotations

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musegan.models.batchwise import BatchNorm, deviation
from musegan.models.blocks import Activation, Conv, ResidualBlock, activate, leanings, linear
from musegan.models.patches import PATCH_PITCHES, PATCH_STEPS, PatchLayout, fold
from musegan.pianoroll import ONSET, SUSTAIN, VELOCITY

STREAMS = ("chroma", "onset", "offset", "repeat", "velocity")
Conditioning = Literal["projection", "classifier", "both", "none"]


class Opinion(NamedTuple):
    """What a critic has to say of phrases.

    Attributes:
        score: (batch,) how real they sound, higher for more, no bound.
        style: (batch, styles) logits: which style it takes them for; None where it does not guess.
    """

    score: Tensor
    style: Tensor | None = None


class Critic(nn.Module):
    """Judges patches under a style and a mask.

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
        conditioning: what it makes of the style: a score that depends on it (Miyato & Koyama,
            "cGANs with Projection Discriminator", ICLR 2018), a guess at it (Odena et al.,
            "Conditional image synthesis with auxiliary classifier GANs", ICML 2017), both, or
            nothing.
        deviation: whether it is told how much the phrases of a batch differ; see `deviation`.
        batch_norm: whether what strided convolutions give is normalised over the batch, as in
            Radford et al., "Unsupervised representation learning with deep convolutional GANs",
            ICLR 2016.
        dropout: share of the channels it misses in training.
        noise_level: whether it is told how much noise was added; see `musegan.training.ears`.
    """

    def __init__(
        self,
        layout: PatchLayout,
        styles: int,
        width: int = 32,
        blocks: tuple[int, int, int] = (0, 1, 1),
        streams: tuple[str, ...] = STREAMS,
        *,
        conditioning: Conditioning = "projection",
        deviation: bool = False,
        batch_norm: bool = False,
        dropout: float = 0.0,
        noise_level: bool = False,
    ) -> None:
        super().__init__()
        self.layout, self.streams = layout, streams
        self.conditioning, self.deviation = conditioning, deviation
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
                stages += [BatchNorm(size)] if batch_norm else []
                stages += [nn.Dropout(dropout)] if dropout else []
            stages += [ResidualBlock(size, per_bar >> level) for _ in range(blocks[level])]
        self.stages = nn.Sequential(*stages)
        wide = 4 * width
        self.bar = linear(widths[2] * (per_bar // 4) * layout.octaves, wide)
        self.phrase = linear(wide + deviation, wide)
        self.hear_noise = linear(1, wide, 0.3) if noise_level else None
        # a first score with gentle slopes, or the penalties undo it before it has learnt anything
        self.score = linear(wide, 1, 0.1)
        self.style, self.guess = None, None
        if conditioning in ("projection", "both"):
            self.style = leanings(styles + 1, wide)
        if conditioning in ("classifier", "both"):
            self.guess = linear(wide, styles, 0.3)

    def forward(
        self, patches: Tensor, style: Tensor, mask: Tensor, noise: Tensor | None = None
    ) -> Opinion:
        """Judge phrases.

        Args:
            patches: (batch, time, octave, channel).
            style: (batch, styles + 1) weights of the styles, summing to 1; the last is "any".
            mask: (batch, tracks, bars), 1 where the phrase was given.
            noise: (batch,) how much noise was added, 0..1; none if left out.
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
        if self.deviation:
            h = torch.cat([h, deviation(h)], 1)
        h = self.phrase(h)
        if self.hear_noise is not None and noise is not None:
            h = h + self.hear_noise(noise[:, None])
        h = activate(h)
        score: Tensor = self.score(h).squeeze(1)
        if self.style is not None:
            score = score + (h * (style @ self.style.weight)).sum(1)
        return Opinion(score, self.guess(h) if self.guess is not None else None)

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


def _ending(beginning: Tensor, sounding: Tensor) -> Tensor:
    """How many notes end with each step, all (batch, time, track, step in patch)."""
    batch, _, tracks, inside = sounding.shape
    sounding, beginning = (
        x.transpose(2, 3).reshape(batch, -1, tracks) for x in (sounding, beginning)
    )
    going_on = F.pad((sounding - beginning)[:, 1:], (0, 0, 0, 1))
    ending: Tensor = (sounding - going_on).unflatten(1, (-1, inside)).transpose(2, 3)
    return ending
