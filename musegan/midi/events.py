"""A track's bytes as timed messages, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from musegan.midi.wire import END_OF_TRACK, read_variable_length, variable_length

META, SYSEX, SYSEX_GOES_ON = 0xFF, 0xF0, 0xF7
_END = 0x2F


class Event(NamedTuple):
    """A message at a tick, with its status byte."""

    time: int
    message: bytes

    @property
    def channel(self) -> int | None:
        """The channel it is for; None for what is for none."""
        status = self.message[0]
        return status & 0x0F if status < SYSEX else None


Chunk = list[Event]


def read_events(body: bytes) -> Chunk:
    """The events of a sound track up to its end mark, that left out.

    Raises:
        IndexError: the body ends within an event.
        ValueError: a data byte where no event says what it belongs to.
    """
    events: Chunk = []
    at, now, status = 0, 0, 0
    while at < len(body):
        delta, at = read_variable_length(body, at)
        now += delta
        first = body[at]
        if first in (META, SYSEX, SYSEX_GOES_ON):
            length, start = read_variable_length(body, at + (2 if first == META else 1))
            end = start + length
            if first == META and body[at + 1] == _END:
                break
            message = body[at:end]
        else:
            if first & 0x80:
                status, at = first, at + 1
            if not 0x80 <= status < SYSEX:
                raise ValueError(f"data byte {first} without a status")
            end = at + (1 if 0xC0 <= status < 0xE0 else 2)
            message = bytes((status,)) + body[at:end]
        if end > len(body):
            raise IndexError
        events.append(Event(now, message))
        at = end
    return events


def write_events(events: Iterable[Event]) -> bytes:
    """A track's body from events in the order of time, closed by an end mark."""
    pieces: list[bytes] = []
    now = 0
    for event in events:
        pieces += (variable_length(event.time - now), event.message)
        now = event.time
    return b"".join(pieces) + END_OF_TRACK
