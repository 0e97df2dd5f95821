"""The report of an evaluation: Markdown to keep, HTML to see and hear, JSON for scripts."""

from __future__ import annotations

import base64
import json
import math
import mimetypes
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

from musegan.evaluation.judging import Evaluation, summary
from musegan.evaluation.plots import distributions
from musegan.evaluation.tables import Table, tables

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
    """One of the judged phrases to see and hear.

    Attributes:
        midi: its MIDI file.
        picture: its piano-roll.
        audio: its sound.
    """

    midi: Path
    picture: Path
    audio: Path


def write_report(
    evaluation: Evaluation,
    folder: Path,
    samples: Sequence[Sample] = (),
    paper: dict[str, float] | None = None,
) -> list[Path]:
    """Write `report.md`, `report.html` and `report.json` into a folder; gives their paths.

    Args:
        evaluation: what to tell.
        folder: is made if need be; a report there is replaced.
        samples: phrases to see and hear; their files lie within `folder`.
        paper: a row of `paper_compat` to set beside the AAAI-18 table.
    """
    shown = tables(evaluation, paper)
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "report.md": markdown(evaluation, shown, samples, folder),
        "report.html": html(evaluation, shown, samples),
        "report.json": json.dumps(as_data(evaluation, paper), indent=2, ensure_ascii=False) + "\n",
    }
    for name, text in texts.items():
        part = folder / f"{name}.part"
        part.write_text(text, encoding="utf-8")
        part.replace(folder / name)
    return [folder / name for name in texts]


def title(evaluation: Evaluation) -> str:
    """What the report is called."""
    return f"{evaluation.target} beside {evaluation.yardstick.name}"


def markdown(
    evaluation: Evaluation, shown: Sequence[Table], samples: Sequence[Sample], folder: Path
) -> str:
    """The report as Markdown; samples are linked, relative to `folder`."""
    parts = [f"# {title(evaluation)}"]
    for table in shown:
        ruler = ["---", *["---:"] * (len(table.header) - 1)]
        lines = [" | ".join(cells) for cells in (table.header, ruler, *table.rows)]
        parts += [f"## {table.title}", table.note, "\n".join(f"| {line} |" for line in lines)]
    if samples:
        parts.append("## Samples")
    for sample in samples:
        picture, audio, midi = (
            path.relative_to(folder).as_posix()
            for path in (sample.picture, sample.audio, sample.midi)
        )
        parts.append(f"![{sample.midi.stem}]({picture})\n[listen]({audio}) · [MIDI]({midi})")
    return "\n\n".join(parts) + "\n"


def html(evaluation: Evaluation, shown: Sequence[Table], samples: Sequence[Sample]) -> str:
    """The report as one page that needs no other file."""
    name = escape(title(evaluation))
    body = [f"<h1>{name}</h1>"]
    body += [_html_table(table) for table in shown[:1]]
    if samples:
        body += ["<h2>Samples</h2>", '<div class="samples">', *map(_html_sample, samples), "</div>"]
    body += [_html_table(table) for table in shown[1:]]
    body += [
        "<h2>Distributions</h2>",
        '<p class="note">Real phrases as an area, <span class="key">made ones as a line</span>; '
        "every value is one phrase's.</p>",
        distributions(evaluation.made.measured, evaluation.reference),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{name}</title>\n<style>{STYLE}</style>\n" + "\n".join(body) + "\n</html>\n"
    )


def as_data(evaluation: Evaluation, paper: dict[str, float] | None = None) -> dict[str, Any]:
    """The figures as plain data for JSON; what does not apply is null."""
    names = evaluation.yardstick.ensemble.names
    styles = sorted(set(evaluation.styles.tolist()))
    columns = {
        column.name: {
            "made": column.measured,
            "real": column.reference,
            "spread": column.spread,
            "difference": column.difference,
            "floor": floor.difference,
        }
        for column, floor in zip(
            evaluation.made.comparison.columns, evaluation.real.comparison.columns, strict=True
        )
    }
    data = {
        "target": evaluation.target,
        "against": evaluation.yardstick.name,
        "splits": list(evaluation.yardstick.splits),
        "phrases": {
            "made": evaluation.made.count,
            "floor": evaluation.real.count,
            "reference": len(evaluation.styles),
        },
        "summary": {
            line.key: {"made": line.made, "floor": line.real} for line in summary(evaluation)
        },
        "by_metric": {
            "made": evaluation.made.comparison.by_metric(),
            "floor": evaluation.real.comparison.by_metric(),
        },
        "columns": columns,
        "left_out": list(evaluation.made.comparison.left_out),
        "overlap": {name: asdict(each) for name, each in evaluation.made.overlap.items()},
        "originality": {
            whose: {
                name: {
                    "likeness": each.likeness[:, track].tolist(),
                    "runs": each.runs[:, track].tolist(),
                }
                for track, name in enumerate(names)
            }
            for whose, each in (("made", evaluation.copied), ("real", evaluation.quoted))
        },
        "coverage": {
            whose: {
                style: float(each.coverage[evaluation.styles == style].mean()) for style in styles
            }
            for whose, each in (("made", evaluation.made), ("floor", evaluation.real))
        },
        "aaai18": paper,
    }
    plain: dict[str, Any] = _without_nan(data)
    return plain


def _without_nan(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_nan(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_without_nan(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


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
    name = escape(sample.midi.stem)
    return (
        f'<figure><img src="{_embedded(sample.picture)}" alt="piano-roll of {name}">'
        f'<audio controls src="{_embedded(sample.audio)}"></audio>'
        f"<figcaption>{name}</figcaption></figure>"
    )


def _embedded(file: Path) -> str:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode('ascii')}"
