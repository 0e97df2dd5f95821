"""What bars take up from each other and how melodies move: set as phrases have it.

Thresholds are set until as many bars of samples play the notes, or the rhythm, of an earlier bar as
real ones do. How likely upper voices are to move by each interval is set until samples move so, by
iterative proportional fitting: what is heard too rarely becomes likelier by as much as it lacks.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musegan.evaluation.events import FloatArray
from musegan.instruments import Ensemble
from musegan.models.monophony import RARELY
from musegan.models.motion import CHORDS, FAR, LINE
from musegan.models.onsets import by_bar, onsets_of
from musegan.models.planned import PlannedGenerator
from musegan.models.repeats import NOWHERE, likeness, nearest
from musegan.pianoroll import Phrases
from musegan.training.levels import Advance, unwatched
from musegan.training.sampling import arranged_logits, sample_phrases

HARDLY_ALIKE = 0.1  # bars that share less never take after each other
ROUNDS = 6
HABIT_STEPS = 2 + ROUNDS
PACE = 0.6  # share of what an interval lacks that one round makes up
MOST = 6.0  # the largest logarithm in a table
FEW = 5.0  # so many moves by an interval more or less tell little


def set_habits(
    generator: PlannedGenerator,
    phrases: Phrases,
    ensemble: Ensemble,
    seed: int,
    samples: int,
    advance: Advance = unwatched,
) -> None:
    """Let bars take after each other and voices move as in `phrases`, in place.

    Takes `HABIT_STEPS`.
    """
    habits, tracks = generator.habits, len(ensemble.tracks)
    pitched = ~ensemble.drums
    habits.again.fill_(NOWHERE)
    habits.riffs.fill_(NOWHERE)
    habits.motion.zero_()
    same = share_repeated(phrases, tracks, True)
    habits.again.copy_(_least(_alike(generator, phrases, seed, samples, True), same))
    advance()
    # each sound of a kit has a rhythm of its own, so drums only play whole bars again
    taken = np.where(pitched, share_repeated(phrases, tracks, False), 0)
    habits.riffs.copy_(_least(_alike(generator, phrases, seed, samples, False), taken))
    advance()
    wanted = moves(phrases, tracks) * pitched[:, None, None]
    for _ in range(ROUNDS):
        found = moves(sample_phrases(generator, phrases, samples, seed), tracks)
        lack = torch.from_numpy(_lacking(wanted, found)).to(habits.motion)
        habits.motion.add_(PACE * lack).clamp_(-MOST, MOST)
        advance()


def share_repeated(phrases: Phrases, tracks: int, notes: bool) -> FloatArray:
    """(tracks,) share of the bars after a phrase's first in which a track plays as in one before.

    NaN for a track that plays in none.

    Args:
        phrases: canonical.
        tracks: how many tracks there are.
        notes: whether the same notes begin; else the rhythm alone has to be the same.
    """
    per_bar, bars = phrases.grid.steps_per_bar, phrases.bars
    line = phrases.phrase.astype(np.int64) * tracks + phrases.track
    bar, step = np.divmod(phrases.start.astype(np.int64), per_bar)
    place = step * 128 + (phrases.pitch if notes else 0)
    begun = np.unique((line * bars + bar) * (per_bar * 128) + place)
    cell, place = np.divmod(begun, per_bar * 128)
    # equal sets of places have equal sums of numbers drawn for each, and others hardly ever
    drawn = np.random.default_rng(0).integers(1, 2**62, per_bar * 128, dtype=np.uint64)
    sums = np.zeros(len(phrases) * tracks * bars, np.uint64)
    np.add.at(sums, cell, drawn[place])
    cells = sums.reshape(len(phrases), tracks, bars)
    plays = cells != 0
    again = np.zeros_like(plays)
    for later in range(1, bars):
        again[..., later] = (cells[..., :later] == cells[..., later, None]).any(2)
    with np.errstate(invalid="ignore"):
        share: FloatArray = (again & plays)[..., 1:].sum((0, 2)) / plays[..., 1:].sum((0, 2))
    return share


def moves(phrases: Phrases, tracks: int) -> FloatArray:
    """How often upper voices of lines and chords move by each interval, (tracks, 2, 2 * FAR + 1).

    Args:
        phrases: canonical.
        tracks: how many tracks there are.
    """
    line = phrases.phrase.astype(np.int64) * tracks + phrases.track
    steps, first, begun = np.unique(
        line * phrases.steps + phrases.start, return_index=True, return_counts=True
    )
    # canonical notes lie in order of track, start and pitch, so a step's last is its highest
    pitch = phrases.pitch[first + begun - 1].astype(np.int64)
    line = steps // phrases.steps
    chords, played = (np.bincount(line, begun > least) for least in (1, 0))
    with np.errstate(invalid="ignore"):
        kind = np.where(chords / played <= RARELY, LINE, CHORDS)[line[1:]]
    interval = np.clip(np.diff(pitch), -FAR, FAR) + FAR
    within = line[1:] == line[:-1]
    counts = np.zeros((tracks, 2, 2 * FAR + 1))
    np.add.at(counts, (line[1:][within] % tracks, kind[within], interval[within]), 1)
    return counts


def _lacking(wanted: FloatArray, found: FloatArray) -> NDArray[np.float64]:
    """Logarithm of how much more often each interval is wanted than found, 0 where nothing is."""
    total = wanted.sum(2, keepdims=True)
    expected = wanted / np.maximum(total, 1) * found.sum(2, keepdims=True)
    return np.where(total > 0, np.log((expected + FEW) / (found + FEW)), 0.0)


def _alike(
    generator: PlannedGenerator, phrases: Phrases, seed: int, samples: int, notes: bool
) -> FloatArray:
    """How like an earlier bar each later one is, (samples, tracks, bars - 1); NaN where silent."""
    layout, parts = generator.layout, []
    for silent, logits in arranged_logits(generator, phrases, samples, seed):
        begun = by_bar(onsets_of(logits, layout) > 0, layout)
        begun = begun & (silent == 0)[..., None, None]
        heard = begun.flatten(3) if notes else begun.any(4)
        found, _ = nearest(likeness(heard), torch.ones_like(silent, dtype=torch.bool))
        parts.append(torch.where(heard.any(3), found, torch.nan)[..., 1:])
    alike: FloatArray = torch.cat(parts).double().numpy(force=True)
    return alike


def _least(alike: FloatArray, share: FloatArray) -> Tensor:
    """(tracks,) how like an earlier bar the given share of later bars is."""
    least = np.full(len(share), NOWHERE)
    for track in np.flatnonzero(share > 0):
        known = alike[:, track][~np.isnan(alike[:, track])]
        if len(known):
            least[track] = max(np.quantile(known, 1 - share[track]), HARDLY_ALIKE)
    return torch.from_numpy(least)
