"""What sounds are compared by: levels on the mel scale, and statistics of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from musegan.audio.representations import make_representation
from musegan.data.sounds import SoundSet
from musegan.song import FloatArray

Levels = NDArray[np.float32]

BANDS = 64
FLOOR = 80.0  # dB below full scale: softer is silence
COEFFICIENTS = 24  # of the cepstrum: the envelope of a spectrum, not its partials
# of a sound: how it begins counts more. Most have died away by the last quarter, which only the
# traits of the whole sound tell of: a part of its own did not help to recognise held-out notes
PARTS = (0.0, 1 / 16, 3 / 16, 7 / 16, 3 / 4)
AT_ONCE = 64


def levels_of(sounds: SoundSet) -> Levels:
    """(sounds, bands, frames) levels in dB, from -80 to 0 for a sine at full scale."""
    log_mel = make_representation("log-mel", rate=sounds.rate, bins=BANDS, floor=FLOOR)
    found = []
    for start in range(0, len(sounds), AT_ONCE):
        waves = torch.from_numpy(sounds.waves(slice(start, start + AT_ONCE)))
        with torch.inference_mode():
            found.append((log_mel(waves)[:, 0].numpy() - 1) * FLOOR / 2)
    return np.concatenate(found)


def statistics(levels: Levels) -> FloatArray:
    """Mean and spread over time of each band, (sounds, 2 x bands) dB."""
    return np.concatenate([levels.mean(2), levels.std(2)], 1, dtype=np.float64)


def traits(levels: Levels) -> FloatArray:
    """What instruments are told apart by, (sounds, traits).

    Of the mel cepstrum: mean, spread and restlessness over the whole sound, and means over parts of
    it, the first ones short.
    """
    cepstra = _cosines(levels.shape[1]) @ levels
    bounds = [round(part * levels.shape[2]) for part in PARTS]
    parts = [cepstra[:, :, begin : max(end, begin + 1)].mean(2) for begin, end in pairwise(bounds)]
    restless = np.abs(np.diff(cepstra, axis=2)).mean(2)
    found = [cepstra.mean(2), cepstra.std(2), restless, *parts]
    return np.concatenate(found, 1, dtype=np.float64)


def _cosines(bands: int) -> NDArray[np.float32]:
    """The first rows of a cosine transform, (coefficients, bands)."""
    places = (np.arange(bands) + 0.5) / bands
    waves = np.cos(np.pi * np.arange(COEFFICIENTS)[:, None] * places)
    return np.float32(np.sqrt(2 / bands)) * waves.astype(np.float32)
