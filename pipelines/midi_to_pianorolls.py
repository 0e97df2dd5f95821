"""A folder of MIDI files into a dataset of phrases: read, place, quantise, cut, deduplicate, write.

Files are taken in groups of `GROUP` in the order of their names; each group ends as one shard whose
footer tells its files. So a run that was stopped goes on after its last shard, and the bytes
written depend on the files and the settings only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from musegan.data.cutting import MOST_SONGS
from musegan.data.dedupe import SeenHashes
from musegan.data.shards import read_footer, read_hashes, shard_name, write_shard
from musegan.errors import MuseganError
from musegan.pianoroll import concatenate
from pipelines.dataset_folder import claim, finish
from pipelines.phrase_files import Chunk, Settings, digest, phrase_files
from pipelines.sources import Source
from pipelines.workers import in_order

GROUP = 32 * MOST_SONGS


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
        MuseganError: no file gave phrases, or `out` is something else.
    """
    settings.check()
    claim(out, overwrite)
    groups = [sources[at : at + GROUP] for at in range(0, len(sources), GROUP)]
    about, seen = settings.describe(), SeenHashes()
    begun = _take_up(out, groups, about, seen)
    left = sources[begun * GROUP :]
    done = len(sources) - len(left)
    parts = [left[at : at + MOST_SONGS] for at in range(0, len(left), MOST_SONGS)]
    chunks = in_order(partial(phrase_files, settings=settings), parts, workers)
    progress(done, len(sources))
    with ThreadPoolExecutor(1) as writer:  # disk and compression wait for nothing, nor does reading
        writing: Future[None] | None = None
        for number, group in enumerate(groups[begun:], begun):
            made: list[Chunk] = []
            for _ in range(0, len(group), MOST_SONGS):
                made.append(next(chunks))
                done += len(made[-1].songs)
                progress(done, len(sources))
            if writing is not None:
                writing.result()
            shard = out / shard_name(number)
            writing = writer.submit(_write_group, shard, group, made, settings, seen)
        if writing is not None:
            writing.result()
    return finish(out, len(groups), about, settings.ensemble, sources)


def split_of(song: int, valid: float, test: float) -> str:
    """The split a song belongs to by its hash alone: `train`, `valid` or `test`."""
    drawn = hashlib.blake2b(song.to_bytes(8, "little"), digest_size=8).digest()
    place = int.from_bytes(drawn, "little") / 2**64
    if place < test:
        return "test"
    return "valid" if place < test + valid else "train"


def _take_up(
    out: Path, groups: Sequence[Sequence[Source]], about: dict[str, Any], seen: SeenHashes
) -> int:
    """How many groups an earlier run has done; their phrases are remembered as seen."""
    number = 0
    while (shard := out / shard_name(number)).exists():
        footer = read_footer(shard)
        before = footer["settings"]
        for name, value in about.items():
            if before.get(name) != value:
                raise MuseganError(
                    f"{out}: was begun with {name} {before.get(name)}, not {value}; "
                    "start over with --overwrite"
                )
        group = groups[number] if number < len(groups) else []
        known = [(e["path"], e["bytes"], e["style"], e["licence"]) for e in footer["sources"]]
        if known != [(i.name, digest(i.path), i.style, i.licence) for i in group]:
            raise MuseganError(
                f"{out}: was begun with other files, styles or licences; "
                "start over with --overwrite"
            )
        seen.first_seen(read_hashes(shard))
        number += 1
    return number


def _write_group(
    shard: Path, group: Sequence[Source], made: list[Chunk], settings: Settings, seen: SeenHashes
) -> None:
    parts = [chunk.phrases for chunk in made]
    hashes = np.concatenate([part.hashes for part in parts])
    fresh = seen.first_seen(hashes)
    file = np.concatenate([part.song + MOST_SONGS * at for at, part in enumerate(parts)])
    found = np.bincount(file, minlength=len(group)).tolist()
    file = file[fresh]
    kept = np.bincount(file, minlength=len(group)).tolist()
    entries: list[dict[str, Any]] = []
    songs = [song for chunk in made for song in chunk.songs]
    readable = [flag for chunk in made for flag in chunk.readable]
    for index, (item, song) in enumerate(zip(group, songs, strict=True)):
        entry: dict[str, Any] = {"path": item.name, "bytes": digest(item.path)}
        entry |= {"style": item.style, "licence": item.licence}
        if isinstance(song, str):
            entry["skipped"], entry["readable"] = song, readable[index]
        else:
            entry["song"] = f"{song.hash:016x}"
            entry["split"] = split_of(song.hash, settings.valid, settings.test)
            entry["phrases"] = kept[index]
            entry["duplicates"] = found[index] - kept[index]
            entry["notes"], entry["left_out"] = song.notes, song.left_out
        entries.append(entry)
    labels = {"song": "song", "source": "path", "style": "style", "split": "split"}
    columns = {
        column: np.array([entry.get(name) for entry in entries], object)[file]
        for column, name in labels.items()
    }
    columns["key"] = np.array([key for part in parts for key in part.key], object)[fresh]
    columns["bar"] = np.concatenate([part.bar for part in parts])[fresh]
    columns["bpm"] = np.concatenate([part.bpm for part in parts])[fresh]
    columns["hash"] = hashes[fresh]
    phrases = concatenate([part.phrases for part in parts]).select(fresh)
    footer = {"settings": settings.describe(), "sources": entries}
    write_shard(shard, phrases, columns, footer)
