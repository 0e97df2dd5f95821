"""The real sounds that others are judged by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musegan.audio.reading import Recording, resampled
from musegan.data.sounds import UNPITCHED, SoundSet, load_sounds
from musegan.data.store import read_description
from musegan.errors import MuseganError


@dataclass(frozen=True)
class SoundYardstick:
    """A dataset of sounds to judge by.

    Attributes:
        name: what the dataset is called.
        splits: the splits that are the reference.
        training: what models and the classifier learn from.
        reference: what they have not heard.
    """

    name: str
    splits: tuple[str, ...]
    training: SoundSet
    reference: SoundSet

    @property
    def pitched(self) -> bool:
        """Whether its sounds have pitches."""
        return self.training.pitched

    def fit(self, sounds: SoundSet, whose: str) -> tuple[SoundSet, list[str]]:
        """Sounds of another origin at this rate, as long, and labelled alike.

        Returns:
            Those of instruments that are known here, and the names of the others.

        Raises:
            MuseganError: none is known here, or they have no pitches and these do.
        """
        known = self.training.instruments
        number = np.array([known.index(n) if n in known else -1 for n in sounds.instruments])
        kept = sounds.at(np.flatnonzero(number[sounds.instrument] >= 0))
        if not len(kept):
            raise MuseganError(
                f"{whose}: none of its instruments ({', '.join(sounds.instruments)}) is in "
                f"{self.name} ({', '.join(known)}); prepare a dataset like it to judge it by"
            )
        if self.pitched and (kept.pitch == UNPITCHED).any():
            raise MuseganError(
                f"{whose}: its sounds have no pitches, as those of {self.name} have; "
                "judge it by a dataset without"
            )
        pitch = kept.pitch if self.pitched else np.full(len(kept), UNPITCHED)
        samples = as_long(kept, self.training.rate, self.training.samples.shape[1])
        fitted = replace(
            kept,
            rate=self.training.rate,
            samples=samples,
            instruments=known,
            instrument=number[kept.instrument],
            pitch=pitch,
        )
        strange = [name for name in sounds.instruments if name not in known]
        return fitted, strange


def load_sound_yardstick(path: Path, splits: tuple[str, ...]) -> SoundYardstick:
    """The dataset folder `path` as a yardstick, its `splits` the reference.

    Raises:
        MuseganError: not a dataset of sounds, or one without training or reference sounds; or the
            reference is what models learn from.
    """
    counts = read_description(path, "sounds")["splits"]
    if "train" in splits:
        raise MuseganError(
            f"{path}: sounds are judged beside ones that no model has heard; leave out --split"
        )
    there = [split for split in splits if counts.get(split)]
    if not there or not counts.get("train"):
        raise MuseganError(
            f"{path}: has no sounds in {' or '.join(splits) if counts.get('train') else 'train'}; "
            "prepare it with held-out sounds (--valid, --test)"
        )
    training = load_sounds(path, "train")
    parts = [load_sounds(path, split) for split in there]
    reference = replace(
        parts[0],
        samples=np.concatenate([part.samples for part in parts]),
        instrument=np.concatenate([part.instrument for part in parts]),
        pitch=np.concatenate([part.pitch for part in parts]),
        names=tuple(name for part in parts for name in part.names),
    )
    learnt = np.isin(reference.instrument, training.instrument)
    return SoundYardstick(path.name, tuple(there), training, reference.at(np.flatnonzero(learnt)))


def as_long(sounds: SoundSet, rate: int, samples: int) -> NDArray[np.int16]:
    """(sounds, samples) at another rate, cut or followed by silence."""
    waves = sounds.samples
    if sounds.rate != rate:
        full = np.iinfo(np.int16)
        played = [resampled(Recording(wave, sounds.rate), rate) for wave in sounds.waves()]
        scaled = np.rint(np.stack(played) * full.max)
        waves = np.clip(scaled, full.min, full.max).astype(np.int16)
    waves = waves[:, :samples]
    return np.pad(waves, ((0, 0), (0, samples - waves.shape[1])))
