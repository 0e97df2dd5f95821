from pathlib import Path

import pytest

from musegan.errors import MuseganError
from musegan.files import write_whole


def test_a_file_is_there_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    for data in (b"first", b"then"):
        write_whole(tmp_path / "song.mid", data)
        assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [
            ("song.mid", data)
        ]


def test_what_cannot_be_written_says_so_and_leaves_what_is_there(tmp_path: Path) -> None:
    taken = tmp_path / "song.mid"
    (taken / "inside").mkdir(parents=True)
    with pytest.raises(MuseganError, match=r"song.mid: cannot be written \(.*\); write elsewhere"):
        write_whole(taken, b"notes")
    assert [path.name for path in tmp_path.iterdir()] == ["song.mid"]
    assert (taken / "inside").is_dir()
