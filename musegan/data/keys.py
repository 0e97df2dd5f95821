"""The key of a phrase, and phrases moved to a common one.

In a common key a network has one scale to learn instead of twelve, so it learns harmony from far
fewer songs; transposing what it makes gives the other eleven back.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from musegan.instruments import Ensemble
from musegan.pianoroll import Phrases
from musegan.song import IntArray

# how well each degree fits a major and a minor key, as listeners judged: Krumhansl & Kessler,
# "Tracing the dynamic changes in perceived tonal organization", Psychological Review, 1982
MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])


def home_keys(phrases: Phrases, ensemble: Ensemble) -> IntArray:
    """Semitones, -5..6 each, that each phrase lies above C major or A minor, (phrases,).

    The key is the one of 24 whose profile correlates best with how long each pitch class sounds;
    a phrase without pitches is at home.
    """
    major, minor = _fits(phrases, ensemble)
    best = np.maximum(major, np.roll(minor, -9, axis=1)).argmax(axis=1)
    home: IntArray = np.where(best > 6, best - 12, best)
    return home


def estimate_keys(phrases: Phrases, ensemble: Ensemble) -> tuple[IntArray, NDArray[np.bool_]]:
    """Each phrase's tonic, (phrases,) 0..11 from C, and whether its key is minor, (phrases,).

    Of a major key and its relative minor, the one whose profile fits better; a phrase without
    pitches is taken for C major.
    """
    best = np.concatenate(_fits(phrases, ensemble), axis=1).argmax(axis=1)
    return best % 12, best >= 12


def _fits(phrases: Phrases, ensemble: Ensemble) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How well each major and each minor key fits, (phrases, 12) correlations by tonic."""
    pitched = ~ensemble.drums[phrases.track]
    cell = phrases.phrase[pitched] * 12 + phrases.pitch[pitched] % 12
    heard = np.bincount(cell, phrases.duration[pitched], minlength=12 * len(phrases))
    sounding = heard.reshape(len(phrases), 12).astype(np.float64)
    tonics = (np.arange(12)[:, None] + np.arange(12)) % 12
    # rotated by its tonic, a phrase in C major or C minor shows that profile at 0
    turned = _standard(sounding)[:, tonics]
    return turned @ _standard(MAJOR), turned @ _standard(MINOR)


def move(phrases: Phrases, semitones: IntArray, ensemble: Ensemble) -> Phrases:
    """Phrases moved by (phrases,) semitones; drums stay.

    Notes that would leave their track's range are folded back by octaves.
    """
    drums = ensemble.drums[phrases.track]
    low = np.array([track.low for track in ensemble.tracks])[phrases.track]
    high = np.array([track.high for track in ensemble.tracks])[phrases.track]
    pitch = phrases.pitch + np.repeat(semitones, np.diff(phrases.offsets))
    pitch += 12 * np.maximum(0, -((pitch - low) // 12))
    pitch -= 12 * np.maximum(0, -((high - pitch) // 12))
    return replace(
        phrases, pitch=np.where(drums, phrases.pitch, pitch).astype(np.uint8)
    ).canonical()


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = values - values.mean(axis=-1, keepdims=True)
    size = np.linalg.norm(centred, axis=-1, keepdims=True)
    standard: NDArray[np.float64] = centred / np.maximum(size, 1e-12)
    return standard
