"""MIDI file -> `Multitrack`, by symusic on bytes that `mending` has made sound."""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from symusic.core import ScoreTick

from musegan.errors import MuseganError
from musegan.midi.mending import UnreadableError, is_plain, sound_midi
from musegan.midi.straying import stray
from musegan.song import Key, Meter, Multitrack, Notes, Tempo, Track

MIDI_ENDINGS = (".mid", ".midi", ".kar")
MAX_BYTES = 8 * 2**20
MAX_NOTES = 1_000_000
MAX_QUARTERS = 100_000  # fourteen hours at 120
MAX_TICKS = 2**31  # symusic counts in 32 bits with a sign
_NONE = np.zeros(0, np.int64)
_PADDING = bytes(16)  # symusic looks a few bytes past the end
SLOWEST, FASTEST = 4.0, 2000.0  # quarter notes a minute

Before = TypeVar("Before")
After = TypeVar("After")


def read_midi(path: Path) -> Multitrack:
    """The song in a MIDI file of format 0 or 1.

    A MIDI track that plays on several channels or programs becomes a track each. A note struck
    and released in the same tick lasts one tick, one that is never released is left out. Where
    notes of one pitch overlap on a channel, the first struck is the first released. In format 0
    the one name is the song's, so that tracks split from it have none.

    Raises:
        MuseganError: the file cannot be read, is no MIDI file, is cut off or damaged beyond what
            can be mended, holds no notes, or is beyond the limits of this module.
    """
    (song,) = read_songs([path])
    if isinstance(song, str):
        raise MuseganError(f"{path}: {song}")
    return song


def read_songs(paths: Sequence[Path]) -> list[Multitrack | str]:
    """As `read_midi`, of several files; of one that holds no song the reason, in words.

    All files take a step before any takes the next: the processor's caches then hold its code.
    """
    parsed = _each(_parse, _each(_read_bytes, paths))
    return _each(_to_multitrack, _each(_take_notes, parsed))


def _each(step: Callable[[Before], After], items: Sequence[Before | str]) -> list[After | str]:
    """What a step makes of each item; words are why an earlier step or this one made nothing."""
    done: list[After | str] = []
    for item in items:
        try:
            done.append(item if isinstance(item, str) else step(item))
        except UnreadableError as problem:
            done.append(str(problem))
    return done


def _read_bytes(path: Path) -> tuple[str, bytes]:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableError("a folder, where a MIDI file is meant; name a file in it")
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("not a regular file; give a .mid file")
        if status.st_size == 0:
            raise UnreadableError("an empty file (0 bytes); fetch or export it again")
        if status.st_size > MAX_BYTES:
            raise UnreadableError(
                f"{status.st_size / 2**20:.0f} MiB, more than a song needs; "
                f"the limit is {MAX_BYTES >> 20} MiB"
            )
        return path.stem, path.read_bytes()
    except FileNotFoundError:
        raise UnreadableError("no such file; check the name") from None
    except PermissionError:
        raise UnreadableError("no permission to read it; change its rights (chmod +r)") from None
    except OSError as problem:
        raise UnreadableError(f"cannot be read ({problem.strerror})") from None


class _Parsed(NamedTuple):
    """A file as symusic reads it.

    Attributes:
        name: the file's.
        data: its bytes.
        score: what they hold.
        plain: whether symusic was given them as they are.
        one_for_all: whether its one name is the song's.
    """

    name: str
    data: bytes
    score: ScoreTick
    plain: bool
    one_for_all: bool


def _parse(file: tuple[str, bytes]) -> _Parsed:
    name, data = file
    if is_plain(data):
        try:
            return _Parsed(name, data, ScoreTick.from_midi(data + _PADDING), True, data[9] == 0)
        except (RuntimeError, ValueError, MemoryError):
            pass
    return _parse_mended(name, data)


def _parse_mended(name: str, data: bytes) -> _Parsed:
    sound, one_for_all = sound_midi(data)
    try:
        score = ScoreTick.from_midi(sound + _PADDING)
    except (RuntimeError, ValueError, MemoryError) as problem:
        raise UnreadableError(f"damaged MIDI data ({problem}); export it again") from None
    return _Parsed(name, data, score, False, one_for_all)


def _take_notes(parsed: _Parsed) -> tuple[_Parsed, Notes]:
    """The notes of all tracks, one after the other; after mending where bytes call for it."""
    parts = [track.notes.numpy() for track in parsed.score.tracks]
    flat = [part[name] for name in ("time", "duration", "pitch", "velocity") for part in parts]
    columns = np.concatenate([_NONE, *flat], dtype=np.int64).reshape(4, -1)
    if parsed.plain and (
        (len(columns[0]) and columns[2:].min() < 0)  # data bytes out of range
        or any("\ufffd" in track.name for track in parsed.score.tracks)
    ):
        return _take_notes(_parse_mended(parsed.name, parsed.data))
    columns[0] &= 2 * MAX_TICKS - 1  # what has gone below 0 is as late as the file says
    np.maximum(columns[1], 1, out=columns[1])
    return parsed, Notes(*columns)


def _to_multitrack(read: tuple[_Parsed, Notes]) -> Multitrack:
    (name, _, score, _, one_for_all), columns = read
    _check_count(columns)
    tracks, first = [], 0
    for track in score.tracks:
        last = first + len(track.notes)
        if last > first:
            title = track.name.replace("\0", "").strip()
            tracks.append(Track(columns[first:last], track.program, track.is_drum, title))
        first = last
    if one_for_all and len(tracks) > 1:
        tracks = [replace(track, name="") for track in tracks]
    song = Multitrack(
        tuple(tracks),
        score.ticks_per_quarter,
        _tempos(score),
        tuple(
            Meter(meter.time, meter.numerator, meter.denominator)
            for meter in score.time_signatures
            if meter.numerator and meter.denominator
        ),
        tuple(
            Key(key.time, key.key, bool(key.tonality))
            for key in score.key_signatures
            if -7 <= key.key <= 7 and key.tonality in (0, 1)
        ),
        name,
    )
    _check_times(song, int(columns.end.max()))
    return song


def _tempos(score: ScoreTick) -> tuple[Tempo, ...]:
    columns = score.tempos.numpy()
    return tuple(
        Tempo(time, 60e6 / per_quarter if per_quarter else float("inf"))
        for time, per_quarter in zip(
            columns["time"].tolist(), columns["mspq"].tolist(), strict=True
        )
    )


def _check_count(notes: Notes) -> None:
    if len(notes) == 0:
        raise UnreadableError(
            "holds no notes that begin and end, only titles, tempos or the like; "
            "export the song's notes with it"
        )
    if len(notes) > MAX_NOTES:
        raise UnreadableError(f"holds {len(notes):,} notes, the limit is {MAX_NOTES:,}; split it")


def _check_times(song: Multitrack, end: int) -> None:
    limit = min(MAX_QUARTERS, MAX_TICKS // song.ticks_per_quarter)
    quarters = end / song.ticks_per_quarter
    if quarters > limit:
        raise UnreadableError(
            f"{quarters:,.0f} quarter notes long, the limit is {limit:,}; "
            + (stray(song) or "a note or a rest in it is broken")
        )
    for tempo in song.tempos:
        if not SLOWEST <= tempo.bpm <= FASTEST:
            raise UnreadableError(
                f"a tempo of {tempo.bpm:,.4g} quarter notes a minute at tick {tempo.time:,}; "
                f"they must lie in {SLOWEST:.0f} to {FASTEST:,.0f}"
            )
