"""`musegan evaluate`: how real, how varied and how original phrases or sounds are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from musegan.cli.common import (
    EXIT_INCOMPLETE,
    plain_errors,
    print_json,
    say,
)
from musegan.cli.options import (
    OutFolder,
    device_option,
    json_option,
    overwrite_option,
    quiet_option,
    seed_option,
)

if TYPE_CHECKING:
    from musegan.evaluation.material import Material, Yardstick
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

    if read_description(against, None).get("holds") == "sounds":
        _judge_sounds(
            target, against, split, count, seed, out, samples, device, overwrite, quiet, as_json
        )
        return
    from musegan.evaluation.judging import evaluate
    from musegan.evaluation.material import load_yardstick
    from musegan.evaluation.paper import paper_compat
    from musegan.evaluation.report import as_data, write_report
    from musegan.evaluation.samples import write_samples
    from musegan.evaluation.tables import summary_table

    yardstick = load_yardstick(against, SPLITS[split])
    material, left_out = _find(target, yardstick, count, seed, device)
    material = material.thinned(count)
    name = target.name if target is not None else "the model that ships"
    evaluation = evaluate(name, material, yardstick)
    row = paper_compat(material.phrases, yardstick.ensemble) if paper else None

    def report(folder: Path) -> None:
        shown = write_samples(material, samples, yardstick.ensemble, folder / "samples")
        write_report(evaluation, folder, shown, row)

    if as_json:
        print_json(as_data(evaluation, row))
    else:
        _print_table(summary_table(evaluation))
    _put_report(out, report, overwrite, quiet)
    _tell_left_out([(str(path), reason) for path, reason in left_out], quiet)


def _judge_sounds(
    target: Path | None,
    against: Path,
    split: str,
    count: int,
    seed: int,
    out: Path | None,
    samples: int,
    device: str,
    overwrite: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    from musegan.evaluation.sounds.judging import evaluate_sounds
    from musegan.evaluation.sounds.report import (
        sound_data,
        sound_summary_table,
        write_sound_report,
        write_sound_samples,
    )
    from musegan.evaluation.sounds.yardstick import load_sound_yardstick
    from pipelines.judged_sounds import find_judged

    yardstick = load_sound_yardstick(against, SPLITS[split])
    sounds, left_out = find_judged(target, yardstick, count, seed, device)
    name = target.name if target is not None else "the model that ships"
    evaluation = evaluate_sounds(name, sounds, yardstick)

    def report(folder: Path) -> None:
        shown = write_sound_samples(evaluation, samples, folder / "samples")
        write_sound_report(evaluation, folder, shown)

    if as_json:
        print_json(sound_data(evaluation))
    else:
        _print_table(sound_summary_table(evaluation))
    _put_report(out, report, overwrite, quiet)
    _tell_left_out(left_out, quiet)


def _put_report(
    out: Path | None, report: Callable[[Path], None], overwrite: bool, quiet: bool
) -> None:
    """Write a report where one is asked for, after its figures are told, lest those be lost."""
    from musegan.files import put_folder

    if out is not None:
        for path in put_folder(out, report, overwrite, SAMPLES):
            if path.parent == out:
                say(f"wrote {path}", quiet)


def _tell_left_out(left_out: list[tuple[str, str]], quiet: bool) -> None:
    for what, reason in left_out:
        say(f"left out {what}: {reason}", quiet)
    if left_out:
        sys.exit(EXIT_INCOMPLETE)


def _find(
    target: Path | None, yardstick: Yardstick, count: int, seed: int, device: str
) -> tuple[Material, list[tuple[Path, str]]]:
    """The phrases of a dataset, of MIDI files, or of a model asked for `count`; what has none."""
    from musegan.errors import MuseganError
    from musegan.evaluation.material import load_phrases, midi_files, read_files

    if target is None or (target / "model.json").is_file() or (target / "model").is_dir():
        return _compose(target, yardstick, count, seed, device), []
    if not target.exists():
        raise MuseganError(f"{target}: no such folder")
    if (target / "dataset.json").is_file():
        return load_phrases(target, yardstick), []
    files = midi_files(target)
    if not files:
        raise MuseganError(f"{target}: neither a model, a dataset nor a folder of MIDI files")
    return read_files(files, yardstick)


def _compose(
    folder: Path | None, yardstick: Yardstick, count: int, seed: int, device: str
) -> Material:
    from musegan.composing.generate import generate
    from musegan.composing.model import load_model
    from musegan.evaluation.material import Material
    from musegan.pianoroll import concatenate

    model = load_model(folder, device)
    spec = model.spec
    yardstick.fits(spec.ensemble, spec.grid, spec.bars, str(model.folder))
    return Material.made(concatenate(list(generate(model, count, seed=seed))))


def _print_table(table: Table) -> None:
    click.echo(table.note)
    rows = (table.header, *table.rows)
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.header))]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        click.echo("  ".join(cells))
