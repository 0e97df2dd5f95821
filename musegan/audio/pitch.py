"""The pitch a note is heard at."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
from filelock import FileLock

from musegan.audio.partials.layout import hertz_of
from musegan.audio.reading import Wave

REACH = 25  # semitones to either side of the expected pitch: two octaves and a little more
LOWEST, HIGHEST = 20.0, 0.45  # Hz, and a share of the rate
FRAME, HOP = 2048, 512  # samples
LOUD = 0.1  # of the loudest frame: softer ones are not asked
TYPE = np.float32  # of the samples: one type is compiled for


def heard_pitch(wave: Wave, rate: int, expected: float) -> float:
    """The MIDI pitch of a note, the median over its loud voiced frames; NaN where none is voiced.

    By pYIN (Mauch & Dixon, "pYIN: a fundamental frequency estimator using probabilistic threshold
    distributions", ICASSP 2014), in librosa's version.

    Args:
        wave: (samples,) within -1..1.
        rate: samples a second.
        expected: the MIDI pitch it should have; what is more than `REACH` away is not found.
    """
    low, high = (hertz_of(expected + way) for way in (-REACH, REACH))
    low, high = max(low, LOWEST), min(high, HIGHEST * rate)
    frame = FRAME
    while rate / low > frame // 2 - 2:  # two periods must fit
        frame *= 2
    wave = np.pad(wave.astype(TYPE), (0, max(0, frame - len(wave))))
    librosa = compiled_librosa()
    hertz, voiced, _ = librosa.pyin(
        wave, fmin=low, fmax=high, sr=rate, frame_length=frame, hop_length=HOP, fill_na=None
    )
    loud = librosa.feature.rms(y=wave, frame_length=frame, hop_length=HOP)[0]
    told = voiced & (loud >= LOUD * loud.max())
    if not told.any():
        return float("nan")
    return float(np.median(69 + 12 * np.log2(hertz[told] / 440)))


@cache
def compiled_librosa() -> ModuleType:
    """Compile pYIN while importing librosa, one process at a time.

    Two processes that compile at once leave a cache that crashes whatever loads it
    (https://github.com/numba/numba/issues/10128).
    """
    user = os.getuid() if hasattr(os, "getuid") else 0
    with FileLock(Path(tempfile.gettempdir()) / f"musegan-{user}-librosa.lock"):
        import librosa  # compiles as it is imported

        librosa.pyin(np.zeros(FRAME, TYPE), fmin=220, fmax=880, frame_length=FRAME)
    return librosa
