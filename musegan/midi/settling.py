"""Bends, pressure, pedals and volumes where a song's notes are gone and new ones play.

They were played with the old notes and would spoil the new: bend them out of tune, shake, smear or
fade them. So bends are taken out there, and the pressure on a channel. Where there were no old
notes either, as after a song's end, it is the same with pedals, and volumes are what is usual in
the song. (`pressing` sees to the pressure on single keys.)
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median_low
from typing import NamedTuple

import numpy as np

from musegan.midi.events import Chunk, Event
from musegan.song import IntArray, Notes, Span, within


class Part(NamedTuple):
    """What a track plays on its channel.

    Attributes:
        channel: the channel, 0..15.
        old: what it played before, in ticks.
        now: what it plays now.
        spans: ticks in which all that it strikes now is new.
    """

    channel: int
    old: Notes
    now: Notes
    spans: Sequence[Span]


class Dial(NamedTuple):
    """Something that a channel's messages turn.

    Attributes:
        status: the first byte of such a message, channel 0.
        number: what follows to tell it from others of that status.
        rest: the data bytes that say how it stands before it is turned.
        level: whether songs leave it anywhere; others go back to rest after use.
    """

    status: int
    number: bytes
    rest: bytes
    level: bool = False

    def head(self, channel: int) -> bytes:
        """How its messages to a channel begin."""
        return bytes((self.status | channel,)) + self.number


BEND = Dial(0xE0, b"", b"\x00\x40")
PRESSURE = Dial(0xD0, b"", b"\x00")
PEDALS = tuple(Dial(0xB0, bytes((number,)), b"\x00") for number in (64, 66, 67))
LEVELS = tuple(  # volume, expression, modulation
    Dial(0xB0, bytes((number,)), bytes((rest,)), level=True)
    for number, rest in ((7, 100), (11, 127), (1, 0))
)


class _Turns(NamedTuple):
    """How a dial is turned: times in ticks, and values from before the first to after the last."""

    times: IntArray
    values: list[bytes]

    def before(self, tick: int) -> bytes:
        return self.values[int(np.searchsorted(self.times, tick))]


def settle(chunks: Sequence[Chunk], parts: Sequence[Part]) -> list[Chunk]:
    """The chunks of a file with its dials as new notes need them.

    Args:
        chunks: with the notes that are played now.
        parts: all tracks that play them.
    """
    settled = list(chunks)
    for channel in sorted({part.channel for part in parts if part.spans}):
        mine = [part for part in parts if part.channel == channel]
        if spans := _of_new_alone(mine):
            old = _joined([part.old for part in mine])
            silent = [span for span in spans if not _sounding(old, span)]
            last = max((int(start) for part in mine for start in _given(part).start), default=-1)
            for dial in (BEND, PRESSURE):
                settled = _turned(settled, channel, dial, spans, old, last)
            for dial in (*PEDALS, *LEVELS):
                settled = _turned(settled, channel, dial, silent, old, last)
    return settled


def _of_new_alone(parts: Sequence[Part]) -> list[Span]:
    """Where a channel's tracks strike new notes alone and given ones ring no more, in order."""
    given = _joined([_given(part) for part in parts])
    now = _joined([part.now for part in parts])
    found: list[Span] = []
    for start, end in sorted({span for part in parts for span in part.spans}):
        if within(given.start, [(start, end)]).any():
            continue
        begin = int(given.end[given.start < start].max(initial=max(start, 0)))
        if begin < end and _sounding(now, (begin, end)):
            if found and found[-1][1] == begin:
                begin, _ = found.pop()
            found.append((begin, end))
    return found


def _turned(
    chunks: Sequence[Chunk], channel: int, dial: Dial, spans: Sequence[Span], old: Notes, last: int
) -> list[Chunk]:
    """The chunks with a dial of a channel as it should stand in the spans, and after them as ever.

    Args:
        chunks: of the file.
        channel: whose dial.
        dial: what is turned.
        spans: apart, in the order of time.
        old: what the channel played before.
        last: tick at which its last given note is struck, which needs the dial as it was.
    """
    head = dial.head(channel)
    turns = _turns(chunks, head, dial.rest)
    if not len(turns.times):
        return list(chunks)
    wanted = median_low(turns.before(onset + 1) for onset in old.start.tolist())
    wanted = wanted if dial.level else dial.rest
    added = []
    for start, end in spans:
        if turns.before(start) != wanted:
            added.append(Event(start, head + wanted))
        if end <= last and turns.before(end) != wanted:
            added.append(Event(end, head + turns.before(end)))

    def stays(event: Event) -> bool:
        turn = event.message.startswith(head)
        return not (turn and any(start <= event.time < end for start, end in spans))

    first = next(n for n, events in enumerate(chunks) if any(e.channel == channel for e in events))
    return [
        sorted(
            [*(added if number == first else []), *filter(stays, events)],
            key=lambda event: event.time,  # what is added comes first in its tick
        )
        for number, events in enumerate(chunks)
    ]


def _turns(chunks: Sequence[Chunk], head: bytes, rest: bytes) -> _Turns:
    events = [event for chunk in chunks for event in chunk if event.message.startswith(head)]
    events.sort(key=lambda event: event.time)
    times = np.array([event.time for event in events], np.int64)
    return _Turns(times, [rest, *(event.message[len(head) :] for event in events)])


def _given(part: Part) -> Notes:
    """Notes of a part that are not new."""
    return part.now[~within(part.now.start, part.spans)]


def _joined(parts: Sequence[Notes]) -> Notes:
    return Notes.of([row for part in parts for row in part.rows()])


def _sounding(notes: Notes, span: Span) -> bool:
    start, end = span
    return bool(((notes.start < end) & (notes.end > start)).any())
