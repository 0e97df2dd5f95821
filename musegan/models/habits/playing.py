"""How the tracks of a planned phrase play: what codes leave open is settled as it is in real music.

A decoder says of each step and pitch how sure it is that a note begins, surer beside given notes
than from nothing. From that come, one after the other, on which notes tracks agree, the register
that each keeps to, how much room notes take that begin together, which bars come again, which
tracks are lines and which play block chords, whose rhythm a bar takes up, which notes begin in the
end, and where they end. All levels are set after training, see `training.calibration`; until then
none of it changes a thing.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musegan.models.habits.consonance import agree
from musegan.models.habits.crowding import make_room
from musegan.models.habits.endings import ended, held_over, tails
from musegan.models.habits.homophony import ALWAYS, as_blocks, blocks
from musegan.models.habits.monophony import NEVER, lines
from musegan.models.habits.motion import CHORDS, FAR, LINE, choose
from musegan.models.habits.register import favour
from musegan.models.habits.repeats import NOWHERE, likeness, sources
from musegan.models.onsets import along, by_bar, by_step, count, plane_of, put_along, put_plane
from musegan.models.patches import PatchLayout
from musegan.models.sounding import HOLD
from musegan.pianoroll import ONSET

CERTAIN = 1.0  # the logit of a note that begins against what the decoder says, or with a minus not
NO_DOUBT = 1e-6  # the chance that what is given is not


class Habits(nn.Module):
    """The habits of all tracks.

    Attributes:
        reticence: (tracks,) how much less sure a track's onsets are taken to be beside given notes.
        keeping: (tracks,) how closely tracks keep to their registers, see `register`.
        reach: (tracks,) semitones of a register that count as near, see `register`.
        consonance: (tracks,) how much tracks agree on notes, see `consonance`.
        crowding: (tracks,) see `crowding`.
        again: (tracks,) how like another bar's notes those of a bar are that is that bar again.
        chords_in_lines: (tracks,) share of chords up to which a track is a line, see `monophony`.
        chords_in_blocks: (tracks,) share of chords from which on it plays blocks, see `homophony`.
        riffs: (tracks,) how like another bar's rhythm one is that takes it up, see `repeats`.
        motion: (tracks, 2, 2 * FAR + 1) how upper voices of lines and of chords move, see `motion`.
        held: (tracks, 2) share of notes held over the next onset up to which none is, of lines and
            of chords, see `endings`.
        unity: (tracks,) how far notes of a chord end together, see `endings`.

    Args:
        layout: shape of the phrase.
    """

    reticence: Tensor
    keeping: Tensor
    reach: Tensor
    consonance: Tensor
    crowding: Tensor
    again: Tensor
    chords_in_lines: Tensor
    chords_in_blocks: Tensor
    riffs: Tensor
    motion: Tensor
    held: Tensor
    unity: Tensor

    def __init__(self, layout: PatchLayout) -> None:
        super().__init__()
        self.layout = layout
        tracks = layout.tracks
        self.register_buffer("reticence", torch.zeros(tracks))
        self.register_buffer("keeping", torch.zeros(tracks))
        self.register_buffer("reach", torch.zeros(tracks))
        self.register_buffer("consonance", torch.zeros(tracks))
        self.register_buffer("crowding", torch.zeros(tracks))
        self.register_buffer("again", torch.full((tracks,), NOWHERE))
        self.register_buffer("chords_in_lines", torch.full((tracks,), NEVER))
        self.register_buffer("chords_in_blocks", torch.full((tracks,), ALWAYS))
        self.register_buffer("riffs", torch.full((tracks,), NOWHERE))
        self.register_buffer("motion", torch.zeros(tracks, 2, 2 * FAR + 1))
        self.register_buffer("held", torch.full((tracks, 2), NEVER))
        self.register_buffer("unity", torch.zeros(tracks))

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
        made_here = by_step(free, layout)
        told = plane_of(given, ONSET, layout)
        told_count = count(told > 0).expand(made_here.shape)
        onsets = self.rough(logits, told, made_here)
        if told.any():
            self._hear(logits, given, free)
            onsets = torch.where(made_here[..., None], onsets, _certain(told))
        source = self._come_again(logits, onsets, free)
        begun = onsets > 0
        begun_count = count(begun)
        made_count = torch.where(made_here, begun_count, 0)
        line = lines(made_count, told_count, self.chords_in_lines)
        block = blocks(made_count, told_count, self.chords_in_blocks)
        counts = torch.where(line[..., None], begun_count.clamp(max=1), begun_count)
        counts = as_blocks(by_bar(counts, layout), block).flatten(2)
        # what comes again as it was given has no other note that it could play
        own = free.gather(2, source)
        own_here = by_step(own, layout)
        counts = self._take_up(torch.where(own_here, counts, begun_count), own)
        motion = torch.where(line[..., None], self.motion[:, LINE], self.motion[:, CHORDS])
        chosen = choose(onsets, counts, motion)
        changed = chosen ^ begun
        onsets[changed] = chosen[changed] * (2 * CERTAIN) - CERTAIN
        put_plane(logits, ONSET, onsets, layout)
        self._end(logits, chosen, line, own_here)
        return logits

    def rough(self, logits: Tensor, told: Tensor, made_here: Tensor) -> Tensor:
        """Logits of onsets before any is settled, (batch, tracks, steps, pitches).

        Args:
            logits: (batch, time, octave, channel): see `sound`.
            told: (batch, tracks, steps, pitches) onsets that are given, 0 or 1; those of one phrase
                do for all.
            made_here: (batch, tracks, steps) bool, where they are not.
        """
        beside = told.flatten(1).any(1)[:, None] * self.reticence
        onsets = plane_of(logits, ONSET, self.layout) - beside[..., None, None]
        # (batch, tracks, half bars, pitches)
        halves = (2 * self.layout.bars, -1)
        made = (onsets.sigmoid() * made_here[..., None]).unflatten(2, halves).sum(3)
        expected = made + told.unflatten(2, halves).sum(3)
        surer = agree(expected, self.consonance)
        surer += favour(expected.sum(2), self.keeping, self.reach)[:, :, None]
        onsets.unflatten(2, halves).add_(surer[:, :, :, None])
        return make_room(onsets, self.crowding)

    def _end(self, logits: Tensor, begun: Tensor, line: Tensor, own_here: Tensor) -> None:
        """Let notes end as chords and melodies do, in place, but for what was given."""
        after = tails(begun)
        holds = along(logits, HOLD, after.at, self.layout)
        most = torch.where(line, self.held[:, LINE], self.held[:, CHORDS])
        clean = held_over(holds, after, begun) <= most
        made = torch.where(own_here[after.at[:3]], ended(holds, after, clean, self.unity), holds)
        put_along(logits, HOLD, after.at, made, self.layout)

    def _hear(self, logits: Tensor, given: Tensor, free: Tensor) -> None:
        """Put what is given into logits, in place, so that all bars can be treated alike."""
        cells = self.layout.cells(logits)
        notes = self.layout.cells(given).expand_as(cells)
        batch, track, bar = (~free).nonzero(as_tuple=True)
        cells[batch, bar, :, :, track] = _certain(notes[batch, bar, :, :, track])

    def _come_again(self, logits: Tensor, onsets: Tensor, free: Tensor) -> Tensor:
        """Let bars that come again be those they take after, in place, as in their onsets.

        Returns:
            (batch, tracks, bars) int64: the bar that each one is now.
        """
        layout = self.layout
        bars = by_bar(onsets, layout)
        source = sources(likeness((bars > 0).flatten(3)), free, self.again)
        moved = (source != torch.arange(layout.bars, device=source.device)).nonzero(as_tuple=True)
        batch, track, bar = moved
        first = source[moved]
        bars[batch, track, bar] = bars[batch, track, first]
        cells = layout.cells(logits)
        cells[batch, bar, :, :, track] = cells[batch, first, :, :, track]
        return source

    def _take_up(self, counts: Tensor, free: Tensor) -> Tensor:
        """How many notes begin at each step, with the rhythms that bars take up."""
        bars = by_bar(counts, self.layout)
        source = sources(likeness(bars > 0), free, self.riffs)
        return bars.gather(2, source[..., None].expand_as(bars)).flatten(2)


def _certain(heard: Tensor) -> Tensor:
    """Logits of what is heard, 0..1, that leave no doubt of 0 and 1."""
    return torch.logit(heard, eps=NO_DOUBT)
