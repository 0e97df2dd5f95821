from collections.abc import Callable
from pathlib import Path

import pytest

from musegan.errors import MuseganError
from musegan.files import alone_in, put, put_folder, write_whole


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


def test_a_folder_is_for_one_run_at_a_time(tmp_path: Path) -> None:
    elsewhere = "another musegan writes there"
    for _ in range(2):
        with alone_in(tmp_path), pytest.raises(MuseganError, match=elsewhere), alone_in(tmp_path):
            pass
    assert not list(tmp_path.iterdir())


def test_a_file_is_put_again_but_not_replaced_unless_told(tmp_path: Path) -> None:
    song = tmp_path / "song.mid"
    for _ in range(2):
        put(song, lambda path: path.write_bytes(b"notes"), overwrite=False)
    with pytest.raises(
        MuseganError, match=r"song.mid: is there already and would change; .*--over"
    ):
        put(song, lambda path: path.write_bytes(b"other"), overwrite=False)
    assert song.read_bytes() == b"notes"
    put(song, lambda path: path.write_bytes(b"other"), overwrite=True)
    assert song.read_bytes() == b"other"


def test_a_file_that_is_put_again_is_written_elsewhere(tmp_path: Path) -> None:
    song, written = tmp_path / "song.mid", []
    song.write_bytes(b"notes")

    def write(path: Path) -> None:
        path.write_bytes(b"notes")
        written.append(path)

    put(song, write, overwrite=False)
    assert [path.name for path in written] == ["song.mid"]
    assert song not in written


def test_of_files_that_belong_together_all_are_put_or_none(tmp_path: Path) -> None:
    def report(words: bytes) -> Callable[[Path], object]:
        def write(folder: Path) -> None:
            (folder / "deep").mkdir(exist_ok=True)
            (folder / "deep" / words.decode()).write_bytes(words)
            (folder / "report.md").write_bytes(words)

        return write

    def there() -> dict[str, bytes]:
        files = (path for path in tmp_path.rglob("*") if path.is_file())
        return {path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in files}

    out = tmp_path / "out"
    for _ in range(2):
        written = put_folder(out, report(b"first"), overwrite=False)
        assert written == [out / "deep" / "first", out / "report.md"]
    with pytest.raises(MuseganError, match=r"report\.md: is there already and would change"):
        put_folder(out, report(b"other"), overwrite=False)
    assert there() == {"deep/first": b"first", "report.md": b"first"}
    put_folder(out, report(b"other"), overwrite=True)
    assert there() == {"deep/first": b"first", "deep/other": b"other", "report.md": b"other"}
    put_folder(out, report(b"other"), overwrite=False, numbered=["deep/f*"])
    assert "deep/first" in there()
    put_folder(out, report(b"other"), overwrite=True, numbered=["deep/*"])
    assert there() == {"deep/other": b"other", "report.md": b"other"}
