"""What comes of completing a song."""

from __future__ import annotations

from dataclasses import dataclass

from musegan.song import Multitrack


@dataclass(frozen=True)
class Completion:
    """A song with new notes in it.

    Attributes:
        song: given notes as they were, and the new ones.
        made: how many notes are new, by the name of their ensemble track.
        remarks: what the musician should know: tracks left out or not heard, bars left alone.
    """

    song: Multitrack
    made: dict[str, int]
    remarks: tuple[str, ...]
