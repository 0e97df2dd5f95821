"""`musegan evaluate`: how real, how varied and how original phrases or sounds are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from musegan.cli.common import EXIT_INCOMPLETE, plain_errors, print_json, say
from musegan.cli.options import (
    OutFolder,
    device_option,
    json_option,
    overwrite_option,
    quiet_option,
    seed_option,
)

if TYPE_CHECKING:
    from musegan.evaluation.tables import Table

SPLITS = {
    "held-out": ("valid", "test"),
    "train": ("train",),
    "valid": ("valid",),
    "test": ("test",),
}
SAMPLES = tuple(f"samples/[0-9][0-9]*.{ending}" for ending in ("mid", "png", "ogg"))


@click.command()
@click.argument("target", required=False, type=click.Path(path_type=Path))
@click.option(
    "--against",
    required=True,
    type=click.Path(path_type=Path),
    help="The dataset folder to judge by, from `musegan prepare`.",
)
@click.option(
    "--split",
    default="held-out",
    show_default=True,
    type=click.Choice(list(SPLITS)),
    help="The real songs or sounds to judge by; held-out is valid and test.",
)
@click.option(
    "--count",
    default=1000,
    show_default=True,
    type=click.IntRange(2),
    help="Phrases to make with a model, or to take at most from a folder. Of each "
    "instrument sounds are at most as many as the held-out ones.",
)
@seed_option("For making them.")
@click.option("--out", type=OutFolder(), help="Write report.md, .html and .json to a folder.")
@click.option(
    "--samples",
    default=4,
    show_default=True,
    type=click.IntRange(0),
    help="How many to see and hear in the report.",
)
@click.option("--paper", is_flag=True, help="Add the AAAI-18 table, by its own arithmetic.")
@device_option
@overwrite_option
@quiet_option
@json_option
@plain_errors
def command(
    target: Path | None,
    against: Path,
    split: str,
    count: int,
    seed: int,
    out: Path | None,
    samples: int,
    paper: bool,
    device: str,
    overwrite: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Judge TARGET beside real songs or sounds: a model, a dataset, or a folder of files.

    The dataset it is judged against tells whether phrases or sounds are meant. Without TARGET the
    model that ships is judged. Every figure has its floor beside it: the same of real phrases of
    other songs, or of real sounds.

    \b
    Examples:
      musegan evaluate --against data/band
      musegan evaluate runs/mine --against data/band --out judged
      musegan evaluate generated --against data/band --split test --json
      musegan evaluate runs/timbres --against data/notes --out judged
    """
    from musegan.data.store import read_description

    wish = Wish(target, against, SPLITS[split], count, seed, device, samples)
    sounds = read_description(against, None).get("holds") == "sounds"
    judged = _judge_sounds(wish) if sounds else _judge_phrases(wish, paper)
    if as_json:
        print_json(judged.data)
    else:
        _print_table(judged.summary)
    # after the figures are told, lest they be lost where the report cannot be written
    if out is not None:
        _put_report(judged.report, out, overwrite, quiet)
    for what, reason in judged.left_out:
        say(f"left out {what}: {reason}", quiet)
    if judged.left_out:
        sys.exit(EXIT_INCOMPLETE)


@dataclass(frozen=True)
class Wish:
    """What is to be judged, by what, and with how many samples in the report."""

    target: Path | None
    against: Path
    splits: tuple[str, ...]
    count: int
    seed: int
    device: str
    samples: int

    @property
    def name(self) -> str:
        """What the target is called."""
        return self.target.name if self.target is not None else "the model that ships"


class Judged(NamedTuple):
    """What is told of a target: figures, the summary of them, a report, and what was left out."""

    data: dict[str, Any]
    summary: Table
    report: Callable[[Path], None]
    left_out: list[tuple[str, str]]


def _judge_phrases(wish: Wish, paper: bool) -> Judged:
    from musegan.evaluation.judging import evaluate
    from musegan.evaluation.material import load_yardstick
    from musegan.evaluation.paper import paper_compat
    from musegan.evaluation.report import as_data, write_report
    from musegan.evaluation.samples import write_samples
    from musegan.evaluation.tables import summary_table
    from pipelines.judged_phrases import find_judged

    yardstick = load_yardstick(wish.against, wish.splits)
    material, left_out = find_judged(wish.target, yardstick, wish.count, wish.seed, wish.device)
    evaluation = evaluate(wish.name, material, yardstick)
    row = paper_compat(material.phrases, yardstick.ensemble) if paper else None

    def report(folder: Path) -> None:
        shown = write_samples(material, wish.samples, yardstick.ensemble, folder / "samples")
        write_report(evaluation, folder, shown, row)

    return Judged(as_data(evaluation, row), summary_table(evaluation), report, left_out)


def _judge_sounds(wish: Wish) -> Judged:
    from musegan.evaluation.sounds.judging import evaluate_sounds
    from musegan.evaluation.sounds.report import (
        sound_data,
        sound_summary_table,
        write_sound_report,
        write_sound_samples,
    )
    from musegan.evaluation.sounds.yardstick import load_sound_yardstick
    from pipelines.judged_sounds import find_judged

    yardstick = load_sound_yardstick(wish.against, wish.splits)
    sounds, left_out = find_judged(wish.target, yardstick, wish.count, wish.seed, wish.device)
    evaluation = evaluate_sounds(wish.name, sounds, yardstick)

    def report(folder: Path) -> None:
        shown = write_sound_samples(evaluation, wish.samples, folder / "samples")
        write_sound_report(evaluation, folder, shown)

    return Judged(sound_data(evaluation), sound_summary_table(evaluation), report, left_out)


def _put_report(report: Callable[[Path], None], out: Path, overwrite: bool, quiet: bool) -> None:
    from musegan.files import put_folder

    for path in put_folder(out, report, overwrite, SAMPLES):
        if path.parent == out:
            say(f"wrote {path}", quiet)


def _print_table(table: Table) -> None:
    click.echo(table.note)
    rows = (table.header, *table.rows)
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.header))]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        click.echo("  ".join(cells))
