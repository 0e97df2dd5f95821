"""Whether notes have the pitches they should have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from musegan.audio.pitch import heard_pitch
from musegan.data.sounds import SoundSet
from musegan.song import FloatArray

NEAR = 0.5  # semitones
OCTAVES = (-24, -12, 12, 24)  # semitones


@dataclass(frozen=True)
class Pitches:
    """How far notes are from the pitches they should have.

    Attributes:
        off: (notes,) semitones above; NaN where no pitch is heard.
    """

    off: FloatArray

    @property
    def right(self) -> float:
        """Share of notes within 50 cents; a note without a pitch is wrong."""
        return float((np.abs(self.off) <= NEAR).mean())

    @property
    def octaves(self) -> float:
        """Share of notes that are an octave or two away, within 50 cents of it."""
        away = np.abs(self.off[:, None] - np.array(OCTAVES))
        return float((away <= NEAR).any(1).mean())

    @property
    def unheard(self) -> float:
        """Share of notes that no pitch is heard of."""
        return float(np.isnan(self.off).mean())

    @property
    def cents(self) -> float:
        """Mean distance of those within 50 cents, in cents; NaN without any."""
        near = np.abs(self.off)[np.abs(self.off) <= NEAR]
        return float(100 * near.mean()) if len(near) else float("nan")


def hear_pitches(sounds: SoundSet) -> Pitches:
    """The pitches of notes; a fifth of a second a note."""
    off = [
        heard_pitch(wave, sounds.rate, pitch) - pitch
        for wave, pitch in zip(sounds.waves(), sounds.pitch.tolist(), strict=True)
    ]
    return Pitches(np.array(off, np.float64))
