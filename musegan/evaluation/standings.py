"""How trainings that ran on equal terms stand beside each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from musegan.evaluation.curves import curve_plots
from musegan.evaluation.page import Page, Sample, without_nan, write_page
from musegan.evaluation.tables import Table, figure

HALF = 0.5  # of an untrained generator's distance: what is above has not learnt
POOR = 0.5  # of the real variety: what is below has collapsed


class Point(NamedTuple):
    """A look at a training: how far from real its samples are after so many steps and seconds."""

    step: int
    seconds: float
    distance: float


@dataclass(frozen=True)
class Outcome:
    """What became of one recipe with one seed.

    Attributes:
        member: the recipe's name.
        seed: of everything drawn.
        steps: generator updates done.
        seconds: that they took, lessons before them too.
        curve: looks on the way; the first is at the untrained generator.
        figures: of the finished model; none if there is no model.
        problem: why there is no model.
    """

    member: str
    seed: int
    steps: int
    seconds: float
    curve: tuple[Point, ...] = ()
    figures: dict[str, float] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True)
class Course:
    """What all of them ran on.

    Attributes:
        name: of the dataset.
        terms: data, time and machine, in a sentence.
        titles: what each figure is called, by its key, in order of weight.
        floor: the figures of real music, by key.
        distance: key of the figure that they are ranked by, the smaller the better.
        variety: key of the figure that tells how varied samples are.
    """

    name: str
    terms: str
    titles: dict[str, str]
    floor: dict[str, float]
    distance: str
    variety: str


@dataclass(frozen=True)
class Standing:
    """One recipe, its seeds together; NaN where none has a model.

    Attributes:
        member: the recipe's name.
        figures: means over the seeds.
        spread: largest less smallest distance of the seeds.
        untrained: mean distance before the first step.
        gained: the distance at the end, as a share of that.
        soon: mean seconds until the curve first was down to `HALF` of it.
        speed: steps a second, the time of lessons counted too.
        steps: mean steps.
        lost: seeds without a model, and why.
        collapsed: whether its samples are all too alike.
    """

    member: str
    figures: dict[str, float]
    spread: float
    untrained: float
    gained: float
    soon: float
    speed: float
    steps: float
    lost: tuple[str, ...]
    collapsed: bool


def standings(outcomes: Sequence[Outcome], course: Course) -> list[Standing]:
    """The recipes, the nearest to real music first and those without a model last."""
    members = dict.fromkeys(outcome.member for outcome in outcomes)
    found = [
        _standing(name, [each for each in outcomes if each.member == name], course)
        for name in members
    ]
    far = math.inf
    return sorted(found, key=lambda each: np.nan_to_num(each.figures[course.distance], nan=far))


def _standing(member: str, runs: Sequence[Outcome], course: Course) -> Standing:
    done = [run for run in runs if run.figures]
    figures = {key: _mean([run.figures[key] for run in done]) for key in course.titles}
    distances = [run.figures[course.distance] for run in done]
    untrained = _mean([run.curve[0].distance for run in runs if run.curve])
    seconds = sum(run.seconds for run in runs)
    return Standing(
        member,
        figures,
        float(np.ptp(distances)) if distances else float("nan"),
        untrained,
        figures[course.distance] / untrained,
        _mean([halved(run.curve) for run in done]),
        sum(run.steps for run in runs) / seconds if seconds else float("nan"),
        _mean([run.steps for run in runs]),
        tuple(f"seed {run.seed}: {run.problem}" for run in runs if run.problem),
        figures[course.variety] < POOR * course.floor[course.variety],
    )


def halved(curve: Sequence[Point]) -> float:
    """Seconds until a curve is down to `HALF` of where it began; infinite if it never is."""
    below = (point.seconds for point in curve if point.distance <= HALF * curve[0].distance)
    return next(below, math.inf)


def write_standings(
    outcomes: Sequence[Outcome], course: Course, samples: Sequence[Sample], folder: Path
) -> list[Path]:
    """Write `report.md`, `report.html` and `report.json` into a folder; gives their paths.

    Args:
        outcomes: of all recipes and seeds.
        course: what they ran on.
        samples: to see and hear; their files lie within `folder`.
        folder: is made if need be; a report there is replaced.
    """
    found = standings(outcomes, course)
    curves = {each.member: [o.curve for o in outcomes if o.member == each.member] for each in found}
    drawings = (
        "<h2>Curves</h2>",
        '<p class="note">Distance from the real over seconds of training, both axes shared; the '
        "other recipes in grey.</p>",
        curve_plots(curves),
    )
    tables = [figure_table(found, course), way_table(found)]
    page = Page(f"The family on {course.name}", tables, samples, drawings)
    return write_page(page, as_data(outcomes, course), folder)


def figure_table(found: Sequence[Standing], course: Course) -> Table:
    """What the finished models are like, and real music."""
    rows = [(each.member, *(figure(each.figures[key]) for key in course.titles)) for each in found]
    rows.append(("real", *(figure(course.floor[key]) for key in course.titles)))
    return Table("Figures", course.terms, ("recipe", *course.titles.values()), tuple(rows))


def way_table(found: Sequence[Standing]) -> Table:
    """How they got there."""
    rows = tuple(
        (
            each.member,
            figure(each.untrained),
            figure(each.gained),
            "never" if math.isinf(each.soon) else figure(each.soon),
            figure(each.speed),
            figure(each.steps),
            figure(each.spread),
            "; ".join(each.lost) or "none",
            "collapsed" if each.collapsed else "varied",
        )
        for each in found
    )
    return Table(
        "The way",
        "The distance before the first step, what share of it is left, after how many seconds a "
        "look first found less than half of it, speed, how far seeds are apart, and what went "
        "wrong.",
        (
            "recipe",
            "untrained",
            "left",
            "halved after",
            "steps/s",
            "steps",
            "between seeds",
            "lost",
            "samples",
        ),
        rows,
    )


def as_data(outcomes: Sequence[Outcome], course: Course) -> dict[str, Any]:
    """The figures as plain data for JSON; what does not apply is null."""
    data: dict[str, Any] = without_nan(
        {
            "against": course.name,
            "terms": course.terms,
            "floor": course.floor,
            "standings": [
                asdict(each) | {"lost": list(each.lost)} for each in standings(outcomes, course)
            ],
            "outcomes": [
                asdict(each) | {"curve": [list(point) for point in each.curve]} for each in outcomes
            ],
        }
    )
    return data


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")
