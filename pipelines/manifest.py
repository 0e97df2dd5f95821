"""The record of a batch: grows phrase by phrase while the batch runs, one document when it is done.

`manifest.json` holds the batch's settings and, a line a phrase, the SHA-256 of each file. While the
batch runs, the same text without its end is `manifest.json.partial`, appended to only after a
phrase's files are in place; so a batch may be killed at any moment and know what it has.
"""

from __future__ import annotations

import hashlib
import json
import os
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from musegan.errors import MuseganError
from musegan.files import write_whole

NAME = "manifest.json"
PARTIAL = "manifest.json.partial"

WAY_OUT = "name another --out, or begin anew with --overwrite"

_ENTRY, _OTHERS = b'{"index": ', b'"others": '
_ABSENT = -1


class Manifest:
    """A batch's record in `folder`, open for more; use as a context manager.

    Opening it checks what an earlier run left: phrases whose files all still have the recorded
    hash count as made.

    Attributes:
        kept: phrases found already made.
        silent: phrases recorded without files, for want of notes.
        others: files of the batch that belong to no single phrase, with their SHA-256, as an
            earlier run left them.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any], count: int) -> None:
        """Open the record of `count` phrases made with `settings` (plain JSON data).

        Raises:
            MuseganError: the folder holds another batch, a larger one, or a foreign manifest.
        """
        self._folder, self._settings, self._count = folder, dict(settings), count
        self._places = array("q", [_ABSENT]) * count
        self.silent = 0
        self.others: dict[str, str] = {}
        partial, whole = folder / PARTIAL, folder / NAME
        found = next((path for path in (partial, whole) if path.exists()), None)
        if found is not None:
            self._check_header(found)
            self._check_entries(found)
            if found == whole:
                whole.replace(partial)
        else:
            write_whole(partial, self._header())
        self._file: BinaryIO = partial.open("r+b")
        self._cut_torn_line()
        self.kept = count - self._places.count(_ABSENT)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def missing(self) -> Iterator[tuple[int, int]]:
        """The runs of phrases yet to be made, as (first, how many)."""
        first = 0
        while first < self._count:
            if self._places[first] != _ABSENT:
                first += 1
                continue
            end = first
            while end < self._count and self._places[end] == _ABSENT:
                end += 1
            yield first, end - first
            first = end

    def add(self, index: int, files: Mapping[str, str]) -> None:
        """Record that phrase `index` is in place: its files' names and SHA-256, none if silent."""
        self._places[index] = self._file.tell()
        self.silent += not files
        entry = json.dumps({"index": index, "files": dict(files)})
        self._file.write(entry.encode() + b",\n")
        self._file.flush()

    def finish(self, others: Mapping[str, str]) -> Path:
        """Turn the record of a batch that lacks nothing into `manifest.json`; its path.

        `others` are files of the batch that belong to no single phrase, with their SHA-256.
        """
        beside, whole = self._folder / f"{NAME}.new", self._folder / NAME
        with beside.open("wb") as document:
            document.write(self._header())
            for index, place in enumerate(self._places):
                self._file.seek(place)
                entry = self._file.readline().strip(b",\n")
                document.write(b",\n" * (index > 0) + entry)
            document.write(b"\n],\n" + _OTHERS + json.dumps(dict(others)).encode() + b"}\n")
        beside.replace(whole)
        (self._folder / PARTIAL).unlink()
        return whole

    def _header(self) -> bytes:
        batch = json.dumps({**self._settings, "count": self._count}, ensure_ascii=False)
        return f'{{"batch": {batch},\n"phrases": [\n'.encode()

    def _check_header(self, path: Path) -> None:
        there = read_settings(path)
        count = there.pop("count")
        wanted = json.loads(json.dumps(self._settings))
        keys = sorted(key for key in {*there, *wanted} if there.get(key) != wanted.get(key))
        if keys:
            differing = "; ".join(
                f"{key} {_shown(there.get(key))}, not {_shown(wanted.get(key))}" for key in keys
            )
            raise MuseganError(f"{self._folder}: holds a batch made with {differing}; {WAY_OUT}")
        self._check_size(count)

    def _check_size(self, count: int) -> None:
        if count > self._count:
            raise MuseganError(
                f"{self._folder}: holds {count} phrases of this batch already; "
                f"ask for that many or more, {WAY_OUT}"
            )

    def _check_entries(self, path: Path) -> None:
        with path.open("rb") as record:
            place = 0
            for line in record:
                entry = _entry(line)
                if entry is not None:
                    index, files = entry
                    self._check_size(index + 1)
                    good = all(_intact(self._folder / name, sha) for name, sha in files.items())
                    self._places[index] = place if good else _ABSENT
                    self.silent += not files
                self.others |= _others(line)
                place += len(line)

    def _cut_torn_line(self) -> None:
        """Drop a last line that a kill left unfinished, and stand at the end."""
        end = self._file.seek(0, os.SEEK_END)
        block = 1 << 16
        self._file.seek(max(0, end - block))
        tail = self._file.read()
        whole = tail.rfind(b"\n") + 1
        self._file.truncate(end - len(tail) + whole)
        self._file.seek(0, os.SEEK_END)


def read_settings(path: Path) -> dict[str, Any]:
    """The settings of the batch recorded at `path`, `count` among them.

    Raises:
        MuseganError: it is not the record of a batch.
    """
    with path.open("rb") as record:
        line = record.readline().strip(b",\n")
    try:
        settings = json.loads(line + b"}")["batch"]
        return {**settings, "count": int(settings["count"])}
    except (ValueError, KeyError, TypeError) as problem:
        raise MuseganError(f"{path}: not the record of a musegan batch; {WAY_OUT}") from problem


def remove_batch(folder: Path) -> None:
    """Remove the files that the batch record in `folder` lists, then the record."""
    for path in (folder / PARTIAL, folder / NAME):
        if path.exists():
            with path.open("rb") as record:
                for line in record:
                    for name in (_entry(line) or (0, {}))[1]:
                        (folder / name).unlink(missing_ok=True)
            path.unlink()


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _entry(line: bytes) -> tuple[int, dict[str, str]] | None:
    """The phrase and its files on a line of a record; nothing for other or torn lines."""
    if not line.startswith(_ENTRY) or not line.endswith(b"\n"):
        return None
    try:
        data = json.loads(line.strip(b",\n"))
        # a name never leads out of the folder, whoever wrote the record
        return int(data["index"]), {Path(n).name: str(sha) for n, sha in data["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _others(line: bytes) -> dict[str, str]:
    """The files that the last line of a finished record tells of; nothing for other lines."""
    if not line.startswith(_OTHERS):
        return {}
    try:
        return {str(n): str(sha) for n, sha in json.loads(b"{" + line)["others"].items()}
    except (ValueError, AttributeError):
        return {}


def _intact(path: Path, expected: str) -> bool:
    return path.is_file() and sha256(path) == expected


def _shown(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
