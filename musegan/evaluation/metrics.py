"""All metrics of phrases at once, by name: what the distances and the report work on.

A column is a metric of one track or one pair of tracks, named `metric/track`, such as
`empty_bars/bass` or `tonal_distance/bass-piano`, with a value a phrase. NaN says that the metric
does not apply to the phrase (mostly: the track is silent in it); means leave such phrases out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from musegan.evaluation import harmony, rhythm, tracks
from musegan.evaluation.events import Events
from musegan.instruments import Ensemble, EnsembleTrack
from musegan.pianoroll import Phrases
from musegan.song import FloatArray

CHUNK = 1024  # phrases at a time: keeps the working set in the cache and memory flat

Measured = dict[str, FloatArray]


@dataclass(frozen=True)
class Metric:
    """A metric of one track at a time.

    Attributes:
        title: what a person reads.
        unit: of its values; empty for a share 0..1.
        pitched: whether it applies to tracks that are not drums.
        drums: whether it applies to drums.
        of: what computes it: (phrases, tracks) from events.
    """

    title: str
    unit: str
    pitched: bool
    drums: bool
    of: Callable[[Events], FloatArray]

    def fits(self, track: EnsembleTrack) -> bool:
        """Whether the metric means anything on `track`."""
        return self.drums if track.is_drum else self.pitched


METRICS = {
    "empty_bars": Metric("empty bars", "", True, True, tracks.empty_bars),
    "density": Metric("density", "notes a bar", True, True, tracks.density),
    "polyphony": Metric("polyphony", "pitches", True, False, tracks.polyphony),
    "pitch_classes": Metric("pitch classes", "a bar", True, False, harmony.pitch_classes),
    "qualified_notes": Metric("qualified notes", "", True, False, tracks.qualified_notes),
    "note_length": Metric("note length", "beats", True, False, tracks.note_length),
    "in_scale": Metric("notes in the key", "", True, False, harmony.in_scale),
    "drum_pattern": Metric("drum pattern", "", False, True, rhythm.drum_pattern),
    "repetition": Metric("bar-to-bar repetition", "", True, True, rhythm.repetition),
    "self_similarity": Metric("bar self-similarity", "", True, True, rhythm.self_similarity),
    "groove_consistency": Metric("groove consistency", "", True, True, rhythm.groove_consistency),
    "velocity_mean": Metric("velocity", "MIDI", True, True, tracks.velocity_mean),
    "velocity_spread": Metric("velocity spread", "MIDI", True, True, tracks.velocity_spread),
}
TONAL_DISTANCE = "tonal_distance"  # the one metric of pairs of tracks


def pairs_of(ensemble: Ensemble) -> list[tuple[int, int]]:
    """The numbers of all pairs of tracks that are not drums, the lower first."""
    return list(combinations(np.flatnonzero(~ensemble.drums).tolist(), 2))


def pair_name(ensemble: Ensemble, one: int, other: int) -> str:
    """The column of a pair of tracks."""
    return f"{TONAL_DISTANCE}/{ensemble.names[one]}-{ensemble.names[other]}"


def columns(ensemble: Ensemble) -> list[str]:
    """The names of all columns that `measure` gives for an ensemble, in order."""
    single = [
        f"{name}/{track.name}"
        for name, metric in METRICS.items()
        for track in ensemble.tracks
        if metric.fits(track)
    ]
    return single + [pair_name(ensemble, *pair) for pair in pairs_of(ensemble)]


def measure(phrases: Phrases, ensemble: Ensemble) -> Measured:
    """All metrics of all phrases; drum hits have no length, whatever is written, but are a step.

    Args:
        phrases: what to measure; need not be canonical.
        ensemble: names the tracks and tells which are drums.

    Returns:
        (phrases,) float64 by column name, in the order of `columns(ensemble)`.

    Raises:
        ValueError: a note is on a track that the ensemble has not.
    """
    starts = range(0, max(len(phrases), 1), CHUNK)
    chunks = [np.arange(a, min(a + CHUNK, len(phrases))) for a in starts]
    parts = [_measure_chunk(phrases.select(chunk), ensemble) for chunk in chunks]
    return {name: np.concatenate([part[name] for part in parts]) for name in columns(ensemble)}


def _measure_chunk(phrases: Phrases, ensemble: Ensemble) -> Measured:
    events = Events.of(phrases, len(ensemble.tracks))
    drums = ensemble.drums[events.track]
    events = replace(events, duration=np.where(drums, 1, events.duration))
    pitched = events.keep(~drums)
    measured = {}
    for name, metric in METRICS.items():
        values = metric.of(events if metric.drums else pitched)
        for number, track in enumerate(ensemble.tracks):
            if metric.fits(track):
                measured[f"{name}/{track.name}"] = values[:, number]
    pairs = pairs_of(ensemble)
    distances = harmony.tonal_distance(pitched, pairs)
    for (one, other), values in zip(pairs, distances.T, strict=True):
        measured[pair_name(ensemble, one, other)] = values
    return measured
