"""A folder of MIDI files into a dataset of phrases: read, place, cut, tell apart, write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from musegan.data.cutting import MOST_SONGS
from musegan.data.dedupe import SeenHashes
from musegan.data.shard_files import FORMAT, read_hashes
from musegan.data.shards import write_shard
from musegan.pianoroll import concatenate
from pipelines.dataset_folder import claimed, close, entries, licence_texts
from pipelines.phrase_files import Chunk, Settings, as_prepare_options, phrase_files
from pipelines.shard_flow import digest, source_entry, split_of, write_shards
from pipelines.sources import Source
from pipelines.workers import in_order

GROUP = 128  # files a shard


def prepare(
    sources: Sequence[Source],
    out: Path,
    settings: Settings,
    *,
    workers: int = 1,
    overwrite: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Make the dataset `out` from MIDI files; goes on where a run was stopped.

    Args:
        sources: the files, from `find_sources`.
        out: folder to write, absent, empty, or begun by an earlier run with the same settings.
        settings: how phrases are made.
        workers: processes that read files.
        overwrite: drop what an earlier run has left in `out`.
        progress: called with the number of files done and of files there are.

    Returns:
        The dataset's description, as in `dataset.json` but without `sources`.

    Raises:
        MuseganError: no file gave phrases, `out` is something else, or another run writes there.
    """
    settings.check()
    with claimed(out, overwrite):
        shards = write_shards(sources, out, _Phrasing(settings), workers, progress)
        about = settings.describe()
        head = {
            "format": FORMAT,
            "holds": "phrases",
            "grid": about["grid"],
            "bars": about["bars"],
            "hop": about["hop"],
            "ensemble": {"name": settings.ensemble.name, "tracks": settings.ensemble.describe()},
            "styles": _styles(out, shards),
        }
        tail = {"settings": about, "licences": licence_texts(sources)}
        return close(out, shards, "phrases", head, tail)


def _styles(out: Path, shards: int) -> dict[str, dict[str, int]]:
    styles: dict[str, Counter[str]] = {}
    for entry in entries(out, shards):
        if entry.get("phrases"):
            style = styles.setdefault(entry["style"], Counter(phrases=0, songs=0))
            style.update(phrases=entry["phrases"], songs=1)
    return {name: dict(styles[name]) for name in sorted(styles)}


class _Phrasing:
    """The `Job` of making phrases; no phrase is written that repeats another."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.seen = SeenHashes()
        self.part, self.group = MOST_SONGS, GROUP
        self.work = partial(phrase_files, settings=settings)
        self.spread = in_order

    def describe(self) -> dict[str, Any]:
        return self.settings.describe()

    def options(self, settings: dict[str, Any]) -> dict[str, Any]:
        return as_prepare_options(settings)

    def labels(self, item: Source) -> dict[str, Any]:
        return {"style": item.style}

    def remember(self, shard: Path) -> None:
        self.seen.first_seen(read_hashes(shard))

    def write(self, shard: Path, group: Sequence[Source], made: list[Chunk]) -> None:
        parts = [chunk.phrases for chunk in made]
        hashes = np.concatenate([part.hashes for part in parts])
        fresh = self.seen.first_seen(hashes)
        file = np.concatenate([part.song + MOST_SONGS * at for at, part in enumerate(parts)])
        found = np.bincount(file, minlength=len(group)).tolist()
        file = file[fresh]
        kept = np.bincount(file, minlength=len(group)).tolist()
        told: list[dict[str, Any]] = []
        songs = [song for chunk in made for song in chunk.songs]
        faults = [fault for chunk in made for fault in chunk.faults]
        for index, (item, song) in enumerate(zip(group, songs, strict=True)):
            entry = source_entry(item, digest(item.path), self.labels(item))
            if isinstance(song, str):
                entry["skipped"], entry["fault"] = song, faults[index]
            else:
                entry["song"] = f"{song.hash:016x}"
                entry["split"] = split_of(song.hash, self.settings.valid, self.settings.test)
                entry["phrases"] = kept[index]
                entry["duplicates"] = found[index] - kept[index]
                entry["notes"], entry["left_out"] = song.notes, song.left_out
            told.append(entry)
        labels = {"song": "song", "source": "path", "style": "style", "split": "split"}
        columns = {
            column: np.array([entry.get(name) for entry in told], object)[file]
            for column, name in labels.items()
        }
        columns["key"] = np.array([key for part in parts for key in part.key], object)[fresh]
        columns["bar"] = np.concatenate([part.bar for part in parts])[fresh]
        columns["bpm"] = np.concatenate([part.bpm for part in parts])[fresh]
        columns["hash"] = hashes[fresh]
        phrases = concatenate([part.phrases for part in parts]).select(fresh)
        footer = {"settings": self.describe(), "sources": told}
        write_shard(shard, phrases, columns, footer)
