"""How the tracks of a planned phrase play: what codes leave open is settled as it is in real music.

A decoder says of each step and pitch how sure it is that a note begins, surer beside given notes
than from nothing. From that come, one after the other, how much room notes take that begin
together, which bars come again, which tracks are lines, whose rhythm a bar takes up, and which
notes begin in the end. All levels are set after training, see `training.texture` and
`training.habits`; until then none of it changes a thing.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musegan.models.crowding import make_room
from musegan.models.monophony import NEVER, lines
from musegan.models.motion import CHORDS, FAR, LINE, choose
from musegan.models.onsets import by_bar, count, onsets_of, put_onsets
from musegan.models.patches import PatchLayout
from musegan.models.repeats import NOWHERE, likeness, sources

CERTAIN = 1.0  # the logit of a note that begins against what the decoder says, or with a minus not
NO_DOUBT = 1e-6  # the chance that what is given is not


class Habits(nn.Module):
    """The habits of all tracks.

    Attributes:
        reticence: (tracks,) how much less sure a track's onsets are taken to be beside given notes.
        crowding: (tracks,) see `crowding`.
        again: (tracks,) how like another bar's notes those of a bar are that is that bar again.
        chords_in_lines: (tracks,) share of chords up to which a track is a line, see `monophony`.
        riffs: (tracks,) how like another bar's rhythm one is that takes it up, see `repeats`.
        motion: (tracks, 2, 2 * FAR + 1) how upper voices of lines and of chords move, see `motion`.

    Args:
        layout: shape of the phrase.
    """

    reticence: Tensor
    crowding: Tensor
    again: Tensor
    chords_in_lines: Tensor
    riffs: Tensor
    motion: Tensor

    def __init__(self, layout: PatchLayout) -> None:
        super().__init__()
        self.layout = layout
        tracks = layout.tracks
        self.register_buffer("reticence", torch.zeros(tracks))
        self.register_buffer("crowding", torch.zeros(tracks))
        self.register_buffer("again", torch.full((tracks,), NOWHERE))
        self.register_buffer("chords_in_lines", torch.full((tracks,), NEVER))
        self.register_buffer("riffs", torch.full((tracks,), NOWHERE))
        self.register_buffer("motion", torch.zeros(tracks, 2, 2 * FAR + 1))

    def forget(self) -> None:
        """Let tracks play as codes are decoded."""
        self.load_state_dict(Habits(self.layout).state_dict())

    def forward(self, logits: Tensor, given: Tensor, mask: Tensor) -> Tensor:
        """Logits of the patches as they are played: those that came, changed in place.

        Args:
            logits: (batch, time, octave, channel): see `sound`.
            given: patches, silent wherever `mask` is 0; those of one phrase do for all.
            mask: (batch, tracks, bars), 1 where the cell is given, 0 where it is to be made.
        """
        layout, free = self.layout, mask == 0
        made_here = free.repeat_interleave(layout.grid.steps_per_bar, 2)
        told = onsets_of(given, layout)
        told_count = count(told > 0).expand(made_here.shape)
        beside = told_count.any(2).any(1)[:, None] * self.reticence
        onsets = make_room(onsets_of(logits, layout) - beside[..., None, None], self.crowding)
        if told.any():
            self._hear(logits, given, free)
            onsets = torch.where(made_here[..., None], onsets, _certain(told))
        self._come_again(logits, onsets, free)
        begun = onsets > 0
        begun_count = count(begun)
        made_count = torch.where(made_here, begun_count, 0)
        line = lines(made_count, told_count, self.chords_in_lines)
        alone = line[..., None] & made_here
        counts = self._take_up(torch.where(alone, begun_count.clamp(max=1), begun_count), free)
        motion = torch.where(line[..., None], self.motion[:, LINE], self.motion[:, CHORDS])
        chosen = choose(onsets, counts, motion)
        changed = chosen ^ begun
        onsets[changed] = chosen[changed] * (2 * CERTAIN) - CERTAIN
        put_onsets(logits, onsets, layout)
        return logits

    def _hear(self, logits: Tensor, given: Tensor, free: Tensor) -> None:
        """Put what is given into logits, in place, so that all bars can be treated alike."""
        cells = self.layout.cells(logits)
        notes = self.layout.cells(given).expand_as(cells)
        batch, track, bar = (~free).nonzero(as_tuple=True)
        cells[batch, bar, :, :, track] = _certain(notes[batch, bar, :, :, track])

    def _come_again(self, logits: Tensor, onsets: Tensor, free: Tensor) -> None:
        """Let bars that come again be those they take after, in place, as in their onsets."""
        layout = self.layout
        bars = by_bar(onsets, layout)
        source = sources(likeness((bars > 0).flatten(3)), free, self.again)
        moved = (source != torch.arange(layout.bars, device=source.device)).nonzero(as_tuple=True)
        batch, track, bar = moved
        first = source[moved]
        bars[batch, track, bar] = bars[batch, track, first]
        cells = layout.cells(logits)
        cells[batch, bar, :, :, track] = cells[batch, first, :, :, track]

    def _take_up(self, counts: Tensor, free: Tensor) -> Tensor:
        """How many notes begin at each step, with the rhythms that bars take up."""
        bars = by_bar(counts, self.layout)
        source = sources(likeness(bars > 0), free, self.riffs)
        return bars.gather(2, source[..., None].expand_as(bars)).flatten(2)


def _certain(heard: Tensor) -> Tensor:
    """Logits of what is heard, 0..1, that leave no doubt of 0 and 1."""
    return torch.logit(heard, eps=NO_DOUBT)
