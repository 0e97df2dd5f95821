"""Recordings of single notes made alike: they begin together, last equally long, peak alike."""

from __future__ import annotations

from functools import cache

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


def shape_note(recording: Recording, rate: int, samples: int) -> Wave:
    """A note whose onset is 10 ms from its start, (samples,) float32, its peak at -1 dBFS.

    Of what is too long the end is left out, what is too short is followed by silence.

    Args:
        recording: of one note.
        rate: samples a second the note is to have.
        samples: how many it is to have; 50 ms or more.

    Raises:
        MuseganError: the recording is silent.
    """
    wave, native = recording
    if _peak(wave) < SILENCE:
        raise MuseganError("is silent")
    onset, lead = find_onset(wave, native), round(LEAD * native)
    end = onset - lead + round(samples * native / rate)
    silence = np.zeros(max(0, lead - onset), np.float32)
    note = np.concatenate([silence, wave[max(0, onset - lead) : end]])
    if onset > lead:
        note[:lead] *= _slope(lead)
    fade = min(round(FADE * native), len(note) // 2)
    note[len(note) - fade :] *= _slope(fade)[::-1]
    note = resampled(Recording(note, native), rate)[:samples]
    shaped = np.zeros(samples, np.float32)
    np.multiply(note, PEAK / _peak(note), out=shaped[: len(note)])
    return shaped


def holds_note(recording: Recording, seconds: float) -> bool:
    """Whether a recording's beginning has in it all that a note of so many seconds needs."""
    wave, rate = recording
    is_loud = bool(_peak(wave) >= LOUD)
    return is_loud and find_onset(wave, rate) + seconds * rate <= len(wave)


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
