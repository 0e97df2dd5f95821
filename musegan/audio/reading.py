"""Audio files as waveforms: whatever libsndfile reads, mixed to one channel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from musegan.errors import MuseganError

Wave = NDArray[np.float32]

CANCELLED = 1e-4  # of a channel's power: less is left of those in antiphase alone
BLOCK = 1.25  # seconds
SUFFIXES = (".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff")


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

    Channels are averaged, or the loudest is taken where they cancel out; a constant offset is
    taken out.

    Raises:
        MuseganError: the file is no audio, holds no samples, or such that are no numbers.
    """
    return next(read_on(path, seconds, seconds))


def read_on(path: Path, seconds: float, block: float = BLOCK) -> Iterator[Recording]:
    """As `read_recording`, read `block` seconds after `block` seconds.

    Yields:
        All that has been read so far, as long as there is more to read; it is read when asked for.

    Raises:
        MuseganError: as `read_recording`.
    """
    try:
        with _FrontToBack(path) as file:
            rate, left = file.samplerate, round(seconds * file.samplerate)
            size = min(left, round(block * rate))
            blocks: list[NDArray[np.float32]] = []
            while not blocks or (left > 0 and len(blocks[-1]) == size):
                blocks.append(file.read(min(size, left), dtype="float32", always_2d=True))
                left -= size
                yield _recording(path, blocks, rate)
    except soundfile.LibsndfileError as problem:
        if path.is_dir():
            raise MuseganError(f"{path}: a folder, not a sound; name a file in it") from None
        if not path.is_file():
            raise MuseganError(f"{path}: no such file; check the name") from None
        raise MuseganError(
            f"{path}: not audio that can be read ({_told(problem)}); "
            "give WAV, AIFF, FLAC, Ogg or MP3"
        ) from None


def resampled(recording: Recording, rate: int) -> Wave:
    """The recording's wave at another rate, without what that rate cannot hold."""
    wave: Wave = soxr.resample(*recording, rate) if rate != recording.rate else recording.wave
    return wave


class _FrontToBack(soundfile.SoundFile):  # type: ignore[misc]  # soundfile has no types
    """A file whose reads follow upon each other.

    In others soundfile seeks after each read to where it is anyhow, for which libsndfile decodes
    a block of FLAC once more.
    """

    def seekable(self) -> bool:
        return False


def _recording(path: Path, blocks: list[NDArray[np.float32]], rate: int) -> Recording:
    samples = blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
    if not len(samples):
        raise MuseganError(f"{path}: holds no samples; record it again")
    with np.errstate(invalid="ignore", over="ignore"):
        wave = samples[:, 0] if samples.shape[1] == 1 else _mixed(samples)
        offset = wave.sum() / np.float32(len(wave))
    if not np.isfinite(offset):
        raise MuseganError(f"{path}: holds samples that are no numbers; export it again")
    return Recording(wave - offset, rate)


def _mixed(samples: NDArray[np.float32]) -> Wave:
    """The mean of (n, channels), or the loudest where one is the other's opposite; (n,)."""
    mean: Wave = samples.mean(axis=1)
    power = samples.var(axis=0)
    return samples[:, power.argmax()] if mean.var() < CANCELLED * power.max() else mean


def _told(problem: soundfile.LibsndfileError) -> str:
    return str(problem.error_string).strip().rstrip(".")
