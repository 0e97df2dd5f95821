"""The dataset folder as a whole: who may write in it, and the files that close it."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from musegan.data.folder import DESCRIPTION, shard_name
from musegan.data.shard_files import read_footer
from musegan.errors import MuseganError
from musegan.files import alone_in
from pipelines.shard_flow import SourceFile

SKIPPED, DOUBTFUL = "skipped.csv", "doubtful.csv"
REASONS = 3  # told of all files that gave nothing, the commonest
_OURS = re.compile(r"(shard-\d{5}\.parquet|dataset\.json|(skipped|doubtful)\.csv)(\.part)?")


@contextmanager
def claimed(out: Path, overwrite: bool) -> Iterator[None]:
    """Make the folder, or see that what lies there is an earlier run's; no other writes meanwhile.

    Raises:
        MuseganError: something else lies there, or another run writes there.
    """
    if out.exists() and not out.is_dir():
        raise MuseganError(f"{out}: is a file; give a folder for the dataset")
    out.mkdir(parents=True, exist_ok=True)
    foreign = sorted(item.name for item in out.iterdir() if not _OURS.fullmatch(item.name))
    if foreign:
        raise MuseganError(f"{out}: holds something else ({foreign[0]}); give a new folder")
    with alone_in(out):
        for item in out.iterdir():
            if overwrite or item.suffix == ".part":
                item.unlink()
        yield


def entries(out: Path, shards: int) -> Iterator[dict[str, Any]]:
    """What the footers of so many shards tell of each file, in order."""
    for number in range(shards):
        yield from read_footer(out / shard_name(number))["sources"]


def close(
    out: Path, shards: int, unit: str, head: dict[str, Any], tail: dict[str, Any]
) -> dict[str, Any]:
    """Write `dataset.json` and the tables of files left out and doubtful from the shards' footers.

    Args:
        out: the folder.
        shards: how many there are.
        unit: what a row of them is, in the plural.
        head: what `dataset.json` tells first.
        tail: what it tells after the counts.

    Returns:
        What `dataset.json` tells, but for its list of sources.

    Raises:
        MuseganError: the shards are empty; they are removed, for the next try may be another.
    """
    splits = Counter({"train": 0, "valid": 0, "test": 0})
    counted = ("files", "skipped", "unlabelled", "unreadable", unit, "duplicates")
    totals = Counter(dict.fromkeys(counted, 0))
    reasons: Counter[str] = Counter()
    rows = []
    with _table(out / SKIPPED) as left_out, _table(out / DOUBTFUL) as doubtful:
        for number in range(shards):
            before = totals[unit]
            for entry in read_footer(out / shard_name(number))["sources"]:
                totals["files"] += 1
                if "skipped" in entry:
                    left_out.writerow((entry["path"], entry["skipped"]))
                    totals["skipped"] += 1
                    reasons[entry["skipped"]] += 1
                    if entry["fault"]:
                        totals[entry["fault"]] += 1
                    continue
                for name in (unit, "duplicates"):
                    totals[name] += entry[name]
                splits[entry["split"]] += entry[unit]
                if "doubt" in entry:
                    doubtful.writerow((entry["path"], entry["doubt"]))
                    totals["doubtful"] += 1
            rows.append({"file": shard_name(number), unit: totals[unit] - before})
    if not totals["doubtful"]:
        (out / DOUBTFUL).unlink()
    about = {**head, "splits": dict(splits), **totals, **tail, "shards": rows}
    if not totals[unit]:
        for number in range(shards):
            (out / shard_name(number)).unlink()
        why = _commonest(reasons)
        raise MuseganError(f"no file gave {unit}: {why}; {out / SKIPPED} tells all")
    with _beside(out / DESCRIPTION) as stream:
        text = json.dumps(about, indent=2, ensure_ascii=False)
        stream.write(text.removesuffix("\n}") + ',\n  "sources": [')
        for index, entry in enumerate(entries(out, shards)):
            stream.write(",\n    " if index else "\n    ")
            stream.write(json.dumps(entry, ensure_ascii=False))
        stream.write("\n  ]\n}\n")
    return about


def _commonest(reasons: Counter[str]) -> str:
    told = [f"{count:,} × {reason}" for reason, count in reasons.most_common(REASONS)]
    return ", ".join(told) + (", and others" if len(reasons) > REASONS else "")


def licence_texts(sources: Sequence[SourceFile]) -> dict[str, str]:
    """The texts of the licence files, by their names."""
    files = {item.licence: item.licence_file for item in sources if item.licence_file is not None}
    return {
        name: file.read_text(encoding="utf-8", errors="replace")
        for name, file in sorted(files.items())
    }


@contextmanager
def _table(path: Path) -> Iterator[Any]:
    """A CSV writer of files and what is to be said of each."""
    with _beside(path) as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(("file", "reason"))
        yield table


@contextmanager
def _beside(path: Path) -> Iterator[TextIO]:
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="") as stream:
        yield stream
    part.replace(path)
