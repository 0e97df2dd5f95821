"""Drum parts off the tenth channel, of which only Roland's GS and Yamaha's XG messages tell."""

from __future__ import annotations

import re

from musegan.midi.wire import DRUM_CHANNEL, MESSAGES

_ROLAND, _YAMAHA = b"\x42\x12\x40", b"\x4c\x00\x00\x7e"  # part of every GS message; XG on
_ROLAND_DRUM_PART = re.compile(rb"\x42\x12\x40([\x10-\x1f])\x15[\x01\x02]")
_YAMAHA_DRUM_PART = re.compile(rb"\x4c\x08([\x00-\x0f])\x07[\x01-\x7f]")
_YAMAHA_DRUM_BANK = re.compile(rb"([\xb0-\xbf])\x00\x7f")


def drum_channels(data: bytes) -> frozenset[int]:
    """Channels other than the tenth that GS or XG messages make a drum part."""
    channels: set[int] = set()
    if _ROLAND in data:
        for block in _ROLAND_DRUM_PART.findall(data):
            part = block[0] & 0x0F  # part 0 is channel 10, 1 to 9 are channels 1 to 9
            channels.add(DRUM_CHANNEL if part == 0 else part - 1 if part <= 9 else part)
    if _YAMAHA in data:
        channels.update(part[0] for part in _YAMAHA_DRUM_PART.findall(data))
        channels.update(status[0] & 0x0F for status in _YAMAHA_DRUM_BANK.findall(data))
    return frozenset(channels - {DRUM_CHANNEL})


def to_drum_channel(events: bytes, drums: frozenset[int]) -> bytes:
    """The events with the channel messages of `drums` moved to the drum channel."""

    def move(message: re.Match[bytes]) -> bytes:
        status = (message[2] or message[4])[0]
        if status & 0x0F in drums:
            status = status & 0xF0 | DRUM_CHANNEL
        return message[1] + bytes((status,)) + (message[3] or message[5])

    return MESSAGES.sub(move, events)
