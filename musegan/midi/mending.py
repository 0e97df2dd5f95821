"""Any MIDI file's bytes made sound, so that the fast reader meets nothing it cannot trust.

symusic believes what a file says: a chunk longer than the file, or a pitch over 127 on the last
channel, leads it outside its memory, and the whole program dies. `is_plain` tells in microseconds
that a file cannot do that, which is nearly all files there are; only tracks with bytes that look
odd, be they part of a length or a tempo, are followed from event to event. The others are read here
event by event, and mended where a patient player would go on: wrong lengths, counts and chunks,
data bytes out of range, running status across other events, stray realtime bytes, names that are
not UTF-8, drum channels that only Roland's or Yamaha's own messages tell of.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from musegan.midi.drums import drum_channels, to_drum_channel
from musegan.midi.encodings import decode_name
from musegan.midi.wire import (
    END_OF_TRACK,
    HEADER,
    MESSAGES,
    RUN,
    TRACK,
    chunk,
    read_variable_length,
    variable_length,
)

MAX_TRACKS = 4096
HEADER_WITHIN = 4096  # some files carry a wrapper in front: RIFF, MacBinary, a mail header

_META, _SYSEX, _SYSEX_GOES_ON = 0xFF, 0xF0, 0xF7
_NAME, _END, _TEMPO, _METER, _KEY = 0x03, 0x2F, 0x51, 0x58, 0x59
_LENGTHS = {_TEMPO: 3, _METER: 4, _KEY: 2}
_ODD = (  # a note on the last channel without its data, meta events of another length
    re.compile(rb"\x8f(?![\x00-\x7f])"),
    re.compile(rb"\x9f(?![\x00-\x7f])"),
    re.compile(rb"\xff(?:\x51(?!\x03)|\x58(?!\x04)|\x59(?!\x02))"),
)
_KEYS = frozenset(bytes((fifths & 0xFF, minor)) for fifths in range(-7, 8) for minor in (0, 1))
_NOTHING = b"\xff\x01\x00"  # an empty text: keeps the time of an event that is left out
_SYSTEM_BYTES = {0xF1: 1, 0xF2: 2, 0xF3: 1}  # data bytes of system messages; the others have none


class UnreadableError(Exception):
    """Why the bytes cannot be read as a song, and what to do, without the file's name."""


def is_plain(data: bytes) -> bool:
    """Whether symusic can be given `data` as it is: format 0 or 1, in ticks, chunks in order."""
    if len(data) < 14 or data[:8] != b"MThd\x00\x00\x00\x06":
        return False
    kind, count, division = struct.unpack_from(">HHH", data, 8)
    bodies, at = [], 14
    while data[at : at + 4] == TRACK and at + 8 <= len(data):
        start = at + 8
        at = start + int.from_bytes(data[at + 4 : start], "big")
        bodies.append((start, at))
    if at != len(data) or len(bodies) != count or kind > 1 or not 0 < division < 0x8000:
        return False
    if _looks_odd(data):
        tracks = (data[start:stop] for start, stop in bodies)
        if not all(_is_regular(track) for track in tracks if _looks_odd(track)):
            return False
    return b"\xf0" not in data or not drum_channels(data)


def _looks_odd(data: bytes) -> bool:
    """Whether there are bytes that may be events symusic cannot be given; nearly always quick."""
    if any(odd.search(data) for odd in _ODD):
        return True
    return b"\xf7" in data and data.count(b"\xf7") > data.count(b"\xf0")  # not all end a sysex


def _is_regular(body: bytes) -> bool:
    """Whether a track is whole channel messages, meta events and sysex up to its end mark."""
    at, kind = 0, _SYSEX
    try:
        while kind != _END:
            _, here = read_variable_length(body, _run_end(body, at))
            if body[here] not in (_META, _SYSEX):
                return False
            here += body[here] == _META
            kind = body[here]
            length, start = read_variable_length(body, here + 1)
            if length != _LENGTHS.get(kind, length):
                return False
            at = start + length
    except IndexError:
        return False
    return at == len(body)


def sound_midi(data: bytes) -> tuple[bytes, bool]:
    """A sound format 1 file of the same events, and whether `data` was of format 0.

    Raises:
        UnreadableError: the data is no MIDI file, is cut off, or is of a kind that is not music in
            beats (format 2, SMPTE time).
    """
    start = data.find(HEADER, 0, HEADER_WITHIN)
    if start < 0:
        raise UnreadableError("not a MIDI file (it has no MThd header); give a .mid file")
    if len(data) < start + 14:
        raise UnreadableError("cut off within its header; fetch or export it again")
    kind, _, division = struct.unpack_from(">HHH", data, start + 8)
    if kind == 2:
        raise UnreadableError(
            "a type 2 MIDI file, whose tracks are separate pieces; save it as type 0 or 1"
        )
    if division & 0x8000:
        raise UnreadableError(
            f"its time is SMPTE ({256 - (division >> 8)} frames a second), not beats; "
            "save it with ticks per quarter note"
        )
    if division == 0:
        raise UnreadableError("says 0 ticks per quarter note, so it has no time; export it again")
    drums = drum_channels(data)
    bodies = list(_track_bodies(data, start + 14, drums))
    if not bodies:
        raise UnreadableError("cut off before its first track; fetch or export it again")
    header = chunk(HEADER, struct.pack(">HHH", 1, len(bodies), division))
    return header + b"".join(chunk(TRACK, body) for body in bodies), kind == 0


def _track_bodies(data: bytes, at: int, drums: frozenset[int]) -> Iterator[bytes]:
    """Each track's events, whatever the chunks between them are and say of their lengths."""
    number = 0
    while (at := data.find(TRACK, at)) >= 0 and at + 8 <= len(data):
        number += 1
        if number > MAX_TRACKS:
            raise UnreadableError(f"has more than {MAX_TRACKS:,} tracks; split it")
        start = at + 8
        told = start + int.from_bytes(data[at + 4 : start], "big")
        body, length, ended = _mend(data[start:told], drums)
        if not ended and not (told <= len(data) and length == told - start):
            # the length is wrong, or the file is cut off: does the track end before the next one?
            following = data.find(TRACK, start)
            limit = following if following >= 0 else len(data)
            body, length, ended = _mend(data[start:limit], drums)
            only_its_end_mark_is_missing = length == limit - start >= told - start - 4
            if not ended and not only_its_end_mark_is_missing:
                raise UnreadableError(
                    f"cut off or damaged in track {number}; fetch or export it again"
                )
        yield body
        at = start + length


def _mend(body: bytes, drums: frozenset[int]) -> tuple[bytes, int, bool]:
    """A track's sound events, how many bytes of `body` they were, whether an end mark closed them.

    Events stop at the end mark, or where the body stops making sense.
    """
    pieces: list[bytes] = []
    at, status, last_run = 0, 0, b""
    while at < len(body):
        run = body[at : _run_end(body, at)]
        if run:
            pieces.append(to_drum_channel(run, drums) if drums else run)
            at += len(run)
            last_run = run
            continue
        try:
            delta, here = read_variable_length(body, at)
            if body[here] < 0x80 and last_run:
                status, last_run = _last_status(last_run), b""
            event, after = _read_event(body, here, status)
        except (IndexError, ValueError):
            break
        at = after
        if event[0] == _META and event[1] == _END:
            return b"".join(pieces) + END_OF_TRACK, at, True
        timed = variable_length(delta) + event
        if event[0] < _SYSEX:
            status, last_run = event[0], b""
            timed = to_drum_channel(timed, drums) if drums else timed
        pieces.append(timed)
    return b"".join(pieces) + END_OF_TRACK, at, False


def _run_end(body: bytes, at: int) -> int:
    """Where the channel messages that begin at `at` end; there may be none."""
    return RUN.match(body, at).end()  # type: ignore[union-attr]  # matches nothing too


def _read_event(body: bytes, at: int, status: int) -> tuple[bytes, int]:
    """The event at `at`, mended where it has to be, and where the bytes after it begin.

    Raises:
        IndexError: the body ends within the event.
        ValueError: a data byte where no event says what it belongs to.
    """
    first = body[at]
    if first in (_META, _SYSEX, _SYSEX_GOES_ON):
        length, start = read_variable_length(body, at + (2 if first == _META else 1))
        end = start + length
        if end > len(body):
            raise IndexError
        event = body[at:end]
        return (_mend_meta(event, body[start:end]) if first == _META else _NOTHING), end
    if first >= _SYSEX:
        return _NOTHING, at + 1 + _SYSTEM_BYTES.get(first, 0)
    if first >= 0x80:
        status, at = first, at + 1
    if not status:
        raise ValueError
    end = at + (1 if 0xC0 <= status < 0xE0 else 2)
    if end > len(body):
        raise IndexError
    return bytes((status, *(min(value, 0x7F) for value in body[at:end]))), end


def _mend_meta(event: bytes, value: bytes) -> bytes:
    """A meta event that means something to a song, or one that means nothing."""
    kind = event[1]
    if kind == _NAME:
        text = decode_name(value).encode()
        return bytes((_META, _NAME)) + variable_length(len(text)) + text
    length = _LENGTHS.get(kind)
    if length is None or len(value) < length or (kind == _KEY and value[:2] not in _KEYS):
        return event if kind == _END else _NOTHING
    return bytes((_META, kind, length)) + value[:length]


def _last_status(run: bytes) -> int:
    *_, last = MESSAGES.finditer(run)
    return (last[2] or last[4])[0]
