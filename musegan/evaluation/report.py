"""The report of an evaluation of phrases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from musegan.evaluation.judging import Evaluation, summary
from musegan.evaluation.page import Page, Sample, without_nan, write_page
from musegan.evaluation.plots import distributions
from musegan.evaluation.tables import tables


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
    title = f"{evaluation.target} beside {evaluation.yardstick.name}"
    drawings = (
        "<h2>Distributions</h2>",
        '<p class="note">Real phrases as an area, <span class="key">made ones as a line</span>; '
        "every value is one phrase's.</p>",
        distributions(evaluation.made.measured, evaluation.reference),
    )
    page = Page(title, tables(evaluation, paper), samples, drawings)
    return write_page(page, as_data(evaluation, paper), folder)


def as_data(evaluation: Evaluation, paper: dict[str, float] | None = None) -> dict[str, Any]:
    """The figures as plain data for JSON; what does not apply is null."""
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
        "columns": _columns(evaluation),
        "left_out": list(evaluation.made.comparison.left_out),
        "overlap": {name: asdict(each) for name, each in evaluation.made.overlap.items()},
        "originality": _originality(evaluation),
        "coverage": _coverage(evaluation),
        "aaai18": paper,
    }
    plain: dict[str, Any] = without_nan(data)
    return plain


def _columns(evaluation: Evaluation) -> dict[str, Any]:
    """Every metric of every track."""
    return {
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


def _originality(evaluation: Evaluation) -> dict[str, Any]:
    """What is copied of each phrase, track by track."""
    return {
        whose: {
            name: {
                "likeness": each.likeness[:, track].tolist(),
                "runs": each.runs[:, track].tolist(),
            }
            for track, name in enumerate(evaluation.yardstick.ensemble.names)
        }
        for whose, each in (("made", evaluation.copied), ("real", evaluation.quoted))
    }


def _coverage(evaluation: Evaluation) -> dict[str, Any]:
    """What is near of each style."""
    styles = sorted(set(evaluation.styles.tolist()))
    return {
        whose: {style: float(each.coverage[evaluation.styles == style].mean()) for style in styles}
        for whose, each in (("made", evaluation.made), ("floor", evaluation.real))
    }
