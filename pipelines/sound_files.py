"""Some recordings into notes, and why others gave none: the part of `prepare` workers share."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from musegan.audio.named_pitch import other_pitch
from musegan.audio.reading import Wave, read_on
from musegan.audio.shaping import SILENCE, Note, find_note, shape_note
from musegan.errors import MuseganError
from musegan.midi.names import pitch_name
from pipelines.shard_flow import Fault, check_shares
from pipelines.sound_sources import SoundSource

OPENING = 10.0  # seconds of silence a recording may open with
RATES = (4_000, 96_000)
SECONDS = (0.1, 30.0)
FULL_SCALE = 32767


@dataclass(frozen=True)
class SoundSettings:
    """What all sounds of a dataset are made with.

    Attributes:
        pitched: whether each needs a pitch.
        rate: samples a second.
        seconds: how long each is.
        valid: share of notes held out for validation, 0..1.
        test: share of notes held out for tests, 0..1.
    """

    pitched: bool
    rate: int = 16_000
    seconds: float = 1.024
    valid: float = 0.1
    test: float = 0.1

    @property
    def samples(self) -> int:
        """How many samples each sound has."""
        return round(self.rate * self.seconds)

    def check(self) -> None:
        """See that the numbers make sense together.

        Raises:
            MuseganError: one is out of range; the message names it.
        """
        for name, (low, high) in {"rate": RATES, "seconds": SECONDS}.items():
            if not low <= getattr(self, name) <= high:
                raise MuseganError(f"{name} {getattr(self, name)}: give {low:,} to {high:,}")
        check_shares(self.valid, self.test)

    def describe(self) -> dict[str, Any]:
        """The settings as plain data."""
        return asdict(self)


class SoundChunk(NamedTuple):
    """What was made of some files.

    Attributes:
        waves: (sounds, samples) int16.
        file: (sounds,) int64, the file each is of.
        hashes: (sounds,) uint64, of their samples.
        reasons: by file, why it gave no sound; "" where it gave one.
        faults: by file, what kept it from being looked at.
        doubts: by file, why it may have another pitch than it is said to have; "" where it may not.
    """

    waves: NDArray[np.int16]
    file: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    reasons: list[str]
    faults: list[Fault]
    doubts: list[str]


def shape_files(sources: Sequence[SoundSource], settings: SoundSettings) -> SoundChunk:
    """The sounds of some files; a file that cannot be used is no error."""
    waves, file, reasons, doubts = [], [], [], []
    faults: list[Fault] = []
    for index, item in enumerate(sources):
        reasons.append("")
        doubts.append("")
        faults.append("unlabelled")
        try:
            _check_labels(item, settings.pitched)
            faults[index] = "unreadable"
            note = find_note(read_on(item.path, settings.seconds + OPENING), settings.seconds)
            faults[index] = ""
            _check_heard(note, settings.seconds + OPENING)
            wave = shape_note(note, settings.rate, settings.samples)
        except MuseganError as problem:
            reasons[index] = str(problem).removeprefix(f"{item.path}: ")
        else:
            waves.append(np.rint(wave * FULL_SCALE).astype(np.int16))
            file.append(index)
            doubts[index] = _doubt(wave, settings.rate, item.pitch)
    return SoundChunk(
        np.array(waves, np.int16).reshape(-1, settings.samples),
        np.array(file, np.int64),
        np.array([_hash(wave) for wave in waves], np.uint64),
        reasons,
        faults,
        doubts,
    )


def _check_labels(item: SoundSource, pitched: bool) -> None:
    if not item.instrument:
        raise MuseganError("has no instrument in the table of labels")
    if pitched and item.pitch is None:
        raise MuseganError("has no pitch, as others have, in the table of labels or in its name")


def _check_heard(note: Note, seconds: float) -> None:
    """Of a file that is longer than the `seconds` that are read, it is not known to be silent."""
    wave, rate = note.recording
    if note.peak < SILENCE and len(wave) >= round(seconds * rate):
        raise MuseganError(f"nothing sounds in its first {seconds:g} s; cut off what is before")


def _doubt(wave: Wave, rate: int, named: int | None) -> str:
    heard = None if named is None else other_pitch(wave, rate, named)
    if named is None or heard is None:
        return ""
    like = f"{pitch_name(heard)} ({heard})"
    return f"sounds like {like}, octaves aside, not {pitch_name(named)} ({named})"


def _hash(wave: NDArray[np.int16]) -> int:
    return int.from_bytes(hashlib.blake2b(wave.data, digest_size=8).digest(), "little")
