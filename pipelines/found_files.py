"""The files of a kind under a folder, each with its licence, and tables that tell of them."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from musegan.errors import MuseganError

LICENCE_NAMES = ("license", "licence", "copying", "copyright")


class FoundFile(NamedTuple):
    """A file as it was found.

    Attributes:
        path: where it is.
        name: its path under the folder, with forward slashes.
        home: the first folder on that path; the folder itself for what lies right in it.
        licence: its licence, or the path of the licence file under the folder; may be "".
        licence_file: that file, None where the licence was told or there is none.
    """

    path: Path
    name: str
    home: str
    licence: str
    licence_file: Path | None


def find_files(
    folder: Path, suffixes: tuple[str, ...], kind: str, licence: str | None = None
) -> list[FoundFile]:
    """The files under a folder in the order of their names, but for hidden ones.

    Args:
        folder: where to look.
        suffixes: how their names end, in lower case.
        kind: what they are called.
        licence: of all files; None is the nearest licence file above each.

    Raises:
        MuseganError: the folder is none, or holds no such file.
    """
    if not folder.is_dir():
        what = "is a file; give the folder it lies in" if folder.exists() else "no such folder"
        raise MuseganError(f"{folder}: {what}")
    found: list[FoundFile] = []
    licences: dict[str, tuple[str, Path | None]] = {}
    top = folder.resolve().name
    for place, folders, files in os.walk(folder):
        under = _under(folder, place)
        folders[:] = [name for name in folders if not name.startswith(".")]
        texts = [name for name in files if name.lower().startswith(LICENCE_NAMES)]
        near = licences.get(os.path.split(place)[0], (licence or "", None))
        if texts and not licence:
            near = _shown(under + (text := min(texts))), Path(place, text)
        licences[place] = near
        for file in files:
            if file.startswith(".") or not file.lower().endswith(suffixes):
                continue
            name = _shown(under + file)
            home = name.split("/")[0] if "/" in name else top
            found.append(FoundFile(Path(place, file), name, home, *near))
    found.sort(key=lambda item: item.name)
    if not found:
        raise MuseganError(f"{folder}: no {kind} files under it ({', '.join(suffixes)})")
    return found


def read_table(
    table: Path, columns: Mapping[str, Sequence[str]], optional: Sequence[str] = ()
) -> list[dict[str, str]]:
    """The rows of a CSV with a header, by what its columns hold.

    Args:
        table: the file.
        columns: what is wanted, and the names it may go by in the header, likeliest first.
        optional: what of that may be absent; its cells are then empty.

    Raises:
        MuseganError: the table is no text, or lacks a column.
    """
    try:
        text = table.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise MuseganError(f"{table}: not a text file; give a CSV in UTF-8") from None
    rows = csv.DictReader(text.splitlines())
    there = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    chosen = {
        what: next((there[name] for name in names if name in there), None)
        for what, names in columns.items()
    }
    lacking = [what for what, name in chosen.items() if name is None and what not in optional]
    if lacking:
        needs = " and ".join(f"one of {what} ({', '.join(columns[what])})" for what in lacking)
        raise MuseganError(f"{table}: lacks a column, {needs}; it has {', '.join(there) or 'none'}")
    return [
        {what: str(row[name] or "").strip() if name else "" for what, name in chosen.items()}
        for row in rows
    ]


def same_name(told: str) -> str:
    """A file's name in a table, as `FoundFile.name` has it."""
    return told.replace("\\", "/").removeprefix("./")


def _under(folder: Path, place: str) -> str:
    """The path of `place` under a folder, with forward slashes and one at its end, or ""."""
    name = place[len(os.fspath(folder)) :].replace(os.sep, "/").strip("/")
    return f"{name}/" if name else ""


def _shown(name: str) -> str:
    """A name in characters that can be written as UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace")
