"""The planner: latents, a style and what is given become a code for every bar of every track."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musegan.models.blocks import activate, linear
from musegan.models.coder import HARMONY, on_sphere, sounds
from musegan.models.latents import Latents, LatentSizes
from musegan.models.mixing import BarBlock, Recall, TrackLinear

HEED = 2.0  # first weight of given harmony beside what the trunk makes of it


class Planner(nn.Module):
    """A MuseGAN on a grid of codes.

    A shared trunk hears the shared latents, the style and what is given; then each track's own
    branch hears that track's latents alone. So a track's own latent moves that track and no other,
    and with no shared latents (*jamming*) the tracks meet only in what is given and in the critic's
    ear. Bars have ideas of their own and may take up those of others, given ones too.

    The trunk also names a chord for each half of a bar, and every track's code is pulled to where
    the coder's outline tells that chord. Tracks then agree by the way they are made, not only by
    what the critic teaches each of them. What is given tells of chords too. After training, what a
    bar takes up from another also comes to the chords that are given in its own.

    Args:
        tracks: tracks of the ensemble.
        bars: bars a phrase.
        sizes: latents; see `LatentSizes`.
        styles: number of style labels; label `styles` stands for "any".
        code: length of a code.
        width: channels of the trunk.
        track_width: channels of each track's branch.
        blocks: residual blocks of the trunk.
        track_blocks: residual blocks of the branches.
        context: length of the vector that modulates each bar.
        outline: what codes tell of harmony and rhythm, as logits; the coder's, not taught here.
    """

    def __init__(
        self,
        tracks: int,
        bars: int,
        sizes: LatentSizes,
        styles: int,
        code: int,
        width: int,
        track_width: int,
        blocks: int,
        track_blocks: int,
        context: int,
        outline: TrackLinear,
    ) -> None:
        super().__init__()
        self.tracks, self.bars, self.code = tracks, bars, code
        self.style = nn.Embedding(styles + 1, context)
        self.phrase_context = linear(sizes.shared + context, context)
        self.bar_context = linear(sizes.shared_bar + context, context, 1.5)
        self.bar_position = nn.Parameter(0.1 * torch.randn(bars, context))
        self.seed = linear(context, width)
        self.hear_given = linear(tracks * (code + 2), width)
        self.trunk = nn.ModuleList(BarBlock(width, context) for _ in range(blocks))
        self.to_tracks = linear(width, tracks * track_width)
        self.track_name = nn.Parameter(torch.randn(tracks, context))
        self.track_context = linear(sizes.track + sizes.track_bar + context, context, 1.5)
        self.track_seed = TrackLinear(context, track_width, tracks)
        self.track_hears = TrackLinear(code + 2, track_width, tracks)
        self.branches = nn.ModuleList(
            BarBlock(track_width, context, tracks) for _ in range(track_blocks)
        )
        self.outline = (outline,)  # in a tuple, or its weights would count as the planner's
        self.chords = linear(width, HARMONY)
        self.heed = nn.Parameter(torch.full((tracks,), HEED))
        self.in_chord = nn.Parameter(torch.ones(tracks))
        self.taken_in_chord: Tensor
        self.register_buffer("taken_in_chord", torch.zeros(()))
        self.say = TrackLinear(track_width, code, tracks)
        self.recall = Recall(track_width, tracks)

    def forward(self, latents: Latents, style: Tensor, given: Tensor, mask: Tensor) -> Tensor:
        """Codes of the phrase: those given, and made ones where nothing is.

        Args:
            latents: a batch of latents.
            style: (batch, styles + 1) weights of the styles, summing to 1; the last is "any".
            given: (batch, bars, tracks, code), 0 wherever `mask` is 0, and where silence is given.
            mask: (batch, tracks, bars), 1 where the cell is given, 0 where it is to be made.

        Returns:
            (batch, bars, tracks, code).
        """
        marked = mask.transpose(1, 2)[..., None]
        heard = torch.cat([given, marked, marked - sounds(given)], 3)
        styled = style @ self.style.weight
        phrase = activate(self.phrase_context(torch.cat([latents.shared, styled], 1)))
        held = phrase[:, None].expand(-1, self.bars, -1)
        bar = self.bar_context(torch.cat([latents.shared_bar, held], 2)) + self.bar_position
        bar = activate(bar)[:, :, None]

        h = (self.seed(bar.squeeze(2)) + self.hear_given(heard.flatten(2)))[:, :, None]
        for block in self.trunk:
            h = block(h, bar)
        voice = self.track_voice(latents, phrase)
        told = activate(on_sphere(h))
        given_chords = self.given_harmony(given)
        chords = self.chords(told.squeeze(2)) + given_chords
        t = self.to_tracks(told).unflatten(3, (self.tracks, -1)).squeeze(2)
        t = t + self.track_seed(voice) + self.track_hears(heard)
        for block in self.branches:
            t = block(t, voice)
        t = activate(on_sphere(t))
        ideas = on_sphere(self.say(t) + self.in_harmony(chords)) * (1 - marked) + given
        taken = self.recall(t, ideas) + self.taken_in_chord * self.in_harmony(given_chords)
        return on_sphere(taken) * (1 - marked) + given

    def track_voice(self, latents: Latents, phrase: Tensor) -> Tensor:
        """Each track's context for each bar, (batch, bars, tracks, context)."""
        held = torch.cat([latents.track, self.track_name + phrase[:, None]], 2)
        held = held[:, None].expand(-1, self.bars, -1, -1)
        voice = self.track_context(torch.cat([held, latents.track_bar.transpose(1, 2)], 3))
        return activate(voice)

    def given_harmony(self, given: Tensor) -> Tensor:
        """What given tracks tell of the chords, (batch, bars, 24), 0 where nothing is given.

        Args:
            given: (batch, bars, tracks, code).
        """
        heard = sounds(given)
        told = self.outline[0](given)[..., :HARMONY].sigmoid() * heard * self.heed[:, None]
        chords: Tensor = told.sum(2) / heard.sum(2).clamp(min=1)
        return chords - chords.mean(2, keepdim=True)

    def in_harmony(self, chords: Tensor) -> Tensor:
        """Each track's way to the chords, (batch, bars, tracks, code).

        Args:
            chords: (batch, bars, 24), how much each pitch class is wanted in each half of a bar.
        """
        ways = F.normalize(self.outline[0].weight[:, :, :HARMONY], dim=1)
        pull: Tensor = torch.einsum("nbc,tkc->nbtk", chords, ways) * self.in_chord[:, None]
        return pull
