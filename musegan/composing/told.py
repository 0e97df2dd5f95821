"""Which bars of a song can be told in a model's meter, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from musegan.data.meters import counts_in, dotted, meter_of, stated_meters
from musegan.errors import MuseganError
from musegan.pianoroll import Grid
from musegan.song import Multitrack

USUAL = ((2, 4), (3, 4), (4, 4), (6, 8), (9, 8), (12, 8))
_NEVER = 1 << 60  # a tick that no song has


class Told(NamedTuple):
    """A meter as it is told: its beats, how long each is in whole notes, and beats of rest."""

    beats: int
    length: Fraction
    rest: int


class Part(NamedTuple):
    """Bars of a song that are told alike.

    Attributes:
        begin: the tick of the first.
        bar: ticks of each.
        beats: beats of each, of which `kind` make a whole note when told.
        kind: see there.
        rate: how much longer it is when told, but for the scale of all.
        rest: beats that follow each.
    """

    begin: int
    bar: int
    beats: int
    kind: int
    rate: Fraction
    rest: int


def told_as(meter: tuple[int, int], grid: Grid) -> Told | None:
    """How a meter is told on a grid; None where it is not, or makes up the grid's as it is."""
    if counts_in(meter, grid) or dotted(grid.beats_per_bar):
        return None
    eighths = 3 if dotted(meter[0]) else 1
    beats = meter[0] // eighths
    rest = 1 if grid.beats_per_bar % beats else 0
    fits = beats > 1 and (not rest or beats + rest == grid.beats_per_bar)
    return Told(beats, Fraction(eighths, meter[1]), rest) if fits else None


def bars_at_once(meter: tuple[int, int], grid: Grid) -> int:
    """How many bars of a meter are told in one of a grid's.

    Raises:
        MuseganError: the meter cannot be told on the grid.
    """
    told = told_as(meter, grid)
    if told is not None:
        return 1 if told.rest else grid.beats_per_bar // told.beats
    if counts_in(meter, grid):
        return grid.beats_per_bar * meter[1] // (meter[0] * grid.beat_unit)
    others = [each for each in USUAL if each != (grid.beats_per_bar, grid.beat_unit)]
    known = [f"{m[0]}/{m[1]}" for m in others if counts_in(m, grid) or told_as(m, grid)]
    raise MuseganError(
        f"no meter {meter[0]}/{meter[1]}: the model knows {meter_of(grid)}, and can tell "
        f"{', '.join(known) or 'no other'} in it"
    )


def told_parts(song: Multitrack, grid: Grid) -> Iterator[Part]:
    """The parts of a song. A bar cut short between whole ones rests on what it lacks."""
    whole, unit = 4 * song.ticks_per_quarter, Fraction(1, grid.beat_unit)
    rows = _meters(song)
    cut = [is_cut(meter, grid) for *_, meter in rows]
    alone = [n for n in range(1, len(rows) - 1) if cut[n - 1 : n + 2] == [False, True, False]]
    for number, (begin, end, meter) in enumerate(rows):
        bar, told = max(whole * meter[0] // meter[1], 1), told_as(meter, grid)
        left = 0
        if number in alone:
            left = (end - begin) % (whole * grid.beats_per_bar // grid.beat_unit)
        beats, rest = divmod(left * grid.beat_unit, whole)
        if told:
            yield Part(begin, bar, told.beats, grid.beat_unit, unit / told.length, told.rest)
        elif begin < end - left or rest:
            yield Part(begin, bar, *meter, Fraction(1), 0)
        if beats and not rest:
            lacking = grid.beats_per_bar - beats
            yield Part(end - left, left, beats, grid.beat_unit, Fraction(1), lacking)


def usual_meter(song: Multitrack) -> tuple[int, int]:
    """The meter that most ticks up to a song's end are in."""
    lasting: Counter[tuple[int, int]] = Counter()
    for begin, end, meter in _meters(song):
        lasting[meter] += max(min(end, song.end) - begin, 0)
    return lasting.most_common(1)[0][0]


def _meters(song: Multitrack) -> list[tuple[int, int, tuple[int, int]]]:
    """From which tick up to which each meter of a song holds."""
    stated = stated_meters(song)
    ends = [*[*stated][1:], _NEVER]
    return [(begin, end, meter) for (begin, meter), end in zip(stated.items(), ends, strict=True)]


def is_cut(meter: tuple[int, int], grid: Grid) -> bool:
    """Whether bars of a meter are parts of a grid's."""
    return counts_in(meter, grid) and meter[0] * grid.beat_unit < grid.beats_per_bar * meter[1]
