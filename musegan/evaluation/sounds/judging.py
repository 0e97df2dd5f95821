"""Everything there is to say of sounds beside real ones.

All that is measured of made sounds is measured of the real ones beside them too, which no model has
heard: a classifier is not always right, nor a pitch tracker. These are of the same instruments, at
the pitches nearest to theirs, and so are the other real sounds whose Fréchet distance is the floor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from musegan.data.sounds import UNPITCHED, SoundSet, evenly
from musegan.errors import MuseganError
from musegan.evaluation.distances import frechet_distance
from musegan.evaluation.judging import Figure
from musegan.evaluation.sounds.bins import Bins
from musegan.evaluation.sounds.faults import clicks, clipping
from musegan.evaluation.sounds.levels import levels_of, statistics, traits
from musegan.evaluation.sounds.pitch import Pitches, hear_pitches
from musegan.evaluation.sounds.recognition import Listener
from musegan.evaluation.sounds.variety import collapsed, distances_within
from musegan.evaluation.sounds.yardstick import SoundYardstick
from musegan.song import BoolArray, FloatArray, IntArray

LEAST_SOUNDS = 2  # that have a spread at all
LEAST_SPREAD = 0.1  # dB


@dataclass(frozen=True)
class SoundJudgement:
    """How one set of sounds stands.

    Attributes:
        sounds: what was judged.
        pitches: whether they are right; None of sounds without.
        taken_for: (sounds,) the instrument each is taken for.
        frechet: distance of their statistics from the reference's.
        different_bins: share of bins they fall into more or less often than training sounds.
        distances: (pairs,) dB between sounds of one instrument at about the same pitch.
        clicks: (sounds,) clicks in each.
        clipped: (sounds,) whether each was cut off at its peak.
    """

    sounds: SoundSet
    pitches: Pitches | None
    taken_for: IntArray
    frechet: float
    different_bins: float
    distances: FloatArray
    clicks: IntArray
    clipped: BoolArray

    @property
    def recognised(self) -> BoolArray:
        """(sounds,) whether each is taken for what it should be."""
        found: BoolArray = self.taken_for == self.sounds.instrument
        return found


@dataclass(frozen=True)
class SoundEvaluation:
    """Sounds judged, and real ones judged alike.

    Attributes:
        target: what was judged.
        yardstick: what it was judged by.
        made: the judgement of the sounds.
        real: the judgement of the reference; its Fréchet distance is that of other real sounds.
        bins: how many bins there are.
    """

    target: str
    yardstick: SoundYardstick
    made: SoundJudgement
    real: SoundJudgement
    bins: int


def evaluate_sounds(target: str, made: SoundSet, yardstick: SoundYardstick) -> SoundEvaluation:
    """Judge sounds by a yardstick whose instruments, rate and length they share.

    Raises:
        MuseganError: there are fewer than two, or the reference has none of an instrument.
    """
    chosen, reference = side_by_side(made, yardstick.reference)
    if len(chosen) < LEAST_SOUNDS:
        raise MuseganError(f"{target}: {len(made)} sounds are too few to judge; give more")
    training = yardstick.training
    levels = levels_of(training)
    known = statistics(levels)
    mean, spread = known.mean(axis=0), np.maximum(known.std(axis=0), LEAST_SPREAD)
    bins = Bins((known - mean) / spread)
    listener = Listener(traits(levels), training.instrument)
    floor = statistics(levels[like(reference, training)])
    points = statistics(levels_of(reference))

    def judge(sounds: SoundSet, others: FloatArray) -> SoundJudgement:
        heard = levels_of(sounds)
        found = statistics(heard)
        pitched = bool((sounds.pitch != UNPITCHED).all())
        waves = sounds.waves()
        return SoundJudgement(
            sounds,
            hear_pitches(sounds) if pitched else None,
            listener(traits(heard)),
            frechet_distance((found - mean) / spread, (others - mean) / spread),
            bins.different((found - mean) / spread) / len(bins),
            distances_within(sounds, heard),
            np.array([clicks(wave, sounds.rate) for wave in waves], np.int64),
            np.array([clipping(wave) for wave in waves]),
        )

    judged = judge(chosen, points)
    return SoundEvaluation(target, yardstick, judged, judge(reference, floor), len(bins))


def side_by_side(made: SoundSet, real: SoundSet) -> tuple[SoundSet, SoundSet]:
    """Made sounds, and for each a real one of its own that is like it; as many as there are.

    Of an instrument with more made sounds than real ones they are taken at even distances.

    Raises:
        MuseganError: no real sound is of an instrument of the made ones.
    """
    kept = []
    for label in np.unique(made.instrument).tolist():
        own = np.flatnonzero(made.instrument == label)
        kept.append(own[evenly(len(own), len(_those_of(label, real)))])
    chosen = made.at(np.sort(np.concatenate(kept)))
    return chosen, real.at(like(chosen, real))


def like(wanted: SoundSet, others: SoundSet) -> IntArray:
    """(wanted,) for each sound the one of its instrument among `others` nearest to its pitch.

    None is taken twice while there are more.

    Raises:
        MuseganError: `others` has none of an instrument that is wanted.
    """
    found = np.zeros(len(wanted), np.int64)
    for label in np.unique(wanted.instrument).tolist():
        own = _those_of(label, others)
        taken = np.zeros(len(own), np.int64)
        for place in np.flatnonzero(wanted.instrument == label).tolist():
            away = np.abs(others.pitch[own] - wanted.pitch[place])
            chosen = int(np.lexsort((away, taken))[0])
            taken[chosen] += 1
            found[place] = own[chosen]
    return found


def _those_of(label: int, sounds: SoundSet) -> IntArray:
    found = np.flatnonzero(sounds.instrument == label)
    if not len(found):
        name = sounds.instruments[label]
        raise MuseganError(
            f"there is no {name} to compare with; hold some out (prepare audio --valid --test), or "
            f"leave {name} out"
        )
    return found


def sound_summary(evaluation: SoundEvaluation) -> list[Figure]:
    """The figures that matter most: in tune, recognised, real, varied, clean."""
    made, real = evaluation.made, evaluation.real
    figures = []
    if made.pitches and real.pitches:
        mine, theirs = made.pitches, real.pitches
        figures = [
            Figure("pitch", "within 50 cents of the pitch", mine.right, theirs.right, "1"),
            Figure("octaves", "an octave or two away", mine.octaves, theirs.octaves, "0"),
            Figure("cents", "cents from the pitch, of those", mine.cents, theirs.cents, "0"),
        ]
    rows = (
        ("recognised", "instrument recognised", "as real", lambda of: of.recognised.mean()),
        ("frechet_distance", "Fréchet distance", "0", lambda of: of.frechet),
        ("different_bins", "share of bins that differ", "0.05", lambda of: of.different_bins),
        ("variety", "distance within an instrument (dB)", "as real", lambda of: _mean(of)),
        ("collapsed", "pairs that are the same sound", "0", lambda of: collapsed(of.distances)),
        ("clicks", "share with clicks", "0", lambda of: (of.clicks > 0).mean()),
        ("clipped", "share cut off at the peak", "0", lambda of: of.clipped.mean()),
    )
    return figures + [
        Figure(key, title, float(of(made)), float(of(real)), aim) for key, title, aim, of in rows
    ]


def _mean(judged: SoundJudgement) -> float:
    return float(judged.distances.mean()) if len(judged.distances) else float("nan")
