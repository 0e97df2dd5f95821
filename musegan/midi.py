"""MIDI files in and out: the only home of MIDI libraries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import symusic

from musegan.errors import MuseganError
from musegan.song import Key, Meter, Multitrack, Notes, Tempo, Track


def read_midi(path: Path) -> Multitrack:
    """The song in a MIDI file.

    Raises:
        MuseganError: the file cannot be read as MIDI.
    """
    try:
        score: Any = symusic.Score.from_midi(path.read_bytes())
    except (RuntimeError, ValueError) as problem:
        raise MuseganError(f"{path}: not a readable MIDI file ({problem})") from problem
    return Multitrack(
        tuple(
            Track(_notes(track), track.program, track.is_drum, track.name) for track in score.tracks
        ),
        score.ticks_per_quarter,
        tuple(Tempo(tempo.time, 60e6 / tempo.mspq) for tempo in score.tempos),
        tuple(Meter(m.time, m.numerator, m.denominator) for m in score.time_signatures),
        tuple(Key(k.time, k.key, bool(k.tonality)) for k in score.key_signatures),
        path.stem,
    )


def _notes(track: Any) -> Notes:
    columns = track.notes.numpy()
    return Notes(
        columns["time"].astype(np.int64),
        np.maximum(columns["duration"].astype(np.int64), 1),
        columns["pitch"].astype(np.int64),
        columns["velocity"].astype(np.int64),
    )
