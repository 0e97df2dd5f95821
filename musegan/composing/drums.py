"""A drum kit: the keys of General MIDI's percussion played with hits of a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import soxr

from musegan.audio.shaping import LEAD
from musegan.composing.timbres import Instrument, Timbres, Wave, make_instrument
from musegan.errors import MuseganError

CHOKED = 0.03  # seconds over which a hit that is not to ring dies away


class Piece(NamedTuple):
    """What is struck for a key.

    Attributes:
        kind: the hits it is of.
        seconds: how long it rings.
        semitones: how much higher it sounds than it was learnt.
    """

    kind: str
    seconds: float = 1.0
    semitones: float = 0.0


KICK, SNARE, TOM, CYMBAL = "kick", "snare", "tom", "cymbal"
OTHER = Piece("percussion")
TOMS = {41: -6, 43: -4, 45: -2, 47: 0, 48: 2, 50: 4}  # semitones, by key
CYMBALS = {49: 0, 51: 3, 52: -2, 53: 5, 55: 4, 57: -1, 59: 2}
PIECES: Mapping[int, Piece] = {
    35: Piece(KICK, semitones=-2),
    36: Piece(KICK),
    37: Piece("percussion", 0.15, 4),
    38: Piece(SNARE),
    39: Piece("percussion", 0.25),
    40: Piece(SNARE, semitones=2),
    **{key: Piece(TOM, semitones=way) for key, way in TOMS.items()},
    42: Piece(CYMBAL, 0.07, 2),
    44: Piece(CYMBAL, 0.1),
    46: Piece(CYMBAL, 0.4, 2),
    **{key: Piece(CYMBAL, semitones=way) for key, way in CYMBALS.items()},
}


@dataclass(frozen=True)
class Kit:
    """Drums that play the keys of General MIDI's percussion, each always with the same hit.

    Attributes:
        timbres: a model of hits.
        seed: which kit: its drums are other players of their kinds.
        variety: how much kits differ; 0 is the most usual.
    """

    timbres: Timbres
    seed: int = 0
    variety: float = 0.7

    rings: ClassVar[bool] = True

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self.timbres.spec.layout.rate

    def play(self, pitch: int, seconds: float, brightness: float) -> Wave:
        """The hit of a key, however long it is held, from the moment it is struck.

        Args:
            pitch: the key; one that General MIDI has nothing at is some percussion.
            seconds: of no meaning: a drum rings as it does.
            brightness: dB for each octave above 125 Hz.
        """
        piece = PIECES.get(pitch, OTHER)
        struck = self._drum(piece.kind, pitch).play(pitch, brightness=brightness)
        wave: Wave = struck[round(LEAD * self.rate) :]
        if piece.semitones:
            wave = soxr.resample(wave, self.rate * 2 ** (piece.semitones / 12), self.rate)
        rest, dying = round(piece.seconds * self.rate), round(CHOKED * self.rate)
        wave = wave[: rest + dying].copy()
        end = min(dying, len(wave))
        wave[-end:] *= np.cos(np.linspace(0, np.pi / 2, end, dtype=np.float32)) ** 2
        return wave

    def _drum(self, kind: str, key: int) -> Instrument:
        if kind == OTHER.kind:  # each key another instrument
            return make_instrument(self.timbres, kind, self.seed + key, self.variety)
        return make_instrument(self.timbres, kind, self.seed, self.variety)


def make_kit(timbres: Timbres, seed: int = 0) -> Kit:
    """The drums of a model of hits.

    Raises:
        MuseganError: it makes notes, or lacks a kind of hits that a kit needs.
    """
    spec = timbres.spec
    needed = dict.fromkeys([piece.kind for piece in (*PIECES.values(), OTHER)])
    missing = [kind for kind in needed if kind not in spec.instruments]
    if spec.pitched or missing:
        lacks = "makes notes" if spec.pitched else f"knows no {', no '.join(missing)}"
        raise MuseganError(
            f"{timbres.folder}: {lacks}; a model of hits with {', '.join(needed)} plays drums"
        )
    return Kit(timbres, seed)
