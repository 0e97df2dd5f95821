"""Songs to be heard, and ears to hear them with."""

import numpy as np

from musegan.rendering.wave import Wave
from musegan.song import Multitrack, Notes, Tempo, Track

TICKS = 480
RATE = 48_000


def song(
    rows: list[tuple[int, int, int, int]],
    program: int = 0,
    is_drum: bool = False,
    bpm: float = 120.0,
) -> Multitrack:
    """One track of (start, duration, pitch, velocity) rows in ticks, 480 a quarter."""
    track = Track(Notes.of(rows), program, is_drum)
    return Multitrack((track,), TICKS, (Tempo(0, bpm),), name="test")


def loudness(wave: Wave, rate: int = RATE, window: float = 0.002) -> np.ndarray:
    """Peak of each window of that many seconds."""
    size = round(window * rate)
    whole = np.abs(wave[: len(wave) // size * size]).max(axis=1)
    return whole.reshape(-1, size).max(axis=1)


def pitch_of(wave: Wave, start: float, seconds: float, rate: int = RATE) -> float:
    """Fundamental frequency in Hz, by the first strong peak of the autocorrelation."""
    part = wave[round(start * rate) : round((start + seconds) * rate)].mean(axis=1)
    size = 2 * len(part)
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), size)) ** 2
    likeness = np.fft.irfft(spectrum)[: len(part) // 2]
    after = int(np.argmax(likeness < 0))
    strong = likeness[after:] > 0.85 * likeness[after:].max()
    first = after + int(np.argmax(strong))
    peak = first + int(np.argmax(likeness[first : first + 12]))
    left, middle, right = likeness[peak - 1 : peak + 2]
    return float(rate / (peak + (left - right) / (2 * (left - 2 * middle + right))))


def onsets(wave: Wave, rate: int = RATE, silence: float = 0.03) -> list[float]:
    """Seconds at which sound begins after at least `silence` seconds of near silence."""
    window = 0.001
    loud = loudness(wave, rate, window) > 0.02
    quiet_for = round(silence / window)
    return [
        index * window
        for index in np.flatnonzero(loud).tolist()
        if index == 0 or not loud[max(0, index - quiet_for) : index].any()
    ]
