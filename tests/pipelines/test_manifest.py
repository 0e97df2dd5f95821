import hashlib
import json
from pathlib import Path

import pytest

from musegan.errors import MuseganError
from pipelines.manifest import NAME, PARTIAL, Manifest, read_settings, remove_batch, sha256

SETTINGS = {"model": "band", "seed": 7, "tracks": ("drums", "bass")}


def put(folder: Path, index: int, text: str = "music") -> dict[str, str]:
    path = folder / f"{index}.mid"
    path.write_text(f"{text} {index}")
    return {path.name: sha256(path)}


def make(folder: Path, count: int) -> bytes:
    with Manifest(folder, SETTINGS, count) as manifest:
        for first, many in manifest.missing():
            for index in range(first, first + many):
                manifest.add(index, put(folder, index))
        return manifest.finish({}).read_bytes()


def missing(folder: Path, count: int) -> list[tuple[int, int]]:
    with Manifest(folder, SETTINGS, count) as manifest:
        return list(manifest.missing())


def test_a_finished_record_is_json_that_tells_settings_and_hashes(tmp_path: Path) -> None:
    record = json.loads(make(tmp_path, 2))
    assert record == {
        "batch": {"model": "band", "seed": 7, "tracks": ["drums", "bass"], "count": 2},
        "phrases": [
            {"index": n, "files": {f"{n}.mid": hashlib.sha256(f"music {n}".encode()).hexdigest()}}
            for n in range(2)
        ],
        "others": {},
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.mid", "1.mid", NAME]


def test_other_files_are_remembered_till_the_batch_is_finished_again(tmp_path: Path) -> None:
    with Manifest(tmp_path, SETTINGS, 1) as manifest:
        manifest.add(0, put(tmp_path, 0))
        assert manifest.others == {}
        manifest.finish({"sheet.png": "abc"})
    for _ in range(2):  # the first leaves the record open
        with Manifest(tmp_path, SETTINGS, 2) as manifest:
            assert manifest.others == {"sheet.png": "abc"}
    record = tmp_path / PARTIAL
    record.write_bytes(record.read_bytes().replace(b'"abc"', b"[]"))
    record.write_bytes(record.read_bytes().replace(b'{"sheet.png"', b'["sheet.png"'))
    with Manifest(tmp_path, SETTINGS, 2) as manifest:
        assert manifest.others == {}


def test_an_open_record_is_partial_and_says_what_is_missing(tmp_path: Path) -> None:
    with Manifest(tmp_path, SETTINGS, 6) as manifest:
        assert manifest.kept == 0
        assert list(manifest.missing()) == [(0, 6)]
        for index in (0, 3):
            manifest.add(index, put(tmp_path, index))
    assert (tmp_path / PARTIAL).exists()
    assert not (tmp_path / NAME).exists()
    with Manifest(tmp_path, SETTINGS, 6) as manifest:
        assert manifest.kept == 2
        assert list(manifest.missing()) == [(1, 2), (4, 2)]


@pytest.mark.parametrize("torn", range(1, 60, 7))
def test_a_record_cut_anywhere_after_its_head_goes_on_to_the_same_bytes(
    tmp_path: Path, torn: int
) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "torn").mkdir()
    whole = make(tmp_path / "whole", 5)
    with Manifest(tmp_path / "torn", SETTINGS, 5) as manifest:
        for index in range(3):
            manifest.add(index, put(tmp_path / "torn", index))
    partial = tmp_path / "torn" / PARTIAL
    partial.write_bytes(partial.read_bytes()[:-torn])
    assert make(tmp_path / "torn", 5) == whole


def test_lost_and_altered_files_are_missing_again(tmp_path: Path) -> None:
    whole = make(tmp_path, 5)
    (tmp_path / "1.mid").write_text("something else")
    (tmp_path / "4.mid").unlink()
    assert missing(tmp_path, 5) == [(1, 1), (4, 1)]
    assert make(tmp_path, 5) == whole


def test_a_finished_batch_grows(tmp_path: Path) -> None:
    make(tmp_path, 2)
    assert missing(tmp_path, 4) == [(2, 2)]
    (tmp_path / "fresh").mkdir()
    assert make(tmp_path, 4) == make(tmp_path / "fresh", 4)


def test_a_finished_batch_stays_as_it_is(tmp_path: Path) -> None:
    assert make(tmp_path, 3) == make(tmp_path, 3)


def test_fewer_phrases_than_there_are_is_an_error(tmp_path: Path) -> None:
    make(tmp_path, 3)
    with pytest.raises(MuseganError, match="holds 3 phrases of this batch already"):
        Manifest(tmp_path, SETTINGS, 2)


def test_other_settings_are_an_error_that_names_them(tmp_path: Path) -> None:
    make(tmp_path, 1)
    other = {**SETTINGS, "seed": 8, "tracks": ("drums",)}
    with pytest.raises(MuseganError, match="seed 7, not 8; tracks drums,bass, not drums") as caught:
        Manifest(tmp_path, other, 1)
    assert "--overwrite" in str(caught.value)


@pytest.mark.parametrize("text", ["", "{}", "[1, 2]", "a shopping list", '{"batch": 3,\n', "\x00"])
def test_a_foreign_manifest_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(MuseganError, match="not the record of a musegan batch"):
        Manifest(tmp_path, SETTINGS, 1)
    assert (tmp_path / NAME).read_text() == text


def test_settings_are_read_back_with_the_count(tmp_path: Path) -> None:
    make(tmp_path, 3)
    assert read_settings(tmp_path / NAME) == {
        "model": "band",
        "seed": 7,
        "tracks": ["drums", "bass"],
        "count": 3,
    }


def test_removing_a_batch_leaves_other_files_alone(tmp_path: Path) -> None:
    make(tmp_path, 3)
    (tmp_path / "notes.txt").write_text("mine")
    remove_batch(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_removing_a_batch_never_leaves_its_folder(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    batch = tmp_path / "batch"
    batch.mkdir()
    (batch / NAME).write_text('{"index": 0, "files": {"../precious": "0"}}\n')
    remove_batch(batch)
    assert (tmp_path / "precious").exists()


@pytest.mark.parametrize(
    "line", ["x}", '"two", "files": {}}', "1}", '1, "files": []}', '1, "files": {"1.mid": "0"}}']
)
def test_entries_of_nonsense_are_made_anew(tmp_path: Path, line: str) -> None:
    whole = make(tmp_path, 3)
    text = (tmp_path / NAME).read_text().splitlines(keepends=True)
    (place,) = [n for n, each in enumerate(text) if each.startswith('{"index": 1,')]
    text[place] = f'{{"index": {line},\n'
    (tmp_path / NAME).write_text("".join(text))
    assert missing(tmp_path, 3) == [(1, 1)]
    assert make(tmp_path, 3) == whole
