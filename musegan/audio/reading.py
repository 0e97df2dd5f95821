"""Audio files as waveforms: whatever libsndfile reads, mixed to one channel."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from musegan.errors import MuseganError

Wave = NDArray[np.float32]

SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")


class Recording(NamedTuple):
    """Sound as it was recorded.

    Attributes:
        wave: (samples,), full scale at -1 and 1.
        rate: samples a second.
    """

    wave: Wave
    rate: int


def read_recording(path: Path, seconds: float) -> Recording:
    """The first `seconds` of an audio file; of a longer one the rest is not even read.

    Channels are averaged.

    Raises:
        MuseganError: the file is no audio, holds no samples, or such that are no numbers.
    """
    try:
        with soundfile.SoundFile(path) as file:
            rate = file.samplerate
            samples = file.read(round(seconds * rate), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as problem:
        if not path.is_file():
            raise MuseganError(f"{path}: no such file; check the name") from None
        raise MuseganError(
            f"{path}: not audio that can be read ({_told(problem)}); give WAV, FLAC, Ogg or MP3"
        ) from None
    if not len(samples):
        raise MuseganError(f"{path}: holds no samples; record it again")
    wave = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1)
    if not np.isfinite(wave).all():
        raise MuseganError(f"{path}: holds samples that are no numbers; export it again")
    return Recording(wave, rate)


def resampled(recording: Recording, rate: int) -> Wave:
    """The recording's wave at another rate, without what that rate cannot hold."""
    wave: Wave = soxr.resample(*recording, rate) if rate != recording.rate else recording.wave
    return wave


def _told(problem: soundfile.LibsndfileError) -> str:
    return str(problem.error_string).strip().rstrip(".")
