"""MIDI file -> `Multitrack`, by symusic on bytes that `mending` has made sound."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
from symusic.core import ScoreTick

from musegan.errors import MuseganError
from musegan.midi.mending import UnreadableError, is_plain, sound_midi
from musegan.song import Key, Meter, Multitrack, Notes, Tempo, Track

MAX_BYTES = 8 * 2**20
MAX_NOTES = 1_000_000
MAX_QUARTERS = 100_000  # fourteen hours at 120
_PADDING = bytes(16)  # symusic looks a few bytes past the end
SLOWEST, FASTEST = 4.0, 2000.0  # quarter notes a minute


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
    try:
        data = _read_bytes(path)
        return _read_plain(data, path.stem) or _read_mended(data, path.stem)
    except UnreadableError as problem:
        raise MuseganError(f"{path}: {problem}") from None


def _read_bytes(path: Path) -> bytes:
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
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableError("no such file; check the name") from None
    except PermissionError:
        raise UnreadableError("no permission to read it; change its rights (chmod +r)") from None
    except OSError as problem:
        raise UnreadableError(f"cannot be read ({problem.strerror})") from None


def _read_plain(data: bytes, name: str) -> Multitrack | None:
    """The song in bytes that need no mending; None when they do."""
    if not is_plain(data):
        return None
    try:
        score = ScoreTick.from_midi(data + _PADDING)
    except (RuntimeError, ValueError, MemoryError):
        return None
    if any("\ufffd" in track.name for track in score.tracks):
        return None
    columns = _note_columns(score)
    if len(columns.start) and min(columns.pitch.min(), columns.velocity.min()) < 0:
        return None  # data bytes out of range
    return _to_multitrack(score, columns, name, data[9] == 0)


def _read_mended(data: bytes, name: str) -> Multitrack:
    sound, one_for_all = sound_midi(data)
    try:
        score = ScoreTick.from_midi(sound + _PADDING)
    except (RuntimeError, ValueError, MemoryError) as problem:
        raise UnreadableError(f"damaged MIDI data ({problem}); export it again") from None
    return _to_multitrack(score, _note_columns(score), name, one_for_all)


def _note_columns(score: ScoreTick) -> Notes:
    """The notes of all tracks, one after the other."""
    parts = [track.notes.numpy() for track in score.tracks]
    start, duration, pitch, velocity = (
        np.concatenate([part[name] for part in parts], dtype=np.int64)
        if parts
        else np.zeros(0, np.int64)
        for name in ("time", "duration", "pitch", "velocity")
    )
    return Notes(start, np.maximum(duration, 1), pitch, velocity)


def _to_multitrack(score: ScoreTick, columns: Notes, name: str, one_for_all: bool) -> Multitrack:
    tempos = _tempos(score)
    _check_limits(columns, score.ticks_per_quarter, tempos)
    tracks, first = [], 0
    for track in score.tracks:
        last = first + len(track.notes)
        if last > first:
            title = track.name.replace("\0", "").strip()
            tracks.append(Track(columns[first:last], track.program, track.is_drum, title))
        first = last
    if one_for_all and len(tracks) > 1:
        tracks = [replace(track, name="") for track in tracks]
    return Multitrack(
        tuple(tracks),
        score.ticks_per_quarter,
        tempos,
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


def _tempos(score: ScoreTick) -> tuple[Tempo, ...]:
    columns = score.tempos.numpy()
    return tuple(
        Tempo(time, 60e6 / per_quarter if per_quarter else float("inf"))
        for time, per_quarter in zip(
            columns["time"].tolist(), columns["mspq"].tolist(), strict=True
        )
    )


def _check_limits(notes: Notes, ticks_per_quarter: int, tempos: tuple[Tempo, ...]) -> None:
    if len(notes) == 0:
        raise UnreadableError(
            "holds no notes, only titles, tempos or the like; export the song's notes with it"
        )
    if len(notes) > MAX_NOTES:
        raise UnreadableError(f"holds {len(notes):,} notes, the limit is {MAX_NOTES:,}; split it")
    quarters = int(notes.end.max()) / ticks_per_quarter
    wraps = int(notes.start.min()) < 0
    if wraps or quarters > MAX_QUARTERS:
        length = "longer than MIDI can count" if wraps else f"{quarters:,.0f} quarter notes long"
        raise UnreadableError(
            f"{length}, the limit is {MAX_QUARTERS:,}; a note or a rest in it is broken"
        )
    for tempo in tempos:
        if not SLOWEST <= tempo.bpm <= FASTEST:
            raise UnreadableError(
                f"a tempo of {tempo.bpm:,.4g} quarter notes a minute at tick {tempo.time:,}; "
                f"they must lie in {SLOWEST:.0f} to {FASTEST:,.0f}"
            )
