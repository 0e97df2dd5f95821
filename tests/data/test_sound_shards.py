import numpy as np
import pyarrow.parquet as pq

from musegan.data.shard_files import read_footer, read_hashes
from musegan.data.sound_shards import sound_schema, waves_of, write_sounds

WAVES = np.arange(12, dtype=np.int16).reshape(3, 4)
COLUMNS = {
    "pitch": np.array([60, None, 61], object),
    "instrument": np.array(["horn", "drum", "horn"], object),
    "source": np.array(["a.wav", "b.wav", "c.wav"], object),
    "split": np.array(["train", "train", "test"], object),
    "hash": np.array([1, 2**64 - 1, 3], np.uint64),
}


def test_a_shard_is_a_plain_table_any_tool_can_open(tmp_path):
    path = tmp_path / "a.parquet"
    write_sounds(path, WAVES, COLUMNS, {"settings": {"rate": 8000}})
    table = pq.read_table(path)
    assert table.schema.equals(sound_schema(4))
    assert table.to_pylist()[1] == {
        "wave": bytes([4, 0, 5, 0, 6, 0, 7, 0]), "pitch": None, "instrument": "drum",
        "source": "b.wav", "split": "train", "hash": 2**64 - 1,
    }  # fmt: skip
    assert read_footer(path)["settings"] == {"rate": 8000}
    assert read_hashes(path).tolist() == [1, 2**64 - 1, 3]


def test_a_shard_may_be_empty(tmp_path):
    none = {name: values[:0] for name, values in COLUMNS.items()}
    write_sounds(tmp_path / "a.parquet", WAVES[:0], none, {})
    table = pq.read_table(tmp_path / "a.parquet")
    assert waves_of(table["wave"]).shape == (0, 4)


def test_samples_come_back_from_any_part_of_a_table(tmp_path):
    write_sounds(tmp_path / "a.parquet", -WAVES, COLUMNS, {})
    column = pq.read_table(tmp_path / "a.parquet")["wave"]
    np.testing.assert_array_equal(waves_of(column), -WAVES)
    np.testing.assert_array_equal(waves_of(column.slice(1, 1)), -WAVES[1:2])
    np.testing.assert_array_equal(waves_of(column.take([2, 0])), -WAVES[[2, 0]])
