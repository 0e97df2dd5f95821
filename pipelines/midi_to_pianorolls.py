"""A folder of MIDI files into a dataset of phrases: read, place, quantise, cut, deduplicate, write.

Files are taken in groups of `GROUP` in the order of their paths; each group ends as one shard whose
footer tells its files. So a run that was stopped goes on after its last shard, and the bytes
written depend on the files and the settings only.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from musegan.data.dedupe import SeenHashes
from musegan.data.phrasing import Cut, SongPhrases, phrase_song
from musegan.data.shards import read_footer, read_hashes, shard_name, write_shard
from musegan.errors import MuseganError
from musegan.instruments import Ensemble
from musegan.midi import read_midi
from musegan.pianoroll import Grid, Phrases, concatenate
from pipelines.dataset_folder import claim, finish
from pipelines.sources import Source, find_sources

GROUP = 128


@dataclass(frozen=True)
class Settings:
    """What a dataset is made with.

    Attributes:
        ensemble: the tracks and the rules that fill them.
        grid: meter and steps.
        cut: how phrases are cut.
        valid: share of songs held out for validation, 0..1.
        test: share of songs held out for tests, 0..1.
        style: label of all files; None takes `styles` or the first folder under the source.
        styles: label of each file by path under the source.
        licence: licence of all files; None takes the nearest licence file.
    """

    ensemble: Ensemble
    grid: Grid
    cut: Cut
    valid: float = 0.1
    test: float = 0.1
    style: str | None = None
    styles: dict[str, str] | None = None
    licence: str | None = None

    def describe(self) -> dict[str, Any]:
        """The settings as plain data."""
        rules = hashlib.blake2b(repr(self.ensemble).encode(), digest_size=16).hexdigest()
        return {
            "ensemble": self.ensemble.name,
            "ensemble_rules": rules,
            "grid": asdict(self.grid),
            **asdict(self.cut),
            "valid": self.valid,
            "test": self.test,
            "style": self.style,
            "licence": self.licence,
        }


def prepare(
    source: Path,
    out: Path,
    settings: Settings,
    *,
    workers: int = 1,
    overwrite: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Make the dataset `out` from the MIDI files under `source`; goes on where a run stopped.

    Args:
        source: folder with MIDI files, at any depth.
        out: folder to write, absent, empty, or begun by an earlier run with the same settings.
        settings: how phrases are made.
        workers: processes that read files.
        overwrite: drop what an earlier run has left in `out`.
        progress: called with files done and files there are.

    Returns:
        The dataset's description, as in `dataset.json` but without `sources`.

    Raises:
        MuseganError: no MIDI files, no phrases, or `out` is something else.
    """
    sources = find_sources(source, settings.style, settings.styles, settings.licence)
    claim(out, overwrite)
    groups = [sources[at : at + GROUP] for at in range(0, len(sources), GROUP)]
    about = settings.describe()
    seen = SeenHashes()
    done = 0
    while done < len(groups) and (out / shard_name(done)).exists():
        path = out / shard_name(done)
        _check_resumable(path, groups[done], about)
        seen.first_seen(read_hashes(path))
        done += 1
    progress(min(done * GROUP, len(sources)), len(sources))
    results = _phrase_all(sources[done * GROUP :], settings, workers)
    for number in range(done, len(groups)):
        songs = []
        for index, item in enumerate(groups[number]):
            songs.append((item, *next(results)))
            progress(number * GROUP + index + 1, len(sources))
        _write_group(out / shard_name(number), songs, settings, about, seen)
    return finish(out, len(groups), about, settings.ensemble)


def _check_resumable(path: Path, group: list[Source], about: dict[str, Any]) -> None:
    footer = read_footer(path)
    before = footer["settings"]
    for name, value in about.items():
        if before.get(name) != value:
            raise MuseganError(
                f"{path.parent}: was begun with {name} {before.get(name)}, now {value}; "
                "use --overwrite to start over"
            )
    known = [(entry["path"], entry["bytes"], entry["style"]) for entry in footer["sources"]]
    if known != [(item.name, _digest(item.path), item.style) for item in group]:
        raise MuseganError(
            f"{path.parent}: the files have changed since it was begun; start over with --overwrite"
        )


def _digest(path: Path) -> str:
    try:
        return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return ""


Result = tuple[str, SongPhrases | str]


def _phrase_file(item: Source, settings: Settings) -> Result:
    """The digest of a file's bytes, with its phrases or the reason there are none."""
    try:
        digest = _digest(item.path)
        song = read_midi(item.path)
        return digest, phrase_song(song, settings.ensemble, settings.grid, settings.cut)
    except (MuseganError, OSError) as problem:
        return digest, str(problem).removeprefix(f"{item.path}: ")


def _phrase_chunk(chunk: list[Source], settings: Settings) -> list[Result]:
    return [_phrase_file(item, settings) for item in chunk]


def _phrase_all(sources: list[Source], settings: Settings, workers: int) -> Iterator[Result]:
    if workers == 1:
        yield from (_phrase_file(item, settings) for item in sources)
        return
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        waiting: deque[Future[list[Result]]] = deque()
        for at in range(0, len(sources), 16):
            waiting.append(pool.submit(_phrase_chunk, sources[at : at + 16], settings))
            if len(waiting) > 3 * workers:
                yield from waiting.popleft().result()
        for future in waiting:
            yield from future.result()


def _write_group(
    path: Path,
    songs: list[tuple[Source, str, SongPhrases | str]],
    settings: Settings,
    about: dict[str, Any],
    seen: SeenHashes,
) -> None:
    good = [(item, song) for item, _, song in songs if not isinstance(song, str)]
    hashes = np.concatenate([np.zeros(0, np.uint64), *(song.hashes for _, song in good)])
    fresh = seen.first_seen(hashes)
    owner = np.repeat(np.arange(len(good)), [len(song.hashes) for _, song in good])[fresh]
    counts = iter(np.bincount(owner, minlength=len(good)).tolist())
    splits = [split_of(song.song, settings.valid, settings.test) for _, song in good]
    split = iter(splits)
    entries = []
    for item, digest, song in songs:
        entry: dict[str, Any] = {
            "path": item.name,
            "bytes": digest,
            "style": item.style,
            "licence": item.licence,
        }
        if isinstance(song, str):
            entry["skipped"] = song
        else:
            kept = next(counts)
            entry |= {
                "song": f"{song.song:016x}",
                "split": next(split),
                "phrases": kept,
                "duplicates": len(song.hashes) - kept,
                "notes": song.counts,
                "left_out": song.left_out,
            }
        entries.append(entry)
    none = Phrases.of([], settings.grid, settings.cut.bars)
    phrases = concatenate([none, *(song.phrases for _, song in good)])
    columns = {
        "song": [f"{good[i][1].song:016x}" for i in owner],
        "source": [good[i][0].name for i in owner],
        "bar": np.concatenate([np.zeros(0, np.int32), *(s.bar for _, s in good)])[fresh],
        "bpm": np.concatenate([np.zeros(0, np.float32), *(s.bpm for _, s in good)])[fresh],
        "key": np.array([k for _, s in good for k in s.key], object)[fresh],
        "style": [good[i][0].style for i in owner],
        "split": [splits[i] for i in owner],
        "hash": hashes[fresh],
    }
    write_shard(path, phrases.select(fresh), columns, {"settings": about, "sources": entries})


def split_of(song: int, valid: float, test: float) -> str:
    """The split of a song by its hash."""
    mixed = hashlib.blake2b(song.to_bytes(8, "little"), digest_size=8).digest()
    place = int.from_bytes(mixed, "little") / 2**64
    if place < test:
        return "test"
    return "valid" if place < test + valid else "train"
