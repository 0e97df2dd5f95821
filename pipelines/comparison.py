"""Recipes trained on equal terms, and one report of how they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from musegan.data.sounds import SoundSet
from musegan.data.store import PhraseSet
from musegan.errors import MuseganError
from musegan.evaluation.standings import Outcome, write_standings
from musegan.files import alone_in
from musegan.training.recipe import Recipe, TimbreRecipe
from pipelines.budget import Budget
from pipelines.racing import Entry, Judge, check_terms, race


def entries(
    members: dict[str, Recipe | TimbreRecipe], seeds: int, folder: Path, kind: str
) -> list[Entry]:
    """All trainings of a comparison, seed by seed, so that a part of it is fair too.

    Raises:
        MuseganError: a recipe is for another kind of data, or two would share a folder.
    """
    for name, recipe in members.items():
        if recipe.kind != kind:
            raise MuseganError(f"{name}: a recipe for {recipe.kind}, but the data are {kind}")
    runs = {name: folder / "runs" / folder_name(name) for name in members}
    if len(set(runs.values())) < len(runs):
        raise MuseganError("two of these recipes have the same name; rename one")
    return [
        Entry(name, recipe, seed, runs[name] / f"seed-{seed}")
        for seed in range(seeds)
        for name, recipe in members.items()
    ]


def folder_name(member: str) -> str:
    """What the folder of a recipe is called: its name, without what leads to it."""
    return re.sub(r"[^\w-]+", "-", Path(member).name.removesuffix(".yaml").removesuffix(".yml"))


def compare(
    field: Sequence[Entry],
    data: PhraseSet | SoundSet,
    budget: Budget,
    judge: Judge,
    folder: Path,
    *,
    device: torch.device,
    begin: Callable[[Entry], None] = lambda entry: None,
    progress: Callable[[int, int], None] = lambda step, steps: None,
) -> tuple[list[Outcome], list[Path]]:
    """Train all, one after the other, and write the report; it can be stopped and gone on with.

    Args:
        field: the trainings.
        data: the training phrases or sounds.
        budget: of each training.
        judge: tells how good they are.
        folder: of the report, with the runs in `runs`.
        device: where the networks live.
        begin: called before each training.
        progress: called after each of its steps with the step and how many there are.

    Returns:
        All outcomes, and the report's files.

    Raises:
        MuseganError: no training came to an end, another run writes in the folder, or it holds a
            run on other terms or a report of what is not in the field.
    """
    _check_report(folder / "report.json", field)
    for entry in field:  # before hours go into the first of them
        check_terms(entry, data, budget, judge)
    outcomes, samples = [], []
    folder.mkdir(parents=True, exist_ok=True)
    with alone_in(folder):
        for entry in field:
            begin(entry)
            outcome = race(entry, data, budget, judge, device, progress)
            outcomes.append(outcome)
            if outcome.figures and entry.seed == 0:
                shown = folder / "samples" / entry.run.parent.name
                samples += judge.samples(entry.run, shown, entry.member)
        if not any(outcome.figures for outcome in outcomes):
            raise MuseganError(f"no training came to an end; the first: {outcomes[0].problem}")
        return outcomes, write_standings(outcomes, judge.course, samples, folder)


def _check_report(path: Path, field: Sequence[Entry]) -> None:
    """See that a report that is there would grow, and lose nothing."""
    if not path.is_file():
        return
    try:
        there = json.loads(path.read_text(encoding="utf-8"))["outcomes"]
        lost = [
            f"{each['member']} with seed {each['seed']}"
            for each in there
            if (folder_name(each["member"]), each["seed"]) not in {*map(_name, field)}
        ]
    except (ValueError, KeyError, TypeError):
        raise MuseganError(f"{path}: is of no comparison; choose another folder") from None
    if lost:
        raise MuseganError(
            f"{path.parent}: holds a comparison with {', '.join(lost)} too; "
            "compare those as well, or choose another folder"
        )


def _name(entry: Entry) -> tuple[str, int]:
    return folder_name(entry.member), entry.seed
