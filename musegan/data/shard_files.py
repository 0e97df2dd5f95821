"""The files of a dataset: Parquet shards that each know what they were made from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from musegan.errors import MuseganError

FORMAT = 1
LABEL = pa.dictionary(pa.int32(), pa.string())
_FOOTER = b"musegan"


def column(values: NDArray[Any], kind: pa.DataType) -> pa.Array:
    """Values as a column of a shard; those of kind `LABEL` are strings."""
    if kind == LABEL:
        return pa.array(values, pa.string()).dictionary_encode()
    return pa.array(values, kind)


def write_table(
    path: Path,
    schema: pa.Schema,
    columns: dict[str, pa.Array],
    footer: dict[str, Any],
    **encoding: Any,
) -> None:
    """Write a shard, with what the footer tells of it.

    Args:
        path: the shard.
        schema: of the table.
        columns: by name.
        footer: plain data.
        encoding: how columns are coded, as `pyarrow.parquet.write_table` takes it, if not as usual.

    Raises:
        MuseganError: the disk does not take it.
    """
    text = json.dumps({"format": FORMAT, **footer}, ensure_ascii=False, separators=(",", ":"))
    table = pa.table(columns, schema=schema.with_metadata({_FOOTER: text.encode()}))
    part = path.with_name(path.name + ".part")
    try:
        pq.write_table(table, part, **{"compression": "zstd"} | encoding)
        part.replace(path)
    except OSError as problem:
        raise MuseganError(
            f"{path}: cannot be written ({problem.strerror or problem})"
        ) from problem
    finally:
        part.unlink(missing_ok=True)


def read_footer(path: Path) -> dict[str, Any]:
    """What `write_table` was told of a shard.

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
    """The hashes of what a shard holds."""
    hashes = pq.read_table(path, columns=["hash"])["hash"]
    return np.asarray(hashes.to_numpy(), np.uint64)


def read_table(path: Path, columns: list[str]) -> Any:
    """Some columns of a shard, as an Arrow table.

    Raises:
        MuseganError: the shard is missing or broken.
    """
    if not path.is_file():
        raise MuseganError(f"{path}: this shard of the dataset is missing; prepare it again")
    try:
        return pq.read_table(path, columns=columns)
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise MuseganError(
            f"{path}: this shard of the dataset is broken; prepare it again"
        ) from problem
