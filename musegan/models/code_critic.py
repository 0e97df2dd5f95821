"""The critic of codes: how real a planned phrase is."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musegan.models.blocks import activate, leanings, linear
from musegan.models.coder import HALVES, HARMONY, sounds
from musegan.models.mixing import BarBlock, TrackLinear

CELL_WIDTH = 64  # channels that each track's cells are first heard by
LIKENESSES = 4  # ways in which two cells may be alike
LIKENESS_WIDTH = 24  # channels that each is measured in


class CodeCritic(nn.Module):
    """Codes, style and mask -> one score a phrase (higher is more real, no bound).

    Beside each bar's codes it hears how they differ from those of the bar before, the harmony and
    rhythm they tell, and how alike tracks are in a bar and bars in a track: by these outlines, and
    by several learnt products of their codes. What goes with what is plain to it.

    Args:
        tracks: tracks of the ensemble.
        bars: bars a phrase.
        styles: number of style labels; label `styles` stands for "any".
        code: length of a code.
        width: channels.
        blocks: residual blocks.
        outline: what codes tell of harmony and rhythm, as logits; the coder's, not taught here.
    """

    def __init__(
        self,
        tracks: int,
        bars: int,
        styles: int,
        code: int,
        width: int,
        blocks: int,
        outline: TrackLinear,
    ) -> None:
        super().__init__()
        self.outline = (outline,)  # in a tuple, or its weights would count as the critic's
        told = outline.weight.shape[2]
        heard = 2 * code + 1 + told
        self.hear_cells = TrackLinear(heard, CELL_WIDTH, tracks)
        self.join_cells = linear(tracks * CELL_WIDTH, width)
        self.hear = linear(tracks * heard, width)
        self.beside = TrackLinear(code, LIKENESSES * LIKENESS_WIDTH, tracks)
        self.before = TrackLinear(code, LIKENESSES * LIKENESS_WIDTH, tracks)
        alike = (LIKENESSES + HALVES) * tracks * tracks + (LIKENESSES + HALVES + 1) * tracks
        self.hear_likenesses = linear(alike, width)
        self.blocks = nn.ModuleList(BarBlock(width) for _ in range(blocks))
        self.join_bars = linear(bars * width, width)
        self.phrase = linear(width, width)
        # a first score with gentle slopes, or the penalties undo it before it has learnt anything
        self.score = linear(width, 1, 0.1)
        self.style = leanings(styles + 1, width)

    def forward(self, codes: Tensor, style: Tensor, mask: Tensor) -> Tensor:
        """Scores, (batch,).

        Args:
            codes: (batch, bars, tracks, code), 0 for silent cells.
            style: (batch, styles + 1) weights of the styles, summing to 1; the last is "any".
            mask: (batch, tracks, bars), 1 where the phrase was given.
        """
        changed = codes - codes.roll(1, 1)
        told = self.tell(codes)
        heard = torch.cat([codes, changed, told, mask.transpose(1, 2)[..., None]], 3)
        cells = self.join_cells(activate(self.hear_cells(heard)).flatten(2))
        alike = self.hear_likenesses(torch.cat([self.likenesses(codes), outlined(told)], 2))
        h = (self.hear(heard.flatten(2)) + cells + alike)[:, :, None]
        for block in self.blocks:
            h = block(h)
        h = activate(self.join_bars(activate(h).flatten(1)))
        h = activate(self.phrase(h))
        score: Tensor = self.score(h).squeeze(1) + (h * (style @ self.style.weight)).sum(1)
        return score

    def tell(self, codes: Tensor) -> Tensor:
        """The outlines of codes, (batch, bars, tracks, outline), 0..1; 0 for silent cells."""
        told: Tensor = self.outline[0](codes).sigmoid() * sounds(codes)
        return told

    def likenesses(self, codes: Tensor) -> Tensor:
        """How alike cells are, (batch, bars, likenesses × tracks × (tracks + 1)).

        Of each track with each in the same bar, and of each bar with the one before it.
        """
        shape = (LIKENESSES, LIKENESS_WIDTH)
        beside = self.beside(codes).unflatten(3, shape).transpose(2, 3)
        before = self.before(codes).unflatten(3, shape)
        tracks = beside @ beside.transpose(3, 4)
        bars = (before * before.roll(1, 1)).sum(4)
        alike = torch.cat([tracks.flatten(2), bars.flatten(2)], 2)
        return alike / math.sqrt(LIKENESS_WIDTH)


def outlined(told: Tensor) -> Tensor:
    """How alike cells are by their outlines, (batch, bars, 2 × tracks × tracks + 3 × tracks).

    By harmony of each track with each in each half of a bar, as cosines; and of each bar with the
    one before it by harmony in each half and by rhythm.

    Args:
        told: (batch, bars, tracks, outline), 0..1; 0 for silent cells.
    """
    chords, rhythm = told.split([HARMONY, told.shape[3] - HARMONY], 3)
    # (batch, bars, half, track, pitch class), of length 1
    chords = chords.unflatten(3, (HALVES, -1)).transpose(2, 3)
    chords, rhythm = (F.normalize(each, dim=-1, eps=0.01) for each in (chords, rhythm))
    tracks = chords @ chords.transpose(3, 4)
    held = (chords * chords.roll(1, 1)).sum(4)
    steady = (rhythm * rhythm.roll(1, 1)).sum(3)
    return torch.cat([tracks.flatten(2), held.flatten(2), steady], 2)
