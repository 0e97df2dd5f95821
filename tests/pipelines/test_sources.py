from pathlib import Path

import pytest

from musegan.errors import MuseganError
from pipelines.sources import find_sources, read_styles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "songs"
    for name in (
        "b/x.mid", "b/deep/y.MIDI", "a/z.kar", "top.mid", "a/readme.txt", "b/._x.mid",
        ".hidden/h.mid", "b/COPYING", "b/deep/Licence.md",
    ):  # fmt: skip
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(name)
    return home


def test_files_come_by_name_with_the_first_folder_as_style(folder):
    found = [(item.name, item.style) for item in find_sources(folder)]
    assert found == [
        ("a/z.kar", "a"), ("b/deep/y.MIDI", "b"), ("b/x.mid", "b"), ("top.mid", "songs"),
    ]  # fmt: skip
    assert all(item.path == folder / item.name for item in find_sources(folder))


@pytest.mark.parametrize("style", ["", "  ", "\t"])
def test_a_style_of_blanks_is_none(folder, style):
    with pytest.raises(MuseganError, match="a style of blanks: give it a name, or leave it out"):
        find_sources(folder, style)
    assert {item.style for item in find_sources(folder, " swing ")} == {"swing"}


def test_the_nearest_licence_file_above_counts(folder):
    near = {item.name: (item.licence, item.licence_file) for item in find_sources(folder)}
    assert near == {
        "a/z.kar": ("", None),
        "b/deep/y.MIDI": ("b/deep/Licence.md", folder / "b/deep/Licence.md"),
        "b/x.mid": ("b/COPYING", folder / "b/COPYING"),
        "top.mid": ("", None),
    }
    told = find_sources(folder, licence="CC0")
    assert {(item.licence, item.licence_file) for item in told} == {("CC0", None)}


def test_one_style_or_a_table_takes_the_place_of_folders(folder):
    assert {item.style for item in find_sources(folder, "waltz")} == {"waltz"}
    table = {"b/x.mid": "blues", "elsewhere.mid": "jazz"}
    styles = {item.name: item.style for item in find_sources(folder, styles=table)}
    assert styles == {"a/z.kar": "", "b/deep/y.MIDI": "", "b/x.mid": "blues", "top.mid": ""}


def test_names_that_are_no_utf8_can_still_be_written_down(tmp_path):
    odd = tmp_path / "caf\udce9.mid"
    odd.write_bytes(b"")
    (item,) = find_sources(tmp_path)
    assert item.name.encode("utf-8").decode() == "caf\ufffd.mid"
    assert item.path == odd


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda home: home / "absent", "no such folder"),
        (lambda home: home / "top.mid", "is a file; give the folder it lies in"),
        (lambda home: home / "empty", r"no MIDI files under it \(.mid, .midi, .kar\)"),
    ],
)
def test_a_folder_without_music_is_an_error(folder, make, told):
    (folder / "empty").mkdir()
    with pytest.raises(MuseganError, match=told):
        find_sources(make(folder))


def test_a_table_that_knows_no_file_is_an_error(folder):
    with pytest.raises(MuseganError, match=r"table of styles has none of its files \(a/z.kar\)"):
        find_sources(folder, styles={"other.mid": "jazz"})


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "info.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_styles_are_read_from_a_table_with_a_header(tmp_path):
    path = table(
        tmp_path,
        "\ufeffdrummer,STYLE,bpm,Midi_Filename\n1,jazz/funk,99,one/a.mid\n"
        '2,"soul",80,./b.mid\n3,,80,c\\d.mid\n',
    )
    assert read_styles(path) == {"one/a.mid": "jazz", "b.mid": "soul", "c/d.mid": ""}


@pytest.mark.parametrize("text", ["", "file,bpm\na.mid,90\n", "style\njazz\n"])
def test_a_table_without_its_columns_is_an_error(tmp_path, text):
    with pytest.raises(MuseganError, match=r"lacks a column, one of (files|styles) \(.*; it has"):
        read_styles(table(tmp_path, text))


def test_a_table_that_is_no_text_is_an_error(tmp_path):
    path = tmp_path / "info.csv"
    path.write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(MuseganError, match="not a text file"):
        read_styles(path)
