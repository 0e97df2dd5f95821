"""The metrics as the code behind MuseGAN's AAAI 2018 table computed them, for that table alone.

Dong et al., MuseGAN: multi-track sequential generative adversarial networks for symbolic music
generation and accompaniment, AAAI 2018, table 1. That code strays from the paper's definitions:
it bins chroma by seven neighbouring semitones instead of by pitch class (UPC, TD), cuts notes at
bar lines and joins repeated ones (QN), and gives drum hits beside the pattern a part of a point
(DP). For all else use `musegan.evaluation.metrics`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from musegan.evaluation.harmony import tonal_centroids
from musegan.instruments import Ensemble
from musegan.pianoroll import PITCHES, Phrases
from musegan.song import FloatArray

STEPS = 96  # in a bar
LOWEST, HEIGHT = 24, 84  # the pitches of its rolls
BEAT = 24
CHUNK = 64  # phrases held as rolls at a time
PATTERN = np.tile([1, 0.3, 0, 0, 0, 0.3], 16)
SHIFTS = 6
TRACKS = {"B": "bass", "D": "drums", "G": "guitar", "P": "piano", "S": "strings"}
PITCHED = "BGPS"
PAIRS = ("B-G", "B-S", "B-P", "G-S", "G-P", "S-P")
COLUMNS = (
    *(f"EB {track}" for track in "BDGPS"),
    *(f"UPC {track}" for track in PITCHED),
    *(f"QN {track}" for track in PITCHED),
    "DP D",
    *(f"TD {pair}" for pair in PAIRS),
)
AAAI18 = {
    name: dict(zip(COLUMNS, values, strict=True))
    for name, values in {
        "training data": (8.06, 8.06, 19.4, 24.8, 10.1, 1.71, 3.08, 3.28, 3.38, 90.0, 81.9, 88.4,
                          89.6, 88.6, 1.57, 1.58, 1.51, 1.10, 1.02, 1.04),
        "jamming": (6.59, 2.33, 18.3, 22.6, 6.10, 1.53, 3.69, 4.13, 4.09, 71.5, 56.6, 62.2,
                    63.1, 93.2, 1.56, 1.60, 1.54, 1.05, 0.99, 1.05),
        "composer": (0.01, 28.9, 1.34, 0.02, 0.01, 2.51, 4.20, 4.89, 5.19, 49.5, 47.4, 49.9,
                     52.5, 75.3, 1.37, 1.36, 1.30, 0.95, 0.98, 0.91),
        "hybrid": (2.14, 29.7, 11.7, 17.8, 6.04, 2.35, 4.76, 5.45, 5.24, 44.6, 43.2, 45.5,
                   52.0, 71.3, 1.34, 1.35, 1.32, 0.85, 0.85, 0.83),
    }.items()
}  # fmt: skip
"""The published table by row, then column: shares (EB, QN, DP) in percent."""


def paper_compat(phrases: Phrases, ensemble: Ensemble) -> dict[str, float]:
    """One row of the AAAI-18 table for phrases, by column name, shares in percent.

    Means are over all bars a metric applies to; NaN where it applies to none. Tracks are found by
    name; a track the ensemble has not counts as empty.

    Raises:
        ValueError: the paper's 96 steps a 4/4 bar are no multiple of the grid's.
    """
    grid = phrases.grid
    if (grid.beats_per_bar, grid.beat_unit) != (4, 4) or STEPS % grid.steps_per_bar:
        raise ValueError(f"the paper's metrics need 4/4 on a grid that divides {STEPS} steps a bar")
    found: dict[str, list[FloatArray]] = {name: [] for name in COLUMNS}
    for bars in _bars(phrases, ensemble):
        for name, values in _measure(bars).items():
            found[name].append(values)
    return {name: _mean(np.concatenate(parts)) for name, parts in found.items() if parts}


def _bars(phrases: Phrases, ensemble: Ensemble) -> Iterator[dict[str, NDArray[np.bool_]]]:
    """Binary rolls (bars, 96, 84) by track letter, some phrases at a time."""
    numbers = {name: number for number, name in enumerate(ensemble.names)}
    stretch = STEPS // phrases.grid.steps_per_bar
    for begin in range(0, len(phrases), CHUNK):
        notes = phrases.select(np.arange(begin, min(begin + CHUNK, len(phrases)))).canonical()
        rolls = {}
        for letter, name in TRACKS.items():
            mine = notes.keep(notes.track == numbers.get(name, -1))
            roll = np.zeros((len(mine), mine.steps, PITCHES), bool)
            for phrase, start, length, pitch in zip(
                mine.phrase, mine.start, mine.duration, mine.pitch, strict=True
            ):
                roll[phrase, start : start + int(length), pitch] = True
            roll = roll[:, :, LOWEST : LOWEST + HEIGHT].repeat(stretch, axis=1)
            rolls[letter] = roll.reshape(-1, STEPS, HEIGHT)
        yield rolls


def _measure(bars: dict[str, NDArray[np.bool_]]) -> dict[str, FloatArray]:
    found: dict[str, FloatArray] = {}
    for letter, roll in bars.items():
        sounds = roll.any(axis=(1, 2))
        found[f"EB {letter}"] = np.where(sounds, 0.0, 100.0)
        if letter == "D":
            found["DP D"] = 100 * drum_pattern(roll[sounds])
        else:
            found[f"UPC {letter}"] = used_bins(roll[sounds])
            found[f"QN {letter}"] = 100 * qualified_notes(roll[sounds])
    for pair in PAIRS:
        one, other = pair.split("-")
        found[f"TD {pair}"] = tonal_distance(bars[one], bars[other])
    return found


def used_bins(roll: NDArray[np.bool_]) -> FloatArray:
    """(bars,) bins of the chroma that sound; bars are not empty."""
    bins: FloatArray = (_chroma(roll) > 0).any(axis=1).sum(axis=1, dtype=np.float64)
    return bins


def qualified_notes(roll: NDArray[np.bool_]) -> FloatArray:
    """(bars,) share of the unbroken stretches that last two steps or more; bars are not empty."""
    padded = np.pad(roll, ((0, 0), (1, 1), (0, 0)))
    begun = padded[:, 1:-1] & ~padded[:, :-2]
    short = begun & ~padded[:, 2:]
    share: FloatArray = 1 - short.sum(axis=(1, 2)) / begun.sum(axis=(1, 2))
    return share


def drum_pattern(roll: NDArray[np.bool_]) -> FloatArray:
    """(bars,) weight of the hits under the pattern, shifted to fit best; bars are not empty."""
    hits = roll.copy()
    hits[:, 1:] &= ~roll[:, :-1]
    by_step = hits.sum(axis=2)
    shifted = np.stack([np.roll(PATTERN, shift) for shift in range(SHIFTS)], axis=1)
    scores: FloatArray = (by_step @ shifted).max(axis=1) / by_step.sum(axis=1)
    return scores


def tonal_distance(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> FloatArray:
    """(bars,) mean over the four beats; NaN where either is silent for a beat."""
    centroids = []
    for roll in (one, other):
        chroma = _chroma(roll).reshape(len(roll), STEPS // BEAT, BEAT, 12).sum(axis=2)
        weight = chroma.sum(axis=2, keepdims=True)
        shares = np.where(weight > 0, chroma / np.maximum(weight, 1), np.nan)
        centroids.append(shares @ tonal_centroids())
    distances: FloatArray = np.linalg.norm(centroids[0] - centroids[1], axis=2).mean(axis=1)
    return distances


def _chroma(roll: NDArray[np.bool_]) -> FloatArray:
    """(bars, 96, 12): sounding pitches in each seven neighbouring semitones."""
    binned: FloatArray = roll.reshape(-1, STEPS, 12, HEIGHT // 12).sum(axis=3, dtype=np.float64)
    return binned


def _mean(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
