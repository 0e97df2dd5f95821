"""Sounds whose figures are known: two instruments, in tune, that a listener tells apart."""

from dataclasses import replace

import numpy as np

from musegan.data.sounds import SoundSet
from musegan.evaluation.sounds.yardstick import SoundYardstick

RATE, SAMPLES = 16_000, 8192
INSTRUMENTS = ("flute", "reed")
PARTIALS = {"flute": (1.0, 0.1), "reed": (0.3, 0.05, 0.5, 0.05, 0.5, 0.05, 0.4)}


def tone(instrument: str, pitch: float, gain: float = 0.5, seed: int = 0) -> np.ndarray:
    """A note that fades in and out, its partials a little different each time, on faint noise."""
    draw = np.random.default_rng([seed, round(100 * pitch)])
    time = np.arange(SAMPLES) / RATE
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    amounts = np.array(PARTIALS[instrument]) * draw.uniform(0.6, 1.4, len(PARTIALS[instrument]))
    wave = sum(
        amount * np.sin(2 * np.pi * number * hertz * time + draw.uniform(0, 6))
        for number, amount in enumerate(amounts, 1)
    )
    ends = np.minimum(1, np.minimum(np.arange(SAMPLES), np.arange(SAMPLES)[::-1]) / 400)
    wave = wave * ends + 1e-3 * draw.normal(size=SAMPLES) * ends
    return (gain * wave / np.abs(wave).max()).astype(np.float32)


def sounds_of(notes: list[tuple[str, int]], seed: int = 0, off: float = 0.0) -> SoundSet:
    """Notes by instrument and pitch, sounding `off` semitones above it."""
    waves = [
        tone(name, pitch + off, seed=seed + place) for place, (name, pitch) in enumerate(notes)
    ]
    return SoundSet(
        RATE,
        np.rint(np.array(waves) * 32767).astype(np.int16),
        INSTRUMENTS,
        np.array([INSTRUMENTS.index(name) for name, _ in notes], np.int64),
        np.array([pitch for _, pitch in notes], np.int64),
        tuple(f"{name}-{pitch}.wav" for name, pitch in notes),
    )


def scale(low: int, count: int) -> list[tuple[str, int]]:
    """So many neighbouring pitches of both instruments."""
    return [(name, low + step) for name in INSTRUMENTS for step in range(count)]


def yardstick() -> SoundYardstick:
    """48 notes to learn from and 12 beside them."""
    training = sounds_of([*scale(57, 12), *scale(57, 12)])
    return SoundYardstick("notes", ("valid", "test"), training, sounds_of(scale(60, 6), seed=100))


def with_wave(sounds: SoundSet, index: int, wave: np.ndarray) -> SoundSet:
    """The sounds with one of them exchanged."""
    samples = sounds.samples.copy()
    samples[index] = np.rint(wave * 32767)
    return replace(sounds, samples=samples)
