"""`musegan interpolate`: a model finds the way from one phrase to another."""

from __future__ import annotations

from pathlib import Path

import click

from musegan.cli.common import (
    OutFolder,
    json_option,
    names,
    overwrite_option,
    plain_errors,
    print_json,
    progress_of,
    quiet_option,
    ready_model,
    say,
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
@click.option(
    "--model",
    "model_path",
    type=click.Path(path_type=Path),
    help="A model's folder.  [default: the band model that ships]",
)
@click.option("--style", help="A style, or a mix: rock:0.6,dark:0.4.  [default: any]")
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="Another number, another way; the same number, the same way.",
)
@click.option(
    "--out",
    default="interpolated",
    show_default=True,
    type=OutFolder(),
    help="The folder to write to.",
)
@click.option(
    "--format",
    "formats",
    default="mid",
    show_default=True,
    help="Any of mid, wav, flac, ogg, png, by commas.",
)
@click.option(
    "--ensemble",
    help="Rules that place the files' tracks: a name, or the path of a .yaml file.  "
    "[default: the model's]",
)
@click.option(
    "--device",
    default="cpu",
    show_default=True,
    help="Where the model runs: cpu, cuda or auto.",
)
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
