"""One training for a comparison: a recipe, a seed and a budget become an outcome, resumably."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import torch

from musegan.data.sounds import SoundSet
from musegan.data.store import PhraseSet
from musegan.errors import MuseganError
from musegan.evaluation.page import Sample
from musegan.evaluation.standings import Course, Outcome, Point
from musegan.files import write_whole
from musegan.training.kinds import fingerprint
from musegan.training.loop import train
from musegan.training.recipe import Recipe, TimbreRecipe, lessons_within
from musegan.training.run_folder import CHECKPOINT
from pipelines.budget import SELDOM, Budget, Length, clock_of, length_in

PLAN, CURVE, OUTCOME = "plan.json", "curve.jsonl", "outcome.json"
LOOKS = 6  # at each training


class Judge(Protocol):
    """Tells how good models are, all alike."""

    course: Course
    count: int  # how many samples of a finished model are judged

    def look(self, generator: Any) -> float:
        """How far from real the samples of a generator in training are."""

    def untrained(self, run: Path, seed: int) -> float:
        """The same of the generator that a run began with."""

    def figures(self, run: Path) -> dict[str, float]:
        """What a run's finished model is like, by the keys of the course."""

    def samples(self, run: Path, folder: Path, name: str) -> list[Sample]:
        """Some of what a run's finished model makes, called `name`, as files in `folder`."""


@dataclass(frozen=True)
class Entry:
    """One training of a comparison.

    Attributes:
        member: the recipe's name.
        recipe: the experiment.
        seed: of everything drawn.
        run: its folder.
    """

    member: str
    recipe: Recipe | TimbreRecipe
    seed: int
    run: Path


class Watch:
    """Looks at a training now and then; its clock stands still meanwhile.

    Args:
        judge: who looks.
        path: where looks are written, one a line; those of an earlier part are gone on from.
        clock: seconds.
    """

    def __init__(self, judge: Judge, path: Path, clock: Callable[[], float]) -> None:
        self.judge, self.path, self.clock = judge, path, clock
        self.points = {point.step: point for point in read_curve(path)}
        before = max((point.seconds for point in self.points.values()), default=0.0)
        self.begin = clock() - before

    def scalars(self, step: int, values: dict[str, float]) -> None:
        """Losses of different recipes cannot be compared."""

    def sample(self, step: int, generator: Any) -> None:
        """Write how far from real samples are."""
        now = self.clock()
        point = Point(step, now - self.begin, self.judge.look(generator))
        self.points[step] = point
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(point) + "\n")
        self.begin += self.clock() - now

    @property
    def seconds(self) -> float:
        """Spent on training so far."""
        return self.clock() - self.begin


def race(
    entry: Entry,
    data: PhraseSet | SoundSet,
    budget: Budget,
    judge: Judge,
    device: torch.device,
    progress: Callable[[int, int], None] = lambda step, steps: None,
) -> Outcome:
    """Train, judge and write `outcome.json`; what is done already is not done again.

    A training that fails is an outcome too, to be kept where it had begun: what kept it from its
    first step may be mended.

    Args:
        entry: what is trained, and where.
        data: the training phrases or sounds.
        budget: for how long.
        judge: tells how good it is.
        device: where the networks live.
        progress: called after each step with the step and how many there are.

    Raises:
        MuseganError: the folder holds a run on other terms.
    """
    plan = check_terms(entry, data, budget, judge)
    entry.run.mkdir(parents=True, exist_ok=True)
    told = entry.run / OUTCOME
    plan = plan or _plan(entry, data, budget, judge, device)
    if told.is_file():
        return _read_outcome(told)
    length = Length(plan["steps"], plan.get("lessons", 0))
    steps = length.steps + length.lessons
    often = max(1, length.steps // LOOKS)
    # a recipe that diverges is one that does, and not what it would be at half its rates
    rhythm = SELDOM | {"sample_every": often, "save_every": often, "rollbacks": 0}
    watch = Watch(judge, entry.run / CURVE, clock_of(device))
    done, spent, problem = 0, watch.seconds, None

    def note(step: int, scalars: dict[str, float]) -> None:
        nonlocal done, spent
        done, spent = step, watch.seconds
        progress(step, steps)

    try:
        train(
            data,
            length.of(entry.recipe).model_copy(update=rhythm),
            entry.run,
            seed=entry.seed,
            device=device,
            monitor=watch,
            resume=(entry.run / CHECKPOINT).exists(),
            name=entry.member,
            progress=note,
        )
    except MuseganError as error:
        problem = str(error)
    curve = [watch.points[step] for step in sorted(watch.points)]
    figures = {}
    if problem is None:
        curve.insert(0, Point(0, 0.0, judge.untrained(entry.run, entry.seed)))
        figures = judge.figures(entry.run)
    updates = length.steps if problem is None else max(0, done - length.lessons)
    outcome = Outcome(entry.member, entry.seed, updates, spent, tuple(curve), figures, problem)
    if problem is None or done:
        _write(told, asdict(outcome))
    return outcome


def read_curve(path: Path) -> Iterator[Point]:
    """The looks in a file; none where there is no file."""
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield Point(*json.loads(line))


def check_terms(
    entry: Entry, data: PhraseSet | SoundSet, budget: Budget, judge: Judge
) -> dict[str, Any] | None:
    """The plan of a run that has begun; None of one that has not.

    Raises:
        MuseganError: it has, on other terms.
    """
    path = entry.run / PLAN
    if not path.is_file():
        return None
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    terms = _terms(entry, data, budget, judge)
    others = ", ".join(key for key, value in terms.items() if kept.get(key) != value)
    if others:
        raise MuseganError(f"{entry.run}: was run on other terms ({others}); choose another folder")
    return kept


def _terms(
    entry: Entry, data: PhraseSet | SoundSet, budget: Budget, judge: Judge
) -> dict[str, Any]:
    return {
        "recipe": entry.recipe.model_dump(mode="json"),
        "seed": entry.seed,
        "budget": list(budget),
        "data": fingerprint(data),
        "count": judge.count,
    }


def _plan(
    entry: Entry, data: PhraseSet | SoundSet, budget: Budget, judge: Judge, device: torch.device
) -> dict[str, Any]:
    """On what terms a run is to be, and of how many steps, found by a trial."""
    length = Length(budget.steps, lessons_within(entry.recipe, budget.steps))
    if not budget.steps:
        length = length_in(budget.seconds, data, entry.recipe, entry.seed, device)
    plan = _terms(entry, data, budget, judge) | length._asdict()
    _write(entry.run / PLAN, plan)
    return plan


def _read_outcome(path: Path) -> Outcome:
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Outcome(**kept | {"curve": tuple(Point(*point) for point in kept["curve"])})


def _write(path: Path, data: dict[str, Any]) -> None:
    write_whole(path, f"{json.dumps(data, indent=2)}\n".encode())
