"""How much phrases owe to the training phrases: nearest neighbours and copied runs.

Real music quotes itself too, so read every figure beside the same figure of held-out songs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from musegan.evaluation.likeness import Moves, likeness
from musegan.evaluation.runs import longest_runs
from musegan.instruments import Ensemble
from musegan.pianoroll import Phrases
from musegan.song import FloatArray, IntArray


@dataclass(frozen=True)
class Originality:
    """What the training set has of each phrase.

    Attributes:
        likeness: (phrases, tracks) 0..1, of each track to the most alike one in training, up to
            transposition (see `musegan.evaluation.likeness`); NaN for an empty track.
        nearest: (phrases, tracks) the training phrase that has it; -1 for an empty track.
        whole: (phrases,) likeness of the whole phrase to the most alike training phrase; NaN
            without notes.
        whole_nearest: (phrases,) that training phrase; -1 without notes.
        runs: (phrases, tracks) notes of the longest run that stands in training too, up to
            transposition (see `musegan.evaluation.runs`); 0 for an empty track.
    """

    likeness: FloatArray
    nearest: IntArray
    whole: FloatArray
    whole_nearest: IntArray
    runs: IntArray

    def rows(self, some: slice) -> Originality:
        """The same of some of the phrases."""
        return Originality(
            self.likeness[some],
            self.nearest[some],
            self.whole[some],
            self.whole_nearest[some],
            self.runs[some],
        )


def originality(phrases: Phrases, training: Phrases, ensemble: Ensemble) -> Originality:
    """Look every phrase up in the training set; both have the same grid and at least one phrase."""
    ours = Moves.of(phrases, ensemble)
    parts = [
        (tracks.max(axis=2), tracks.argmax(axis=2), whole.max(axis=1), whole.argmax(axis=1))
        for tracks, whole in likeness(ours, Moves.of(training, ensemble))
    ]
    best, nearest, whole, whole_nearest = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    empty = ours.sizes == 0
    silent = empty.all(axis=1)
    return Originality(
        np.where(empty, np.nan, best),
        np.where(empty, -1, nearest),
        np.where(silent, np.nan, whole),
        np.where(silent, -1, whole_nearest),
        longest_runs(phrases, training, ensemble),
    )
