"""`musegan evaluate`: how real, how varied and how original phrases are."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from musegan.cli.common import (
    EXIT_INCOMPLETE,
    json_option,
    plain_errors,
    print_json,
    quiet_option,
    say,
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
    help="The real songs to judge by; held-out is valid and test.",
)
@click.option(
    "--count",
    default=1000,
    show_default=True,
    type=click.IntRange(2),
    help="Phrases to make with a model, or to take at most from a folder.",
)
@click.option(
    "--seed", default=0, show_default=True, type=click.IntRange(0), help="For making phrases."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write report.md, .html and .json to a folder."
)
@click.option(
    "--samples",
    default=4,
    show_default=True,
    type=click.IntRange(0),
    help="Phrases to see and hear in the report.",
)
@click.option("--paper", is_flag=True, help="Add the AAAI-18 table, by its own arithmetic.")
@click.option(
    "--device",
    default="cpu",
    show_default=True,
    help="Where a model runs: cpu, cuda or auto.",
)
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
    quiet: bool,
    as_json: bool,
) -> None:
    """Judge TARGET beside real songs: a model, a dataset, or a folder of MIDI files.

    Without TARGET the model that ships is judged. Every figure has its floor beside it: the same
    of real phrases of other songs.

    \b
    Examples:
      musegan evaluate --against data/band
      musegan evaluate runs/mine --against data/band --out judged
      musegan evaluate generated --against data/band --split test --json
    """
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
    if out is not None:
        shown = write_samples(material, samples, yardstick.ensemble, out / "samples")
        for path in write_report(evaluation, out, shown, row):
            say(f"wrote {path}", quiet)
    if as_json:
        print_json(as_data(evaluation, row))
    else:
        _print_table(summary_table(evaluation))
    for path, reason in left_out:
        say(f"left out {path}: {reason}", quiet)
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
