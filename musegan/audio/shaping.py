"""Recordings of single notes made alike: they begin together, last equally long, peak alike."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np

from musegan.audio.reading import Recording, Wave, resampled
from musegan.errors import MuseganError

PEAK = 10 ** (-1 / 20)  # -1 dBFS
SILENCE = 10 ** (-70 / 20)  # peaks below are noise
BEGUN = 10 ** (-30 / 20)  # of the loudest moment: a note has begun
MOMENT = 0.005  # seconds over which loudness is told
LOUD = 10 ** (-40 / 20)  # what is as loud is no noise before a note
LEAD = 0.01  # seconds kept before the onset, faded in
FADE = 0.02  # seconds over which a note is faded out: not all recordings end softly


class Note(NamedTuple):
    """A recording of a note.

    Attributes:
        recording: of it.
        onset: the sample at which it begins.
        peak: the furthest its wave gets from 0.
    """

    recording: Recording
    onset: int
    peak: np.float32


def find_note(recordings: Iterable[Recording], seconds: float) -> Note:
    """The note in the first of some recordings that holds all of it, or else in the last.

    Args:
        recordings: of the same note, each longer than the one before; at least one.
        seconds: how long the note is to be.
    """
    for recording in recordings:
        wave, rate = recording
        note = Note(recording, find_onset(wave, rate), _peak(wave))
        if note.peak >= LOUD and note.onset + seconds * rate <= len(wave):
            break
    return note


def shape_note(note: Note, rate: int, samples: int) -> Wave:
    """A note whose onset is 10 ms from its start, (samples,) float32, its peak at -1 dBFS.

    Of what is too long the end is left out, what is too short is followed by silence.

    Args:
        note: as `find_note` gives it.
        rate: samples a second the note is to have.
        samples: how many it is to have; 50 ms or more.

    Raises:
        MuseganError: the recording is silent.
    """
    (wave, native), onset, peak = note
    if peak < SILENCE:
        raise MuseganError("is silent")
    lead = round(LEAD * native)
    end = onset - lead + round(samples * native / rate)
    silence = np.zeros(max(0, lead - onset), np.float32)
    cut = np.concatenate([silence, wave[max(0, onset - lead) : end]])
    if onset > lead:
        cut[:lead] *= _slope(lead)
    fade = min(round(FADE * native), len(cut) // 2)
    cut[len(cut) - fade :] *= _slope(fade)[::-1]
    cut = resampled(Recording(cut, native), rate)[:samples]
    shaped = np.zeros(samples, np.float32)
    np.multiply(cut, PEAK / _peak(cut), out=shaped[: len(cut)])
    return shaped


def find_onset(wave: Wave, rate: int) -> int:
    """The sample at which a note begins: its first moment within 30 dB of the loudest.

    Args:
        wave: (n,) a recording, n > 0.
        rate: samples a second.
    """
    moment = max(1, round(MOMENT * rate))
    power = np.add.reduceat(wave * wave, np.arange(0, len(wave), moment))
    return int(np.argmax(power >= BEGUN**2 * power.max())) * moment


def _peak(wave: Wave) -> np.float32:
    highest: np.float32 = max(wave.max(), -wave.min())
    return highest


@cache
def _slope(samples: int) -> Wave:
    return np.linspace(0, 1, samples, dtype=np.float32)
