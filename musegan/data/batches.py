"""Batches of phrases for training: drawn, transposed and unrolled, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from musegan.instruments import Ensemble
from musegan.pianoroll import Phrases
from musegan.song import IntArray


@dataclass(frozen=True)
class Room:
    """How far each phrase can be transposed with every pitched track inside its range.

    Attributes:
        down: (phrases,) semitones, <= 0.
        up: (phrases,) semitones, >= 0.
    """

    down: IntArray
    up: IntArray


def transposing_room(phrases: Phrases, ensemble: Ensemble, limit: int = 127) -> Room:
    """Room to transpose each phrase by at most `limit` semitones; drums do not move."""
    low = np.array([0 if t.is_drum else t.low for t in ensemble.tracks])
    high = np.array([127 if t.is_drum else t.high for t in ensemble.tracks])
    pitched = ~ensemble.drums[phrases.track]
    pitch = phrases.pitch.astype(np.int64)
    below = np.where(pitched, pitch - low[phrases.track], limit)
    above = np.where(pitched, high[phrases.track] - pitch, limit)
    down = np.full(len(phrases), limit)
    up = np.full(len(phrases), limit)
    np.minimum.at(down, phrases.phrase, below)
    np.minimum.at(up, phrases.phrase, above)
    return Room(-np.clip(down, 0, limit), np.clip(up, 0, limit))


def transpose(phrases: Phrases, semitones: IntArray, ensemble: Ensemble) -> Phrases:
    """Phrases moved by (phrases,) semitones each, drums left as they are."""
    pitched = ~ensemble.drums[phrases.track]
    shift = np.repeat(semitones, np.diff(phrases.offsets)) * pitched
    return replace(phrases, pitch=(phrases.pitch + shift).astype(np.uint8))


@dataclass(frozen=True)
class PhraseSource:
    """An endless supply of training phrases: batch `number` depends on (seed, number) alone.

    Attributes:
        phrases: what to draw from.
        style: (phrases,) style label of each.
        ensemble: tells the tracks' ranges.
        room: how far each phrase may be transposed.
        seed: seed of all draws.
    """

    phrases: Phrases
    style: NDArray[np.int64]
    ensemble: Ensemble
    room: Room
    seed: int

    def moved(self) -> Phrases:
        """Every phrase once, each transposed as far as chance has it."""
        random = np.random.default_rng([self.seed, 0, 4])
        shift = random.integers(self.room.down, self.room.up + 1)
        return transpose(self.phrases, shift, self.ensemble)

    def draw(self, number: int, size: int) -> tuple[Phrases, NDArray[np.int64]]:
        """Batch `number`: `size` phrases, drawn with replacement, transposed; and their styles."""
        random = np.random.default_rng([self.seed, number, 0])
        chosen = random.integers(len(self.phrases), size=size)
        shift = random.integers(self.room.down[chosen], self.room.up[chosen] + 1)
        drawn = transpose(self.phrases.select(chosen), shift, self.ensemble)
        return drawn, self.style[chosen]
