"""A report as a page: Markdown to keep, HTML to see and hear, JSON for scripts."""

from __future__ import annotations

import base64
import json
import math
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from musegan.evaluation.tables import Table
from musegan.files import write_whole

STYLE = """
:root { --ink: #1b1f24; --faint: #6a737d; --line: #d8dee4; --paper: #fff; --real: #b9c6d6;
  --made: #c2410c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --faint: #9198a1; --line: #3d444d;
  --paper: #0d1117; --real: #3b4a5c; --made: #ff8f4d; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
th, td { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
.note, figcaption, svg text { color: var(--faint); fill: var(--faint); }
svg text { font-size: 10px; }
.plots, .samples { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; } figcaption { font-size: 12px; }
.samples img { max-width: 34rem; width: 100%; display: block; } audio { width: 100%; }
svg .real { fill: var(--real); } svg .made { fill: none; stroke: var(--made); stroke-width: 1.5; }
.key { color: var(--made); }
"""


@dataclass(frozen=True)
class Sample:
    """Something of what was judged, to see and hear.

    Attributes:
        name: what it is called.
        picture: its picture.
        sounds: its sound, and others to hear beside it, by what each is.
        midi: its MIDI file, where it has one.
    """

    name: str
    picture: Path
    sounds: dict[str, Path]
    midi: Path | None = None


@dataclass(frozen=True)
class Page:
    """A report.

    Attributes:
        title: what it is called.
        tables: its tables; the first stands before the samples.
        samples: to see and hear; their files lie within the report's folder.
        drawings: HTML that follows the tables, on the HTML page alone.
    """

    title: str
    tables: Sequence[Table]
    samples: Sequence[Sample] = ()
    drawings: Sequence[str] = ()


def write_page(page: Page, data: Any, folder: Path) -> list[Path]:
    """Write `report.md`, `report.html` and `report.json` into a folder; gives their paths.

    Args:
        page: what to show.
        data: the figures as plain data.
        folder: is made if need be; a report there is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "report.md": markdown(page, folder),
        "report.html": html(page),
        "report.json": json.dumps(data, indent=2, ensure_ascii=False) + "\n",
    }
    for name, text in texts.items():
        write_whole(folder / name, text.encode())
    return [folder / name for name in texts]


def markdown(page: Page, folder: Path) -> str:
    """The report as Markdown; samples are linked, relative to `folder`."""
    parts = [f"# {page.title}"]
    for table in page.tables:
        ruler = ["---", *["---:"] * (len(table.header) - 1)]
        lines = [" | ".join(cells) for cells in (table.header, ruler, *table.rows)]
        parts += [f"## {table.title}", table.note, "\n".join(f"| {line} |" for line in lines)]
    if page.samples:
        parts.append("## Samples")
    for sample in page.samples:
        files = sample.sounds | ({"MIDI": sample.midi} if sample.midi else {})
        links = [f"[{what}]({_within(file, folder)})" for what, file in files.items()]
        picture = f"![{sample.name}]({_within(sample.picture, folder)})"
        parts.append(f"{picture}\n{' · '.join(links)}")
    return "\n\n".join(parts) + "\n"


def html(page: Page) -> str:
    """The report as one page that needs no other file."""
    name = escape(page.title)
    body = [f"<h1>{name}</h1>"]
    body += [_html_table(table) for table in page.tables[:1]]
    if page.samples:
        samples = map(_html_sample, page.samples)
        body += ["<h2>Samples</h2>", '<div class="samples">', *samples, "</div>"]
    body += [_html_table(table) for table in page.tables[1:]]
    body += page.drawings
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{name}</title>\n<style>{STYLE}</style>\n" + "\n".join(body) + "\n</html>\n"
    )


def without_nan(data: Any) -> Any:
    """Plain data as JSON can hold it: what is no number is null."""
    if isinstance(data, dict):
        return {key: without_nan(value) for key, value in data.items()}
    if isinstance(data, list):
        return [without_nan(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


def _within(file: Path, folder: Path) -> str:
    return quote(file.relative_to(folder).as_posix())


def _html_table(table: Table) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.header)
    rows = (
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    return (
        f'<h2>{escape(table.title)}</h2>\n<p class="note">{escape(table.note)}</p>\n'
        f'<div class="wide"><table>\n<tr>{head}</tr>\n' + "\n".join(rows) + "\n</table></div>"
    )


def _html_sample(sample: Sample) -> str:
    players = "".join(
        f'<figcaption>{escape(what)}</figcaption><audio controls src="{_embedded(file)}"></audio>'
        for what, file in sample.sounds.items()
    )
    name = escape(sample.name)
    return (
        f'<figure><img src="{_embedded(sample.picture)}" alt="picture of {name}">{players}'
        f"<figcaption>{name}</figcaption></figure>"
    )


def _embedded(file: Path) -> str:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode('ascii')}"
