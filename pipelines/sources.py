"""The MIDI files under a folder, each with its style and licence."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

from musegan.errors import MuseganError

SUFFIXES = (".mid", ".midi", ".kar")
LICENCE_NAMES = ("license", "licence", "copying", "copyright")
FILE_COLUMNS = ("midi_filename", "file", "filename", "path", "midi")
STYLE_COLUMNS = ("style", "genre")


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

    Raises:
        MuseganError: the folder is none, or holds no MIDI file.
    """
    if not folder.is_dir():
        what = "is a file; give the folder it lies in" if folder.exists() else "no such folder"
        raise MuseganError(f"{folder}: {what}")
    found: list[Source] = []
    licences: dict[str, tuple[str, Path | None]] = {}
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        texts = [name for name in files if name.lower().startswith(LICENCE_NAMES)]
        near = licences.get(os.path.dirname(place), (licence or "", None))
        if texts and not licence:
            near = _shown(text := Path(place, min(texts)), folder), text
        licences[place] = near
        for file in files:
            if file.startswith(".") or not file.lower().endswith(SUFFIXES):
                continue
            path = Path(place, file)
            name = _shown(path, folder)
            label = style or (name.split("/")[0] if "/" in name else folder.resolve().name)
            if styles is not None:
                label = styles.get(name, "")
            found.append(Source(path, name, label, *near))
    found.sort(key=lambda item: item.name)
    if not found:
        raise MuseganError(f"{folder}: no MIDI files under it ({', '.join(SUFFIXES)})")
    if not any(item.style for item in found):
        raise MuseganError(f"{folder}: the table of styles has none of its files ({found[0].name})")
    return found


def _shown(path: Path, folder: Path) -> str:
    """The path under a folder, in characters that can be written as UTF-8."""
    return os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "replace")


def read_styles(table: Path) -> dict[str, str]:
    """Style by file from a CSV with a header: a column of paths and one of styles.

    Of a style such as `jazz/funk` the part before the stroke counts.

    Raises:
        MuseganError: the table is no text, or lacks a column.
    """
    try:
        text = table.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise MuseganError(f"{table}: not a text file; a table of styles is CSV in UTF-8") from None
    rows = csv.DictReader(text.splitlines())
    names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    file = next((names[name] for name in FILE_COLUMNS if name in names), None)
    style = next((names[name] for name in STYLE_COLUMNS if name in names), None)
    if file is None or style is None:
        raise MuseganError(
            f"{table}: needs a column of files ({', '.join(FILE_COLUMNS)}) and one of styles "
            f"({', '.join(STYLE_COLUMNS)}); it has {', '.join(names) or 'none'}"
        )
    return {
        str(row[file]).replace("\\", "/").removeprefix("./"): str(row[style] or "")
        .split("/")[0]
        .strip()
        for row in rows
    }
