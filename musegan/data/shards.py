"""Writing a phrase dataset: Parquet shards that each know the files they were made from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from musegan.errors import MuseganError
from musegan.pianoroll import Phrases

FORMAT = 1
NOTE_COLUMNS = {
    "track": pa.uint8(),
    "start": pa.uint16(),
    "duration": pa.uint16(),
    "pitch": pa.uint8(),
    "velocity": pa.uint8(),
}
LABEL = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        *((name, pa.list_(kind)) for name, kind in NOTE_COLUMNS.items()),
        ("song", LABEL),
        ("source", LABEL),
        ("bar", pa.int32()),
        ("bpm", pa.float32()),
        ("key", LABEL),
        ("style", LABEL),
        ("split", LABEL),
        ("hash", pa.uint64()),
    ]
)
_FOOTER = b"musegan"


def shard_name(number: int) -> str:
    """File name of a dataset's shard."""
    return f"shard-{number:05d}.parquet"


def write_shard(
    path: Path, phrases: Phrases, columns: dict[str, NDArray[Any]], footer: dict[str, Any]
) -> None:
    """Write phrases, a row each, with their other columns and what the footer tells of them.

    Raises:
        MuseganError: the disk does not take it.
    """
    offsets = pa.array(phrases.offsets.astype(np.int32))
    arrays = {
        name: pa.ListArray.from_arrays(offsets, pa.array(getattr(phrases, name), kind))
        for name, kind in NOTE_COLUMNS.items()
    }
    for field in SCHEMA:
        if field.name in NOTE_COLUMNS:
            continue
        label = field.type == LABEL
        array = pa.array(columns[field.name], pa.string() if label else field.type)
        arrays[field.name] = array.dictionary_encode() if label else array
    text = json.dumps({"format": FORMAT, **footer}, ensure_ascii=False, separators=(",", ":"))
    table = pa.table(arrays, schema=SCHEMA.with_metadata({_FOOTER: text.encode()}))
    part = path.with_name(path.name + ".part")
    try:
        pq.write_table(table, part, compression="zstd")
        part.replace(path)
    except OSError as problem:
        raise MuseganError(
            f"{path}: cannot be written ({problem.strerror or problem})"
        ) from problem
    finally:
        part.unlink(missing_ok=True)


def read_footer(path: Path) -> dict[str, Any]:
    """What `write_shard` was told of the phrases.

    Raises:
        MuseganError: the file is not a dataset's shard.
    """
    try:
        metadata = pq.read_metadata(path).metadata or {}
        footer: dict[str, Any] = json.loads(metadata[_FOOTER])
        version = footer["format"]
    except (pa.ArrowInvalid, KeyError, TypeError, ValueError) as problem:
        raise MuseganError(
            f"{path}: not a shard of a musegan dataset; use --overwrite"
        ) from problem
    if version != FORMAT:
        raise MuseganError(
            f"{path}: dataset format {version}, but this version writes {FORMAT}; use --overwrite"
        )
    return footer


def read_hashes(path: Path) -> NDArray[np.uint64]:
    """The hashes of a shard's phrases."""
    column = pq.read_table(path, columns=["hash"])["hash"]
    return np.asarray(column.to_numpy(), np.uint64)
