"""Telling phrases that copy the training songs from those that only sound like them.

Real songs quote each other too: a phrase counts as a copy when it owes more to the training songs
than nineteen of twenty held-out real phrases do, by its longest copied run of notes, by that of
drum hits, or as a whole (see `musegan.evaluation.originality`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musegan.evaluation.originality import Originality, originality
from musegan.instruments import Ensemble
from musegan.pianoroll import Phrases
from musegan.song import FloatArray

HELD_OUT = 300  # phrases looked up to learn how much real songs quote
QUOTED = 95  # percentile of them that is still no copy


@dataclass(frozen=True)
class Copies:
    """Finds copies of training phrases.

    Attributes:
        training: the phrases that may have been copied.
        ensemble: their tracks.
        limits: (3,) what is still no copy: notes in a row, drum hits in a row, likeness 0..1.
    """

    training: Phrases
    ensemble: Ensemble
    limits: FloatArray

    @classmethod
    def learn(cls, training: Phrases, held_out: Phrases, ensemble: Ensemble) -> Copies:
        """With the limits that phrases of held-out songs set, one or more."""
        few = np.linspace(0, len(held_out) - 1, min(len(held_out), HELD_OUT)).astype(int)
        owed = _owed(originality(held_out.select(few), training, ensemble), ensemble)
        return cls(training, ensemble, np.percentile(owed, QUOTED, axis=0))

    def among(self, phrases: Phrases) -> NDArray[np.bool_]:
        """(phrases,) whether each is a copy."""
        owed = _owed(originality(phrases, self.training, self.ensemble), self.ensemble)
        copied: NDArray[np.bool_] = np.any(owed > self.limits, axis=1)
        return copied


def _owed(found: Originality, ensemble: Ensemble) -> FloatArray:
    """(phrases, 3): longest run of notes, of drum hits, and likeness as a whole."""
    drums = ensemble.drums
    runs = [found.runs[:, part].max(axis=1, initial=0) for part in (~drums, drums)]
    return np.stack([*runs, np.nan_to_num(found.whole)], axis=1)
