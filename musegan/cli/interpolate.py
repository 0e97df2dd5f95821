"""`musegan interpolate`: a model finds the way from one phrase to another."""

from __future__ import annotations

from pathlib import Path

import click

from musegan.cli.common import names, plain_errors, print_json, progress_of, ready_model, say
from musegan.cli.options import (
    device_option,
    formats_option,
    json_option,
    model_option,
    out_folder_option,
    overwrite_option,
    quiet_option,
    seed_option,
    style_option,
)


@click.command()
@click.argument("one", type=click.Path(path_type=Path))
@click.argument("other", type=click.Path(path_type=Path))
@click.option(
    "--steps",
    default=8,
    show_default=True,
    type=click.IntRange(2, 1000),
    help="Files to write, the two ends among them.",
)
@model_option
@style_option
@seed_option("Another number, another way; the same number, the same way.")
@out_folder_option("interpolated")
@formats_option
@click.option(
    "--ensemble",
    help="Rules that place the files' tracks: a name, or the path of a .yaml file.  "
    "[default: the model's]",
)
@device_option
@overwrite_option
@quiet_option
@json_option
@plain_errors
def command(
    one: Path,
    other: Path,
    steps: int,
    model_path: Path | None,
    style: str | None,
    seed: int,
    out: Path,
    formats: str,
    ensemble: str | None,
    device: str,
    overwrite: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Lead from ONE MIDI file to the OTHER, of the same number of bars, in even steps.

    The first file written is ONE and the last the OTHER, note for note; tempos change from step
    to step, keys in the middle. A song that rests in the last bar of a phrase is as long as one
    that plays there.

    \b
    Examples:
      musegan interpolate calm.mid wild.mid
      musegan interpolate a.mid b.mid --steps 5 --format mid,png --out bridge
    """
    import torch

    from musegan.composing.songs import players
    from pipelines.interpolation import interpolate_files, plan_steps

    targets = plan_steps(out, names(formats) or (), steps)
    model = ready_model(model_path, device, quiet)
    torch.set_num_threads(1)
    band = players(model.spec, ensemble)
    heard = progress_of("learning the songs", quiet)
    interpolate_files(
        model,
        one,
        other,
        targets,
        seed=seed,
        style=style,
        ensemble=band,
        heard=heard,
        overwrite=overwrite,
    )
    if as_json:
        print_json({"written": [[str(path) for path in paths] for paths in targets]})
    say(f"{out}: {steps} steps from {one.name} to {other.name}", quiet)
