"""How sounds lie in the shards of a dataset: a row each, their samples in a column of 16 bits."""

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
    samples = waves.shape[1]
    schema = sound_schema(samples)
    flat = pa.array(np.ascontiguousarray(waves).reshape(-1))
    arrays = {"wave": pa.FixedSizeListArray.from_arrays(flat, samples)}
    arrays |= {
        field.name: column(columns[field.name], field.type)
        for field in schema
        if field.name != "wave"
    }
    write_table(
        path,
        schema,
        arrays,
        footer,
        compression={field.name: "none" if field.name == "wave" else "zstd" for field in schema},
        use_dictionary=[field.name for field in schema if field.type == LABEL],
        column_encoding={"wave.list.element": "DELTA_BINARY_PACKED"},
    )


def sound_schema(samples: int) -> pa.Schema:
    """The columns of a shard whose sounds have so many samples."""
    return pa.schema(
        [
            ("wave", pa.list_(pa.field("item", pa.int16(), nullable=False), samples)),
            ("pitch", pa.uint8()),
            ("instrument", LABEL),
            ("source", LABEL),
            ("split", LABEL),
            ("hash", pa.uint64()),
        ]
    )
