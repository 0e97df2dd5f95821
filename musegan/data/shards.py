"""How phrases lie in the shards of a dataset: a row each, their notes in list columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from musegan.data.shard_files import LABEL, column, write_table
from musegan.pianoroll import Phrases

NOTE_COLUMNS = {
    "track": pa.uint8(),
    "start": pa.uint16(),
    "duration": pa.uint16(),
    "pitch": pa.uint8(),
    "velocity": pa.uint8(),
}
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
    arrays |= {
        field.name: column(columns[field.name], field.type)
        for field in SCHEMA
        if field.name not in NOTE_COLUMNS
    }
    write_table(path, SCHEMA, arrays, footer)
