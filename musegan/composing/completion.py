"""What comes of completing a song."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from musegan.song import Multitrack, Span


@dataclass(frozen=True)
class Completion:
    """A song with new notes in it.

    Attributes:
        song: the tracks of the given song, in their order, then new ones.
        made: how many notes are new, by the name of their ensemble track.
        remarks: what the musician should know: tracks left out or not heard, bars left alone.
        left_out: numbers of the given song's tracks that are not in it, from 0.
        remade: by the numbers of its other tracks, where all that they strike is new.
    """

    song: Multitrack
    made: dict[str, int]
    remarks: tuple[str, ...]
    left_out: tuple[int, ...] = ()
    remade: Mapping[int, Sequence[Span]] = field(default_factory=dict)
