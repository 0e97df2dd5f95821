"""Where a song's bars and beats begin."""

from __future__ import annotations

from typing import NamedTuple

from musegan.song import Meter, Multitrack


class Bar(NamedTuple):
    """A bar from tick `start` up to `end`, of `beats` equal beats (of a part of one, if cut)."""

    start: int
    end: int
    beat: float

    def beats(self) -> list[int]:
        """Ticks of its beats, the first excluded."""
        count = round((self.end - self.start) / self.beat)
        return [self.start + round(beat * self.beat) for beat in range(1, count)]


def song_bars(song: Multitrack, least: int = 1) -> list[Bar]:
    """The bars that a song plays in, `least` or more; a new meter opens one."""
    meters = [meter for meter in song.meters if meter.time < max(song.end, 1)]
    if not meters or meters[0].time > 0:
        meters.insert(0, Meter(0, 4, 4))
    bars: list[Bar] = []
    for meter, following in zip(meters, [*meters[1:], None], strict=True):
        beat = song.ticks_per_quarter * 4 / meter.denominator
        number = 0
        while following is not None or _missing(bars, song.played_until, least):
            start = meter.time + round(number * meter.numerator * beat)
            end = meter.time + round((number + 1) * meter.numerator * beat)
            if following is not None and start >= following.time:
                break
            bars.append(Bar(start, min(end, following.time) if following else end, beat))
            number += 1
    return bars


def begins_with_pickup(bars: list[Bar]) -> bool:
    """Whether the first bar is shorter than the next, so that musicians count from the second."""
    return len(bars) > 1 and bars[0].end - bars[0].start < bars[1].end - bars[1].start


def _missing(bars: list[Bar], end: int, least: int) -> bool:
    """Whether `bars` are fewer than `least`, or stop before tick `end`."""
    return len(bars) < least or bars[-1].end < end
