"""`musegan compare`: recipes trained on equal terms, and a report of how they stand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from musegan.cli.common import (
    EXIT_INCOMPLETE,
    EXIT_INTERRUPTED,
    counted,
    fail,
    plain_errors,
    print_json,
    say,
)
from musegan.cli.options import (
    OutFolder,
    json_option,
    quiet_option,
    threads_option,
    training_device_option,
)

if TYPE_CHECKING:
    from musegan.data.sounds import SoundSet
    from musegan.data.store import PhraseSet
    from pipelines.racing import Judge


@click.command()
@click.argument("names", metavar="RECIPE...", nargs=-1, required=True)
@click.option(
    "--data",
    "dataset",
    type=click.Path(path_type=Path),
    required=True,
    help="The dataset folder to train on and judge by, from `musegan prepare`.",
)
@click.option(
    "--budget",
    default="10m",
    show_default=True,
    help="Of each training: a time such as 90s, 10m or 1h, or steps such as 200steps.",
)
@click.option(
    "--seeds", type=click.IntRange(1), default=1, show_default=True, help="Trainings of a recipe."
)
@click.option(
    "--out",
    type=OutFolder(),
    required=True,
    help="Folder of the report and the runs.",
)
@click.option(
    "--count",
    type=click.IntRange(10),
    default=500,
    show_default=True,
    help="Phrases each finished model is judged by.",
)
@training_device_option
@threads_option
@quiet_option
@json_option
@plain_errors
def command(
    names: tuple[str, ...],
    dataset: Path,
    budget: str,
    seeds: int,
    out: Path,
    count: int,
    device: str,
    threads: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Train recipes on the same data for the same time, and tell how they stand.

    A RECIPE is the name of one that ships, a folder of them (`family`), or your own .yaml file. The
    report in OUT has figures beside those of real songs, curves, speed, seeds that were lost,
    variety and samples; the models are in OUT/runs. After a stop the same command goes on.

    \b
    Examples:
      musegan compare default family/wgan-gp --data data/band --out compared
      musegan compare family --data data/band --budget 30m --seeds 3 --out compared
      musegan compare default mine.yaml --data data/band --budget 500steps --out compared --json
      musegan compare family-timbres --data data/notes --budget 1h --out compared
    """
    import torch
    from tqdm import tqdm

    from musegan.data.store import read_description
    from musegan.evaluation.standings import as_data
    from musegan.models.devices import find_device
    from musegan.training.memory import keep_memory
    from musegan.training.recipe_files import find_recipe, named_recipes
    from pipelines import recipes
    from pipelines.budget import parse_budget
    from pipelines.comparison import compare, entries
    from pipelines.racing import Entry

    sounds = read_description(dataset, None).get("holds") == "sounds"
    place, terms = find_device(device), parse_budget(budget)
    members = {
        name: find_recipe(name, recipes.FOLDER)
        for given in names
        for name in named_recipes(given, recipes.FOLDER)
    }
    field = entries(members, seeds, out, "timbres" if sounds else "phrases")
    if place.type == "cpu":
        keep_memory()
    if threads:
        torch.set_num_threads(threads)
    cores = torch.get_num_threads()
    where = f"on {counted(cores, 'core')}" if place.type == "cpu" else f"on {place}"
    length = counted(terms.steps, "step") if terms.steps else budget
    told = f"Each recipe with {counted(seeds, 'seed')}, {length} a training {where}; "
    data, judge = _judged_sounds(dataset, count, told) if sounds else _judged(dataset, count, told)
    with tqdm(unit="step", disable=quiet or None) as bar:

        def begin(entry: Entry) -> None:
            bar.reset()
            bar.set_description(f"{entry.member} (seed {entry.seed})")

        def progress(step: int, steps: int) -> None:
            bar.total = steps
            bar.update(step - bar.n)

        try:
            outcomes, written = compare(
                field, data, terms, judge, out, device=place, begin=begin, progress=progress
            )
        except KeyboardInterrupt:
            bar.close()
            fail(f"stopped; the same command goes on from {out}", EXIT_INTERRUPTED)
    for path in written:
        say(f"wrote {path}", quiet)
    if as_json:
        print_json(as_data(outcomes, judge.course))
    lost = [outcome for outcome in outcomes if outcome.problem]
    for outcome in lost:
        say(f"lost {outcome.member}, seed {outcome.seed}: {outcome.problem}", quiet)
    if lost:
        sys.exit(EXIT_INCOMPLETE)


def _judged(dataset: Path, count: int, told: str) -> tuple[PhraseSet, Judge]:
    """The phrases to learn from, and who judges."""
    from musegan.data.store import load_dataset
    from musegan.evaluation.material import load_yardstick
    from pipelines.phrase_judge import PhraseJudge

    data, yardstick = load_dataset(dataset, "train"), load_yardstick(dataset)
    told += (
        f"{counted(len(data), 'phrase')} to learn from, {count} made by each and judged by "
        f"songs that were held out of {yardstick.name}."
    )
    return data, PhraseJudge(yardstick, count, told)


def _judged_sounds(dataset: Path, count: int, told: str) -> tuple[SoundSet, Judge]:
    """The sounds to learn from, and who judges."""
    from musegan.data.sounds import load_sounds
    from musegan.evaluation.material import HELD_OUT
    from musegan.evaluation.sounds.yardstick import load_sound_yardstick
    from pipelines.sound_judge import SoundJudge

    data, yardstick = load_sounds(dataset, "train"), load_sound_yardstick(dataset, HELD_OUT)
    told += (
        f"{counted(len(data), 'sound')} to learn from, and judged by sounds that were held out of "
        f"{yardstick.name}, {count} at most."
    )
    return data, SoundJudge(yardstick, count, told)
