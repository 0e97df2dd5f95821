"""The few byte forms that reading and writing Standard MIDI Files share (RP-001, 1996)."""

from __future__ import annotations

import re

HEADER, TRACK = b"MThd", b"MTrk"
END_OF_TRACK = b"\x00\xff\x2f\x00"
LONGEST_DELTA = 0x0FFF_FFFF  # four bytes of seven bits
DRUM_CHANNEL = 9  # "channel 10", counted from 0

# Channel messages, each after its delta, in running status too: RUN matches as many as there are,
# MESSAGES one status with all that run on it (delta, status, data; the last two as 2, 3 or 4, 5).
_DELTA = rb"[\x80-\xff]{0,3}+[\x00-\x7f]"
_PAIRS = rb"[\x00-\x7f]{2}(?:%b[\x00-\x7f]{2})*+" % _DELTA
_SINGLES = rb"[\x00-\x7f](?:%b[\x00-\x7f])*+" % _DELTA
RUN = re.compile(
    rb"(?:%b[\x80-\xbf\xe0-\xef]%b|%b[\xc0-\xdf]%b)*+" % (_DELTA, _PAIRS, _DELTA, _SINGLES)
)
MESSAGES = re.compile(
    rb"(%b)(?:([\x80-\xbf\xe0-\xef])(%b)|([\xc0-\xdf])(%b))" % (_DELTA, _PAIRS, _SINGLES)
)


def variable_length(number: int) -> bytes:
    """A number as MIDI writes lengths and times: seven bits a byte, the last without its top bit.

    The number lies in 0..`LONGEST_DELTA`.
    """
    if number < 0x80:
        return bytes((number,))
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


def read_variable_length(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at `at`, and where the bytes after it begin.

    Raises:
        IndexError: the data ends within the number.
    """
    number = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        number = min(number << 7 | data[at] & 0x7F, LONGEST_DELTA)
    return number, at + 1


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk: its kind, its length, its body."""
    return kind + len(body).to_bytes(4, "big") + body
