"""Other notes in a MIDI file, and all else as it is: pedals, bends, volumes, lyrics, markers.

A song as it is read holds notes alone. So a file that comes back with changes is not written from
a song: its own events stay, those of notes that are gone are taken out, and new ones put in.
"""

from __future__ import annotations

import struct
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from musegan.errors import MuseganError
from musegan.midi.events import META, Chunk, Event, read_events, write_events
from musegan.midi.mending import UnreadableError, is_plain, sound_midi
from musegan.midi.pressing import Row, without_pressure
from musegan.midi.settling import Part, settle
from musegan.midi.tempos import with_tempos
from musegan.midi.wire import DRUM_CHANNEL, HEADER, TRACK, chunk, variable_length
from musegan.song import Multitrack, Notes, Span, Tempo, Track

FIRST_CHUNK = 14  # bytes of the header before it
MELODIC = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)
_NAME = 0x03
_LABELS = frozenset((_NAME, 0x04, 0x20, 0x21))  # names, channel and port: nothing without notes


class Voice(NamedTuple):
    """What is read as one track: a chunk's notes on a channel with a program."""

    chunk: int
    channel: int
    program: int


class Strike(NamedTuple):
    """A note, and the places of its two events in their chunk."""

    row: Row
    on: int
    off: int


def splice_midi(
    data: bytes,
    song: Multitrack,
    notes: Mapping[int, Notes],
    new: Sequence[Track],
    remade: Mapping[int, Sequence[Span]],
    tempos: Sequence[Tempo],
) -> bytes | None:
    """A MIDI file with other notes and tempos, and bends and pedals that suit them.

    Args:
        data: the file.
        song: what `read_midi` read from it.
        notes: what tracks of the song play now, by their number; other tracks are taken out.
        new: tracks to add, each on a channel that is free.
        remade: by the numbers of tracks, where all that they strike now is new; see `settling`.
        tempos: what the file has now.

    Returns:
        A file of which `read_midi` reads those tracks, in this order; None where the file is so
        odd that the song's notes cannot be found in its events.

    Raises:
        MuseganError: no channel is free for a new track.
    """
    for sound in _readings(data):
        kind, _, division = struct.unpack_from(">HHH", sound, 8)
        try:
            chunks = [read_events(body) for body in _bodies(sound)]
        except (IndexError, ValueError):
            continue
        strikes = _strikes(chunks)
        voices = _assign(song.tracks, strikes)
        if voices is None:
            continue
        chunks = _with_notes(chunks, strikes, {voices[n]: now for n, now in notes.items()})
        chunks = without_pressure(
            chunks,
            [(voice.channel, strike.row) for voice, struck in strikes.items() for strike in struck],
            [(voices[n].channel, row) for n, now in notes.items() for row in now.rows()],
        )
        chunks = _without_leavings(chunks, {voices[n] for n in notes}, {*strikes})
        chunks = settle(
            chunks,
            [
                Part(voices[n].channel, song.tracks[n].notes, now, remade.get(n, ()))
                for n, now in notes.items()
            ],
        )
        chunks = with_tempos(chunks, song.tempos, tempos)
        if kind == 0 and new:
            chunks = _conductor_apart(chunks)
        chunks += _parts(new, chunks)
        header = struct.pack(">HHH", kind if len(chunks) == 1 else 1, len(chunks), division)
        bodies = (chunk(TRACK, write_events(events)) for events in chunks)
        return chunk(HEADER, header) + b"".join(bodies)
    return None


def _readings(data: bytes) -> Iterator[bytes]:
    """The file as it is, and mended."""
    if is_plain(data):
        yield data
    try:
        yield sound_midi(data)[0]
    except UnreadableError:
        return


def _bodies(sound: bytes) -> Iterator[bytes]:
    at = FIRST_CHUNK
    while at < len(sound):
        start = at + 8
        at = start + int.from_bytes(sound[at + 4 : start], "big")
        yield sound[start:at]


def _strikes(chunks: Sequence[Chunk]) -> dict[Voice, list[Strike]]:
    """The notes of each voice; of one pitch on a channel the first struck is the first released."""
    found: defaultdict[Voice, list[Strike]] = defaultdict(list)
    for number, events in enumerate(chunks):
        programs: defaultdict[int, int] = defaultdict(int)
        sounding: defaultdict[tuple[int, int], deque[tuple[int, int]]] = defaultdict(deque)
        for place, (time, message) in enumerate(events):
            status, channel = message[0] & 0xF0, message[0] & 0x0F
            if status == 0xC0:
                programs[channel] = message[1]
            elif status == 0x90 and message[2]:
                sounding[channel, message[1]].append((place, programs[channel]))
            elif status in (0x80, 0x90) and sounding[channel, message[1]]:
                on, program = sounding[channel, message[1]].popleft()
                began, (_, pitch, velocity) = events[on]
                row = (began, max(time - began, 1), pitch, velocity)
                found[Voice(number, channel, program)].append(Strike(row, on, place))
    return found


def _assign(
    tracks: Sequence[Track], strikes: Mapping[Voice, Sequence[Strike]]
) -> list[Voice] | None:
    """The voice of each track, whose notes it has; None where one has none."""
    alike: defaultdict[tuple[object, ...], deque[Voice]] = defaultdict(deque)
    for voice, struck in strikes.items():
        rows = tuple(sorted(strike.row for strike in struck))
        alike[voice.channel == DRUM_CHANNEL, voice.program, rows].append(voice)
    voices = []
    for track in tracks:
        candidates = alike[track.is_drum, track.program, tuple(sorted(track.notes.rows()))]
        if not candidates:
            return None
        voices.append(candidates.popleft())
    return voices


def _with_notes(
    chunks: Sequence[Chunk],
    strikes: Mapping[Voice, Sequence[Strike]],
    notes: Mapping[Voice, Notes],
) -> list[Chunk]:
    """The chunks with the notes that each voice plays now; none where it is not named."""
    gone: list[set[int]] = [set() for _ in chunks]
    added: list[list[tuple[int, Event]]] = [[] for _ in chunks]
    for voice, struck in strikes.items():
        wanted = Counter(notes[voice].rows() if voice in notes else [])
        for strike in struck:
            if wanted[strike.row]:
                wanted[strike.row] -= 1
            else:
                gone[voice.chunk] |= {strike.on, strike.off}
        added[voice.chunk] += _played(wanted.elements(), voice.channel)
    return [
        _merged([e for place, e in enumerate(events) if place not in gone[n]], added[n])
        for n, events in enumerate(chunks)
    ]


def _played(rows: Iterable[Row], channel: int) -> list[tuple[int, Event]]:
    """The events of notes with their rank in a tick: what ends comes first, what begins last."""
    return [
        timed
        for start, duration, pitch, velocity in rows
        for timed in (
            (1, Event(start, bytes((0x90 | channel, pitch, velocity)))),
            (-1, Event(start + duration, bytes((0x80 | channel, pitch, 0)))),
        )
    ]


def _merged(events: Sequence[Event], added: Sequence[tuple[int, Event]]) -> Chunk:
    ranked = [*((0, event) for event in events), *added]
    return [event for _, event in sorted(ranked, key=lambda each: (each[1].time, each[0]))]


def _without_leavings(
    chunks: Sequence[Chunk], staying: set[Voice], voices: set[Voice]
) -> list[Chunk]:
    """The chunks without what only tracks that are gone were in need of, empty ones left out."""
    silent = {voice.channel for voice in voices} - {voice.channel for voice in staying}
    kept = []
    for number, events in enumerate(chunks):
        left = [event for event in events if event.channel not in silent]
        played = any(voice.chunk == number for voice in voices)
        if number and played and all(_is_label(event) for event in left):
            continue
        kept.append(left)
    return kept


def _is_label(event: Event) -> bool:
    return event.message[0] == META and event.message[1] in _LABELS


def _conductor_apart(chunks: Sequence[Chunk]) -> list[Chunk]:
    """A format 0 file's one chunk as two: what is for all, with its name, and what is played."""
    (events,) = chunks
    whole = [event for event in events if event.channel is None]
    return [whole, [event for event in events if event.channel is not None]]


def _parts(new: Sequence[Track], chunks: Sequence[Chunk]) -> list[Chunk]:
    """A chunk for each new track."""
    taken = {event.channel for events in chunks for event in events}
    free = iter([channel for channel in MELODIC if channel not in taken])
    parts = []
    for track in new:
        channel = DRUM_CHANNEL if track.is_drum else next(free, None)
        if channel is None:
            raise MuseganError(
                f"no MIDI channel is free for {track.name}: all {len(MELODIC)} are taken; "
                "keep or make fewer tracks"
            )
        name = track.name.encode(errors="replace")
        head = [
            Event(0, bytes((META, _NAME)) + variable_length(len(name)) + name),
            Event(0, bytes((0xC0 | channel, track.program))),
        ]
        parts.append(_merged(head, _played(track.notes.rows(), channel)))
    return parts
