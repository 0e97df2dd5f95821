"""A folder of recordings into a dataset of sounds: read, cut at the onset, levelled, told apart.

What is kept are waveforms: spectrograms of any representation are made of them batch by batch, in
less time than a training step takes (see `benchmarks/prepare_audio.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from musegan.data.dedupe import SeenHashes
from musegan.data.shard_files import FORMAT, read_hashes
from musegan.data.sound_shards import write_sounds
from pipelines.dataset_folder import claimed, close, entries, licence_texts
from pipelines.shard_flow import as_options, digest, source_entry, split_of, write_shards
from pipelines.sound_files import SoundChunk, SoundSettings, shape_files
from pipelines.sound_sources import SoundSource
from pipelines.workers import in_threads

PART = 8
GROUP_BYTES = 1 << 24  # of samples in a shard, if all files are of use


def prepare(
    sources: Sequence[SoundSource],
    out: Path,
    settings: SoundSettings,
    *,
    workers: int = 1,
    overwrite: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Make the dataset `out` from audio files; goes on where a run was stopped.

    All takes of an instrument's pitch are in the same split; sounds without a pitch are shared out
    one by one. No two sounds are the same.

    Args:
        sources: the files, from `find_sounds`.
        out: folder to write, absent, empty, or begun by an earlier run with the same settings.
        settings: how sounds are made.
        workers: threads that read files.
        overwrite: drop what an earlier run has left in `out`.
        progress: called with the number of files done and of files there are.

    Returns:
        The dataset's description, as in `dataset.json` but without `sources`.

    Raises:
        MuseganError: no file gave a sound, `out` is something else, or another run writes there.
    """
    settings.check()
    with claimed(out, overwrite):
        shards = write_shards(sources, out, _Shaping(settings), workers, progress)
        head = {
            "format": FORMAT,
            "holds": "sounds",
            "rate": settings.rate,
            "seconds": settings.seconds,
            "samples": settings.samples,
            "instruments": _instruments(out, shards),
        }
        tail = {"settings": settings.describe(), "licences": licence_texts(sources)}
        return close(out, shards, "sounds", head, tail)


def _instruments(out: Path, shards: int) -> dict[str, dict[str, Any]]:
    """How many sounds there are of each instrument, and its lowest and highest pitch."""
    pitches: dict[str, list[int | None]] = {}
    for entry in entries(out, shards):
        if entry.get("sounds"):
            pitches.setdefault(entry["instrument"], []).append(entry["pitch"])
    told: dict[str, dict[str, Any]] = {}
    for name in sorted(pitches):
        known = [pitch for pitch in pitches[name] if pitch is not None]
        told[name] = {"sounds": len(pitches[name])}
        if known:
            told[name] |= {"lowest": min(known), "highest": max(known)}
    return told


class _Part(NamedTuple):
    """What a worker made of some files, and the hashes of their bytes."""

    sounds: SoundChunk
    digests: list[str]


def _shape(sources: Sequence[SoundSource], settings: SoundSettings) -> _Part:
    return _Part(shape_files(sources, settings), [digest(item.path) for item in sources])


class _Shaping:
    """The `Job` of making sounds; none is written twice."""

    def __init__(self, settings: SoundSettings) -> None:
        self.settings = settings
        self.seen = SeenHashes()
        self.part = PART
        self.group = max(1, GROUP_BYTES // (2 * settings.samples * PART)) * PART
        self.work = partial(_shape, settings=settings)
        self.spread = in_threads

    def describe(self) -> dict[str, Any]:
        return self.settings.describe()

    def options(self, settings: dict[str, Any]) -> dict[str, Any]:
        rest = dict(settings)
        pitches = "with pitches" if rest.pop("pitched") else "without pitches"
        return {"--labels": pitches, **as_options(rest)}

    def labels(self, item: SoundSource) -> dict[str, Any]:
        return {"instrument": item.instrument, "pitch": item.pitch}

    def remember(self, shard: Path) -> None:
        self.seen.first_seen(read_hashes(shard))

    def write(self, shard: Path, group: Sequence[SoundSource], parts: list[_Part]) -> None:
        made = [part.sounds for part in parts]
        digests = [hashed for part in parts for hashed in part.digests]
        hashes = np.concatenate([chunk.hashes for chunk in made])
        fresh = self.seen.first_seen(hashes)
        file = np.concatenate([chunk.file + PART * at for at, chunk in enumerate(made)])
        reasons = [reason for chunk in made for reason in chunk.reasons]
        faults = [fault for chunk in made for fault in chunk.faults]
        doubts = [doubt for chunk in made for doubt in chunk.doubts]
        sound = dict(
            zip(file.tolist(), zip(hashes.tolist(), fresh.tolist(), strict=True), strict=True)
        )
        told: list[dict[str, Any]] = []
        for index, item in enumerate(group):
            entry = source_entry(item, digests[index], self.labels(item))
            if index in sound:
                hashed, is_fresh = sound[index]
                entry |= {"split": self._split(item, hashed), "sounds": int(is_fresh)}
                entry["duplicates"] = 1 - entry["sounds"]
                entry |= {"doubt": doubts[index]} if doubts[index] else {}
            else:
                entry |= {"skipped": reasons[index], "fault": faults[index]}
            told.append(entry)
        names = {"pitch": "pitch", "instrument": "instrument", "source": "path", "split": "split"}
        columns = {
            column: np.array([entry.get(name) for entry in told], object)[file[fresh]]
            for column, name in names.items()
        }
        columns["hash"] = hashes[fresh]
        waves = np.concatenate([chunk.waves for chunk in made])[fresh]
        write_sounds(shard, waves, columns, {"settings": self.describe(), "sources": told})

    def _split(self, item: SoundSource, hashed: int) -> str:
        if item.pitch is not None:
            label = f"{item.instrument}/{item.pitch}".encode()
            hashed = int.from_bytes(hashlib.blake2b(label, digest_size=8).digest(), "little")
        return split_of(hashed, self.settings.valid, self.settings.test)
