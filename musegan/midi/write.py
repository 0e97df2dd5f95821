"""`Multitrack` -> Standard MIDI File, format 1: a conductor track, then one track a track.

Written here and not by symusic, whose writer gives two instruments one channel and depends on its
version; the form is the standard's (RP-001, 1996), and the same song gives the same bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musegan.errors import MuseganError
from musegan.files import write_whole
from musegan.midi.wire import (
    DRUM_CHANNEL,
    END_OF_TRACK,
    HEADER,
    LONGEST_DELTA,
    TRACK,
    chunk,
    variable_length,
)
from musegan.song import IntArray, Key, Meter, Multitrack, Tempo, Track

MELODIC_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)

Event = tuple[int, bytes]  # tick and message


def write_midi(song: Multitrack, path: Path) -> None:
    """Write `song` to a MIDI file, whole or not at all.

    Raises:
        MuseganError: MIDI cannot hold the song (see `midi_bytes`), or the file cannot be written.
    """
    write_whole(path, midi_bytes(song))


def midi_bytes(song: Multitrack) -> bytes:
    """The bytes of `song` as a MIDI file of format 1.

    Drums go on channel 10, other tracks on a channel each as long as the 15 last; then tracks
    share one by program, as nearly as can be. Notes come back exactly, save that where one pitch
    is struck again within a longer note of its track, MIDI cannot tell which release is whose:
    the first struck is then the first released.

    Raises:
        MuseganError: a value lies outside what MIDI can hold; the message names the song.
    """
    try:
        _check(song)
    except ValueError as problem:
        raise MuseganError(f"{song.name or 'song'}: MIDI cannot hold {problem}") from None
    bodies = [_conductor(song), *_tracks(song.tracks)]
    header = struct.pack(">HHH", 1, len(bodies), song.ticks_per_quarter)
    return chunk(HEADER, header) + b"".join(chunk(TRACK, body) for body in bodies)


def _check(song: Multitrack) -> None:
    def lies(what: str, value: float, low: float, high: float) -> None:
        if not low <= value <= high:
            raise ValueError(f"{what} of {value}; it lies in {low:,} to {high:,}")

    lies("ticks per quarter note", song.ticks_per_quarter, 1, 0x7FFF)
    lies("a number of tracks", len(song.tracks), 0, 0xFFFE)
    for tempo in song.tempos:
        lies("a tempo", tempo.bpm, 3.58, 60_000_000)
    for meter in song.meters:
        lies("beats in a bar", meter.numerator, 1, 255)
        if meter.denominator not in (1, 2, 4, 8, 16, 32, 64, 128):
            raise ValueError(f"a beat of 1/{meter.denominator}; it is a half, a quarter, ...")
    for key in song.keys:
        lies("sharps or flats", key.fifths, -7, 7)
    for events in (song.tempos, song.meters, song.keys):
        for event in events:
            lies("a tick", event[0], 0, LONGEST_DELTA)
    for track in song.tracks:
        lies("a program", track.program, 0, 127)
        notes = track.notes
        if len(notes):
            lies("a tick", int(notes.start.min()), 0, LONGEST_DELTA)
            lies("a tick", int(notes.end.max()), 0, LONGEST_DELTA)
            lies("a duration", int(notes.duration.min()), 1, LONGEST_DELTA)
            for what, column, low in (("pitch", notes.pitch, 0), ("velocity", notes.velocity, 1)):
                lies(f"a {what}", int(column.min()), low, 127)
                lies(f"a {what}", int(column.max()), low, 127)


def _channels(tracks: Sequence[Track]) -> list[int]:
    """A channel for each track."""
    melodic = [track.program for track in tracks if not track.is_drum]
    given = iter(_melodic_channels(melodic))
    return [DRUM_CHANNEL if track.is_drum else next(given) for track in tracks]


def _melodic_channels(programs: Sequence[int]) -> Sequence[int]:
    if len(programs) <= len(MELODIC_CHANNELS):
        return MELODIC_CHANNELS[: len(programs)]
    free = list(MELODIC_CHANNELS)
    shared: dict[int, list[int]] = {}  # the channels a program may use, in turn
    for program in dict.fromkeys(programs):
        shared[program] = [free.pop(0)] if free else shared[_nearest(program, shared)]
    channels = []
    for index, program in enumerate(programs):
        if free and program in programs[:index]:
            shared[program].append(free.pop(0))
        mine = shared[program]
        channels.append(mine[-1])
        mine.insert(0, mine.pop())
    return channels


def _nearest(program: int, others: Iterable[int]) -> int:
    """The program most like it: of the same General MIDI family of eight, else near in number."""
    return min(others, key=lambda other: (other // 8 != program // 8, abs(other - program)))


def _conductor(song: Multitrack) -> bytes:
    events = [(0, _name(song.name))] if song.name else []
    events += map(_meter, song.meters)
    events += map(_key, song.keys)
    events += map(_tempo, song.tempos)
    pieces: list[bytes] = []
    now = 0
    for time, message in sorted(events, key=lambda event: event[0]):
        pieces += (variable_length(time - now), message)
        now = time
    return b"".join(pieces) + END_OF_TRACK


def _tempo(tempo: Tempo) -> Event:
    return tempo.time, _meta(0x51, round(60e6 / tempo.bpm).to_bytes(3, "big"))


def _meter(meter: Meter) -> Event:
    clocks_a_click = max(1, 96 // meter.denominator)
    value = (meter.numerator, meter.denominator.bit_length() - 1, clocks_a_click, 8)
    return meter.time, _meta(0x58, bytes(value))


def _key(key: Key) -> Event:
    return key.time, _meta(0x59, bytes((key.fifths & 0xFF, key.minor)))


def _name(name: str) -> bytes:
    return _meta(0x03, name.encode(errors="replace"))


def _meta(kind: int, value: bytes) -> bytes:
    return bytes((0xFF, kind)) + variable_length(len(value)) + value


def _tracks(tracks: Sequence[Track]) -> list[bytes]:
    """The body of each track's chunk."""
    bodies = []
    channels = _channels(tracks)
    for track, channel, played in zip(tracks, channels, _messages(tracks, channels), strict=True):
        name = b"\x00" + _name(track.name) if track.name else b""
        program = bytes((0, 0xC0 | channel, track.program))
        bodies.append(name + program + played + END_OF_TRACK)
    return bodies


def _messages(tracks: Sequence[Track], channels: Sequence[int]) -> list[bytes]:
    """Each track's note-on and note-off messages with the times between them.

    In one tick notes end before others start, and of those that start the shortest comes first:
    readers take the first struck for the first released. All tracks are made in one pass, as
    most songs are small and numpy's calls are what takes time.
    """
    if not tracks:
        return []
    start, end, pitch, velocity = (
        np.concatenate([getattr(track.notes, column) for track in tracks])
        for column in ("start", "end", "pitch", "velocity")
    )
    owner = np.repeat(np.arange(len(tracks)), [len(track.notes) for track in tracks])
    strikes = np.repeat((False, True), len(start))
    owners, times = np.tile(owner, 2), np.concatenate((end, start))
    order = np.lexsort((np.concatenate((start, end)), strikes, times, owners))
    messages = np.empty((len(order), 3), np.uint8)
    messages[:, 0] = np.where(strikes, 0x90, 0x80) | np.asarray(channels)[owners]
    messages[:, 1] = np.tile(pitch, 2)
    messages[:, 2] = np.concatenate((np.zeros_like(velocity), velocity))
    times = times[order]
    delta = np.diff(times, prepend=0)
    bounds = np.searchsorted(owners[order], np.arange(len(tracks) + 1))
    first = bounds[:-1][np.diff(bounds) > 0]
    delta[first] = times[first]
    data, ends = _timed(delta, messages[order])
    cuts = np.concatenate(([0], ends))[bounds].tolist()
    return [data[a:b] for a, b in pairwise(cuts)]


def _timed(delta: IntArray, messages: NDArray[np.uint8]) -> tuple[bytes, IntArray]:
    """Messages of three bytes, each after its delta as a variable length, and where each ends."""
    size = 1 + (delta > 0x7F) + (delta > 0x3FFF) + (delta > 0x1F_FFFF)
    ends = np.cumsum(size + 3)
    data = np.empty(ends[-1] if len(ends) else 0, np.uint8)
    for place in range(3):
        data[ends - 3 + place] = messages[:, place]
    data[ends - 4] = delta & 0x7F
    for more in (1, 2, 3):
        longer = size > more
        data[ends[longer] - 4 - more] = delta[longer] >> 7 * more & 0x7F | 0x80
    return data.tobytes(), ends
