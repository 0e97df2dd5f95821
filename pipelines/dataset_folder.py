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

from musegan.data.shards import FORMAT, read_footer, shard_name
from musegan.errors import MuseganError
from musegan.instruments import Ensemble
from pipelines.sources import Source

COUNTS = ("files", "skipped", "unreadable", "phrases", "duplicates")
_OURS = re.compile(r"(shard-\d{5}\.parquet|dataset\.json|skipped\.csv)(\.part)?")


def claim(out: Path, overwrite: bool) -> None:
    """Make the folder, or see that what lies there is an earlier run's.

    Raises:
        MuseganError: something else lies there.
    """
    if out.exists() and not out.is_dir():
        raise MuseganError(f"{out}: is a file; give a folder for the dataset")
    out.mkdir(parents=True, exist_ok=True)
    foreign = sorted(item.name for item in out.iterdir() if not _OURS.fullmatch(item.name))
    if foreign:
        raise MuseganError(f"{out}: holds something else ({foreign[0]}); give a new folder")
    for item in out.iterdir():
        if overwrite or item.suffix == ".part":
            item.unlink()


def finish(
    out: Path,
    shards: int,
    settings: dict[str, Any],
    ensemble: Ensemble,
    sources: Sequence[Source],
) -> dict[str, Any]:
    """Write `dataset.json` and `skipped.csv` from the shards' footers.

    Returns:
        What `dataset.json` tells, but for its list of sources.

    Raises:
        MuseganError: the shards hold no phrases.
    """
    splits = Counter({"train": 0, "valid": 0, "test": 0})
    styles: dict[str, Counter[str]] = {}
    totals: Counter[str] = Counter()
    rows = []
    for number in range(shards):
        before = totals["phrases"]
        for entry in read_footer(out / shard_name(number))["sources"]:
            totals["files"] += 1
            if "skipped" in entry:
                totals["skipped"] += 1
                totals["unreadable"] += not entry["readable"]
                continue
            for name in ("phrases", "duplicates"):
                totals[name] += entry[name]
            splits[entry["split"]] += entry["phrases"]
            style = styles.setdefault(entry["style"], Counter(phrases=0, songs=0))
            style["phrases"] += entry["phrases"]
            style["songs"] += entry["phrases"] > 0
        rows.append({"file": shard_name(number), "phrases": totals["phrases"] - before})
    about = {
        "format": FORMAT,
        "grid": settings["grid"],
        "bars": settings["bars"],
        "hop": settings["hop"],
        "ensemble": {"name": ensemble.name, "tracks": ensemble.describe()},
        "styles": {name: dict(styles[name]) for name in sorted(styles) if styles[name]["phrases"]},
        "splits": dict(splits),
        **{name: totals[name] for name in COUNTS},
        "settings": settings,
        "licences": _licences(sources),
        "shards": rows,
    }
    with _beside(out / "skipped.csv") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(("file", "reason"))
        table.writerows((e["path"], e["skipped"]) for e in _entries(out, shards) if "skipped" in e)
    if not totals["phrases"]:
        raise MuseganError(f"no file gave phrases; {out / 'skipped.csv'} tells why")
    with _beside(out / "dataset.json") as stream:
        head = json.dumps(about, indent=2, ensure_ascii=False)
        stream.write(head.removesuffix("\n}") + ',\n  "sources": [')
        for index, entry in enumerate(_entries(out, shards)):
            stream.write(",\n    " if index else "\n    ")
            stream.write(json.dumps(entry, ensure_ascii=False))
        stream.write("\n  ]\n}\n")
    return about


def _licences(sources: Sequence[Source]) -> dict[str, str]:
    """The texts of the licence files, by their names."""
    files = {item.licence: item.licence_file for item in sources if item.licence_file is not None}
    return {
        name: file.read_text(encoding="utf-8", errors="replace")
        for name, file in sorted(files.items())
    }


def _entries(out: Path, shards: int) -> Iterator[dict[str, Any]]:
    for number in range(shards):
        yield from read_footer(out / shard_name(number))["sources"]


@contextmanager
def _beside(path: Path) -> Iterator[TextIO]:
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="") as stream:
        yield stream
    part.replace(path)
