"""How sounds lie in the shards of a dataset: a row each, their samples as bytes.

Samples are 16 bits, the lower first, as in a WAV file: a list column of numbers took seven times as
long to load and was 7 % smaller.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from musegan.data.shard_files import LABEL, column, write_table


def write_sounds(
    path: Path,
    waves: NDArray[np.int16],
    columns: dict[str, NDArray[Any]],
    footer: dict[str, Any],
) -> None:
    """Write sounds, a row each, with their other columns and what the footer tells of them.

    Args:
        path: the shard.
        waves: (sounds, samples) int16.
        columns: by the names of `sound_schema`; a pitch may be None.
        footer: plain data.

    Raises:
        MuseganError: the disk does not take it.
    """
    schema = sound_schema(waves.shape[1])
    bytes_ = pa.py_buffer(np.ascontiguousarray(waves, "<i2"))
    kind = schema.field("wave").type
    arrays = {"wave": pa.FixedSizeBinaryArray.from_buffers(kind, len(waves), [None, bytes_])}
    labels = [field.name for field in schema if field.type == LABEL]
    arrays |= {
        field.name: column(columns[field.name], field.type)
        for field in schema
        if field.name != "wave"
    }
    write_table(path, schema, arrays, footer, use_dictionary=labels)


def sound_schema(samples: int) -> pa.Schema:
    """The columns of a shard whose sounds have so many samples."""
    return pa.schema(
        [
            ("wave", pa.binary(2 * samples)),
            ("pitch", pa.uint8()),
            ("instrument", LABEL),
            ("source", LABEL),
            ("split", LABEL),
            ("hash", pa.uint64()),
        ]
    )


def waves_of(column: pa.ChunkedArray) -> NDArray[np.int16]:
    """The samples in a `wave` column, (sounds, samples) int16."""
    size = column.type.byte_width // 2
    parts = [
        np.frombuffer(chunk.buffers()[1], "<i2")
        .reshape(-1, size)[chunk.offset : chunk.offset + len(chunk)]
        .astype(np.int16, copy=False)
        for chunk in column.chunks
        if len(chunk)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, size), np.int16)
