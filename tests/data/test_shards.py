import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from musegan.data.folder import shard_name
from musegan.data.shard_files import read_footer, read_hashes
from musegan.data.shards import NOTE_COLUMNS, SCHEMA, write_shard
from musegan.pianoroll import Phrases
from tests.data.music import BASS, FOUR, PIANO

ROWS = [[(PIANO, 0, 12, 60, 80), (PIANO, 12, 12, 64, 81)], [], [(BASS, 3, 9, 36, 127)]]
PHRASES = Phrases.of(ROWS, FOUR, 4)
COLUMNS = {
    "song": np.array(["a", "a", "b"], object),
    "source": np.array(["x.mid", "x.mid", "y/z.mid"], object),
    "bar": np.array([0, 1, 0], np.int32),
    "bpm": np.array([120, 121.5, 90], np.float32),
    "key": np.array([None, "C major", None], object),
    "style": np.array(["pop", "pop", "rock"], object),
    "split": np.array(["train", "train", "test"], object),
    "hash": np.array([1, 2**64 - 1, 3], np.uint64),
}


@pytest.fixture
def shard(tmp_path: Path) -> Path:
    path = tmp_path / shard_name(7)
    write_shard(path, PHRASES, COLUMNS, {"settings": {"bars": 4}, "sources": ["ü"]})
    return path


def test_a_shard_is_a_plain_table_any_tool_can_open(shard):
    assert shard.name == "shard-00007.parquet"
    table = pq.read_table(shard)
    assert table.schema.equals(SCHEMA)
    rows = table.to_pylist()
    assert [row["pitch"] for row in rows] == [[60, 64], [], [36]]
    assert rows[2] == {
        "track": [BASS], "start": [3], "duration": [9], "pitch": [36], "velocity": [127],
        "song": "b", "source": "y/z.mid", "bar": 0, "bpm": 90.0, "key": None, "style": "rock",
        "split": "test", "hash": 3,
    }  # fmt: skip
    assert set(NOTE_COLUMNS) < set(rows[0])


def test_a_shard_knows_what_it_was_told(shard):
    footer = read_footer(shard)
    assert footer["settings"] == {"bars": 4}
    assert footer["sources"] == ["ü"]
    assert read_hashes(shard).tolist() == [1, 2**64 - 1, 3]


def test_a_shard_may_be_empty(tmp_path):
    none = Phrases.of([], FOUR, 4)
    write_shard(tmp_path / "e.parquet", none, {k: v[:0] for k, v in COLUMNS.items()}, {})
    assert pq.read_table(tmp_path / "e.parquet").num_rows == 0
    assert len(read_hashes(tmp_path / "e.parquet")) == 0


def test_the_same_phrases_are_the_same_bytes(shard, tmp_path):
    again = tmp_path / "again.parquet"
    write_shard(again, PHRASES, COLUMNS, {"settings": {"bars": 4}, "sources": ["ü"]})
    assert again.read_bytes() == shard.read_bytes()
    assert {item.name for item in tmp_path.iterdir()} == {shard.name, again.name}


def test_a_full_disk_is_one_line_and_leaves_nothing_half_written(tmp_path):
    """A limit on the size of files refuses bytes as a full disk does."""
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from tests.data.test_shards import COLUMNS, PHRASES, write_shard\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "write_shard(Path(sys.argv[1]), PHRASES, COLUMNS, {})\n"
    )
    path = tmp_path / "shard.parquet"
    done = subprocess.run(
        [sys.executable, "-B", "-c", program, path],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
        env=os.environ,
    )
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(f"musegan.errors.MuseganError: {path}: cannot be written (")
    assert list(tmp_path.iterdir()) == []
