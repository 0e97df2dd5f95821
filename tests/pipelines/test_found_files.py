import pytest

from musegan.errors import MuseganError
from pipelines.found_files import find_files, read_table, same_name

COLUMNS = {"files": ("file", "path"), "names": ("name",), "years": ("year", "date")}


def test_files_know_the_folder_they_lie_in(tmp_path):
    for name in ("top.A", "x/deep/one.a", "x/two.b", "y/.hidden.a", ".git/three.a"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    found = find_files(tmp_path, (".a", ".b"), "letter")
    assert [(item.name, item.home) for item in found] == [
        ("top.A", tmp_path.name),
        ("x/deep/one.a", "x"),
        ("x/two.b", "x"),
    ]
    with pytest.raises(MuseganError, match=r"no digit files under it \(.1\)"):
        find_files(tmp_path, (".1",), "digit")


def test_a_table_is_read_by_what_its_columns_hold(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("\ufeffNAME, Path ,other\nAnn, a.wav ,1\nBob\n", encoding="utf-8")
    assert read_table(table, COLUMNS, optional=["years"]) == [
        {"files": "a.wav", "names": "Ann", "years": ""},
        {"files": "", "names": "Bob", "years": ""},
    ]
    with pytest.raises(MuseganError, match=r"lacks a column, one of years \(year, date\); it has"):
        read_table(table, COLUMNS)


def test_names_in_tables_are_written_in_many_ways():
    assert {same_name(told) for told in ("a/b.wav", "./a/b.wav", "a\\b.wav")} == {"a/b.wav"}
