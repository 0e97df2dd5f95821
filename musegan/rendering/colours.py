"""The colours of pictures, told apart by colour-blind eyes too (Okabe & Ito, 2008)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

Colour = tuple[int, int, int]

TRACKS: tuple[Colour, ...] = (
    (84, 88, 96),  # slate
    (0, 114, 178),  # blue
    (213, 94, 0),  # vermilion
    (0, 158, 115),  # green
    (190, 88, 150),  # purple
    (220, 150, 0),  # orange
    (62, 160, 216),  # sky
    (128, 100, 32),  # olive
)
BAND = {"bass": 1, "guitar": 2, "piano": 3, "strings": 4, "lead": 5}
PAPER: Colour = (255, 255, 255)
SHADED_ROW: Colour = (244, 245, 248)
OCTAVE_LINE: Colour = (222, 225, 231)
BEAT_LINE: Colour = (228, 230, 235)
BAR_LINE: Colour = (150, 155, 165)
INK: Colour = (32, 34, 40)
PALE_INK: Colour = (120, 125, 135)

SOFTEST = 0.3  # how much of its track's colour the softest note has; the loudest has all


def track_colours(names: Sequence[str], drums: Sequence[bool]) -> list[Colour]:
    """A colour for each track: those of a band keep theirs from picture to picture.

    Drums are slate and tracks of the names in `BAND` have their own; the others take what is
    left in turn, and after eight all colours come round again.
    """
    wanted = [
        0 if drum else BAND.get(name.casefold()) for name, drum in zip(names, drums, strict=True)
    ]
    free = [index for index in range(1, len(TRACKS)) if index not in wanted]
    turn = cycle(free or range(1, len(TRACKS)))
    return [TRACKS[next(turn) if index is None else index] for index in wanted]


def note_colour(track: Colour, velocity: int) -> Colour:
    """A note's colour: its track's, the paler the softer it is struck (velocity 1..127)."""
    return blend(PAPER, track, SOFTEST + (1 - SOFTEST) * (velocity - 1) / 126)


def blend(one: Colour, other: Colour, share: float) -> Colour:
    """The colour `share` (0..1) of the way from one to the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
