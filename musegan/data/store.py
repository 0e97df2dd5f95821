"""Loading a phrase dataset: `dataset.json` and Parquet shards into flat arrays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from musegan.data.folder import DESCRIPTION, is_unfinished
from musegan.data.shard_files import FORMAT, read_table
from musegan.data.shards import NOTE_COLUMNS
from musegan.errors import MuseganError
from musegan.instruments import Ensemble
from musegan.pianoroll import Grid, Phrases
from musegan.song import IntArray

_DESCRIBED = {
    "phrases": ("grid", "bars", "ensemble", "styles", "splits", "shards"),
    "sounds": ("rate", "samples", "instruments", "splits", "shards"),
}
SPLITS = ("train", "valid", "test")


@dataclass(frozen=True)
class PhraseSet:
    """Phrases of a dataset with what is known of each.

    Attributes:
        phrases: the P phrases.
        ensemble: the tracks their notes belong to.
        styles: all style labels of the dataset.
        style: (P,) int64 index into `styles`.
        tempo: (P,) float32 quarter notes a minute.
        song: (P,) int64, equal for phrases of one song, numbered in order of appearance.
        sources: the files they came from, by their paths under the folder that was prepared.
        source: (P,) int64 index into `sources`.
        bar: (P,) int32 number of its first bar there, from 0.
    """

    phrases: Phrases
    ensemble: Ensemble
    styles: tuple[str, ...]
    style: IntArray
    tempo: NDArray[np.float32]
    song: IntArray
    sources: tuple[str, ...]
    source: IntArray
    bar: NDArray[np.int32]

    @property
    def grid(self) -> Grid:
        """The grid of the phrases."""
        return self.phrases.grid

    @property
    def bars(self) -> int:
        """Bars a phrase."""
        return self.phrases.bars

    def __len__(self) -> int:
        return len(self.phrases)


def read_description(path: Path, holds: str | None = "phrases") -> dict[str, Any]:
    """The `dataset.json` of the dataset in folder `path`.

    Args:
        path: the folder.
        holds: what the dataset must hold, `phrases` or `sounds`; None is either.

    Raises:
        MuseganError: there is none, or none yet, or one of something else or another version of
            the format.
    """
    file = path / DESCRIPTION
    if is_unfinished(path):
        raise MuseganError(
            f"{path}: a dataset that was begun and not finished; "
            "give the same `musegan prepare` command again"
        )
    if not file.is_file():
        raise MuseganError(
            f"{path}: not a dataset (no dataset.json); make one with `musegan prepare`"
        )
    try:
        description: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        version, held = description["format"], description.get("holds", "phrases")
        needed = _DESCRIBED[held]
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise MuseganError(f"{file}: not a dataset's description; prepare it again") from problem
    if version != FORMAT:
        raise MuseganError(
            f"{file}: dataset format {version}, but this version reads {FORMAT}; prepare it again"
        )
    for name in needed:
        if name not in description:
            raise MuseganError(f"{file}: tells nothing of its {name}; prepare it again")
    if holds not in (None, held):
        raise MuseganError(f"{path}: a dataset of {held}, where one of {holds} is needed")
    return description


def load_dataset(
    path: Path, split: str | None = None, styles: Sequence[str] | None = None
) -> PhraseSet:
    """The phrases of a dataset folder.

    Args:
        path: the folder `musegan prepare` wrote.
        split: `train`, `valid` or `test`; None is all of them.
        styles: only phrases of these styles; None is all of them.

    Raises:
        MuseganError: not a dataset, a shard is missing or broken, or nothing is left.
    """
    about = read_description(path)
    known = tuple(about["styles"])
    for asked in styles or ():
        if asked not in known:
            raise MuseganError(f"{path}: no style '{asked}'; there are {', '.join(known)}")
    wanted = ["song", "source", "bar", "bpm", "style", "split", *NOTE_COLUMNS]
    tables = []
    for shard in about["shards"]:
        table = read_table(path / shard["file"], wanted)
        keep = None
        if split is not None:
            keep = pc.equal(table["split"], split)
        if styles is not None:
            chosen = pc.is_in(table["style"].cast(pa.string()), pa.array(list(styles)))
            keep = chosen if keep is None else pc.and_(keep, chosen)
        tables.append(table if keep is None else table.filter(keep))
    table = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    if not len(table):
        counts = ", ".join(f"{name} {count}" for name, count in about["splits"].items())
        raise MuseganError(f"{path}: no phrases in split '{split or 'all'}' (phrases: {counts})")
    names, style = _labels(table["style"])
    return PhraseSet(
        _phrases(table, Grid(**about["grid"]), about["bars"]),
        Ensemble.from_description(about["ensemble"]["name"], about["ensemble"]["tracks"]),
        known,
        np.array([known.index(name) for name in names], np.int64)[style],
        table["bpm"].to_numpy(),
        _by_appearance(_labels(table["song"])[1]),
        *_labels(table["source"]),
        table["bar"].to_numpy(),
    )


def _phrases(table: Any, grid: Grid, bars: int) -> Phrases:
    lists = {name: _one_array(table[name]) for name in NOTE_COLUMNS}
    offsets = lists["track"].offsets.to_numpy().astype(np.int64)
    flat = (lists[name].flatten().to_numpy() for name in NOTE_COLUMNS)
    return Phrases(grid, bars, offsets - offsets[0], *flat)


def _labels(column: Any) -> tuple[tuple[str, ...], IntArray]:
    array = _one_array(column)
    return tuple(array.dictionary.to_pylist()), array.indices.to_numpy().astype(np.int64)


def _one_array(column: Any) -> Any:
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _by_appearance(codes: IntArray) -> IntArray:
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]
