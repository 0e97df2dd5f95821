from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from musegan.data.shard_files import (
    LABEL,
    column,
    read_footer,
    read_hashes,
    read_table,
    write_table,
)
from musegan.errors import MuseganError

SCHEMA = pa.schema([("name", LABEL), ("hash", pa.uint64())])


def write(path: Path, **footer: object) -> Path:
    names = column(np.array(["a", None, "a"], object), LABEL)
    hashes = column(np.array([1, 2, 2**64 - 1], np.uint64), pa.uint64())
    write_table(path, SCHEMA, {"name": names, "hash": hashes}, footer)
    return path


def test_a_shard_comes_back_with_what_its_footer_tells(tmp_path):
    path = write(tmp_path / "a.parquet", sources=["ü"])
    assert read_footer(path)["sources"] == ["ü"]
    assert read_hashes(path).tolist() == [1, 2, 2**64 - 1]
    assert read_table(path, ["name"]).to_pylist() == [{"name": "a"}, {"name": None}, {"name": "a"}]


def test_a_missing_shard_and_a_broken_one_are_told_apart(tmp_path):
    with pytest.raises(MuseganError, match="is missing; prepare it again"):
        read_table(tmp_path / "absent.parquet", ["name"])
    path = write(tmp_path / "a.parquet")
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(MuseganError, match="is broken; prepare it again"):
        read_table(path, ["name"])


def test_what_is_no_shard_is_an_error(tmp_path):
    text = tmp_path / "text.parquet"
    text.write_text("no table")
    table = tmp_path / "table.parquet"
    pq.write_table(pa.table({"a": [1]}), table)
    for path in (text, table):
        with pytest.raises(MuseganError, match=r"not a shard of a musegan dataset.*--overwrite"):
            read_footer(path)


def test_another_format_is_an_error(tmp_path):
    path = tmp_path / "other.parquet"
    write(path, format=99)
    with pytest.raises(MuseganError, match=r"dataset format 99.*--overwrite"):
        read_footer(path)


def test_a_shard_that_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(MuseganError, match=r"gone.a\.parquet: cannot be written \("):
        write(tmp_path / "gone" / "a.parquet")
    (tmp_path / "a.parquet").mkdir()
    with pytest.raises(MuseganError, match=r"a\.parquet: cannot be written \(Is a directory"):
        write(tmp_path / "a.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]
