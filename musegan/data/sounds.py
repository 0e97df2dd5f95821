"""Loading a dataset of sounds, with numpy and Arrow alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from musegan.data.shard_files import read_table
from musegan.data.sound_shards import waves_of
from musegan.data.store import read_description
from musegan.errors import MuseganError
from musegan.song import IntArray

UNPITCHED = -1


@dataclass(frozen=True)
class SoundSet:
    """Sounds of a dataset with what is known of each.

    Attributes:
        rate: samples a second.
        samples: (sounds, samples) int16, full scale at 32767; see `waves`.
        instruments: the names of all instruments of the dataset, sorted.
        instrument: (sounds,) int64 index into `instruments`.
        pitch: (sounds,) int64 MIDI pitch, `UNPITCHED` where there is none.
        names: the files they came from, by their paths under the folder that was prepared.
    """

    rate: int
    samples: NDArray[np.int16]
    instruments: tuple[str, ...]
    instrument: IntArray
    pitch: IntArray
    names: tuple[str, ...]

    @property
    def pitched(self) -> bool:
        """Whether any of the sounds has a pitch."""
        return bool((self.pitch != UNPITCHED).any())

    def waves(self, which: Any = slice(None)) -> NDArray[np.float32]:
        """The waveforms of some sounds, (sounds, samples) float32 within -1..1.

        Args:
            which: a slice or an array of indices or flags; all by default.
        """
        waves: NDArray[np.float32] = self.samples[which].astype(np.float32)
        waves /= 32767
        return waves

    def at(self, index: IntArray) -> SoundSet:
        """The sounds at `index`, in that order."""
        names = tuple(self.names[place] for place in index.tolist())
        return SoundSet(
            self.rate,
            self.samples[index],
            self.instruments,
            self.instrument[index],
            self.pitch[index],
            names,
        )

    def thinned(self, count: int) -> SoundSet:
        """At most `count` of the sounds, at even distances."""
        return self if count >= len(self) else self.at(evenly(len(self), count))

    def __len__(self) -> int:
        return len(self.samples)


def evenly(size: int, count: int) -> IntArray:
    """At most `count` of the places 0 to `size` - 1, at even distances, rising."""
    return np.linspace(0, size - 1, min(count, size)).astype(np.int64)


def load_sounds(
    path: Path, split: str | None = None, instruments: Sequence[str] | None = None
) -> SoundSet:
    """The sounds of a dataset folder.

    Args:
        path: the folder `musegan prepare audio` wrote.
        split: `train`, `valid` or `test`; None is all of them.
        instruments: only sounds of these; None is all of them.

    Raises:
        MuseganError: not a dataset of sounds, a shard is missing or broken, or nothing is left.
    """
    about = read_description(path, "sounds")
    known = tuple(about["instruments"])
    for asked in instruments or ():
        if asked not in known:
            raise MuseganError(f"{path}: no instrument '{asked}'; there are {', '.join(known)}")
    tables = []
    for shard in about["shards"]:
        table = read_table(path / shard["file"], ["wave", "pitch", "instrument", "source", "split"])
        if split is not None:
            table = table.filter(pc.equal(table["split"], split))
        if instruments is not None:
            chosen = pa.array(list(instruments))
            table = table.filter(pc.is_in(table["instrument"].cast(pa.string()), chosen))
        tables.append(table)
    table = pa.concat_tables(tables)
    if not len(table):
        counts = ", ".join(f"{name} {count}" for name, count in about["splits"].items())
        raise MuseganError(f"{path}: no sounds in split '{split or 'all'}' (sounds: {counts})")
    number = {name: index for index, name in enumerate(known)}
    labels = table["instrument"].cast(pa.string()).to_pylist()
    return SoundSet(
        about["rate"],
        waves_of(table["wave"]),
        known,
        np.array([number[name] for name in labels], np.int64),
        pc.fill_null(table["pitch"].cast(pa.int64()), UNPITCHED).to_numpy(),
        tuple(table["source"].cast(pa.string()).to_pylist()),
    )
