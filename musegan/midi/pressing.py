"""Pressure on single keys (polyphonic aftertouch) where the notes that it shaped are gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from musegan.midi.events import Chunk, Event

Row = tuple[int, int, int, int]  # start, duration, pitch, velocity

_PRESSURE = 0xA0


def without_pressure(
    chunks: Sequence[Chunk], old: Iterable[tuple[int, Row]], now: Iterable[tuple[int, Row]]
) -> list[Chunk]:
    """The chunks without the pressure on keys whose notes are gone.

    A key's pressure belongs to the note struck last, which may have ended: chokes of cymbals come
    after the hit. But while a note sounds on that stays, it is that one's.

    Args:
        chunks: of a file.
        old: the notes that it had, in ticks, each with its channel.
        now: those that it has.
    """
    if not any(_pressed(event) for events in chunks for event in events):
        return list(chunks)
    staying = {*now}
    struck: defaultdict[tuple[int, int], list[tuple[Row, bool]]] = defaultdict(list)
    for channel, row in sorted(old):
        struck[channel, row[2]].append((row, (channel, row) in staying))

    def stays(event: Event) -> bool:
        if not _pressed(event):
            return True
        key = event.message[0] & 0x0F, event.message[1]
        before = [(row, there) for row, there in struck[key] if row[0] <= event.time]
        sounds = any(there and event.time <= row[0] + row[1] for row, there in before)
        return sounds or not before or before[-1][1]

    return [[event for event in events if stays(event)] for events in chunks]


def _pressed(event: Event) -> bool:
    return event.message[0] & 0xF0 == _PRESSURE
