"""The MIDI files under a folder, each with its style and licence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from musegan.errors import MuseganError
from musegan.midi import MIDI_ENDINGS
from pipelines.found_files import find_files, read_table, same_name

COLUMNS = {
    "files": ("midi_filename", "file", "filename", "path", "midi"),
    "styles": ("style", "genre"),
}


@dataclass(frozen=True)
class Source:
    """A MIDI file to be read.

    Attributes:
        path: where it is.
        name: its path under the source folder, with forward slashes.
        style: its label.
        licence: its licence, or the path of the licence file under the source folder; may be "".
        licence_file: that file, None where the licence was told or there is none.
    """

    path: Path
    name: str
    style: str
    licence: str
    licence_file: Path | None


def find_sources(
    folder: Path,
    style: str | None = None,
    styles: dict[str, str] | None = None,
    licence: str | None = None,
) -> list[Source]:
    """The MIDI files under a folder in the order of their names.

    Args:
        folder: where to look.
        style: of all files; None is the first folder above each.
        styles: by file, from `read_styles`, instead; files it does not name have none.
        licence: of all files; None is the nearest licence file above each.

    Raises:
        MuseganError: the folder is none, or holds no MIDI file, or none of those in the table; the
            style is blank.
    """
    told = style.strip() if style is not None else None
    if told == "":
        raise MuseganError("a style of blanks: give it a name, or leave it out")
    found = []
    for path, name, home, terms, text in find_files(folder, MIDI_ENDINGS, "MIDI", licence):
        label = styles.get(name, "") if styles is not None else told or home
        found.append(Source(path, name, label, terms, text))
    if not any(item.style for item in found):
        raise MuseganError(f"{folder}: the table of styles has none of its files ({found[0].name})")
    return found


def read_styles(table: Path) -> dict[str, str]:
    """Style by file from a CSV with a header: a column of paths and one of styles.

    Of a style such as `jazz/funk` the part before the stroke counts.

    Raises:
        MuseganError: the table is no text, or lacks a column.
    """
    return {
        same_name(row["files"]): row["styles"].split("/")[0].strip()
        for row in read_table(table, COLUMNS)
    }
