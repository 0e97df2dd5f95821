"""`musegan export-sfz`: an instrument for a sampler."""

from __future__ import annotations

from pathlib import Path

import click

from musegan.cli.common import plain_errors, print_json, say
from musegan.cli.options import (
    json_option,
    out_folder_option,
    overwrite_option,
    quiet_option,
    seed_option,
)


@click.command()
@click.argument("mix")
@click.option(
    "--model", type=click.Path(path_type=Path), help="A model of timbres.  [default: the shipped]"
)
@click.option("--name", help="Of the instrument and its files, no path.  [default: the mix]")
@click.option(
    "--every",
    default=3,
    show_default=True,
    type=click.IntRange(1, 24),
    help="Semitones from a sampled pitch to the next.",
)
@seed_option("Which player.")
@out_folder_option("sampler")
@overwrite_option
@quiet_option
@json_option
@plain_errors
def command(
    mix: str,
    model: Path | None,
    name: str | None,
    every: int,
    seed: int,
    out: Path,
    overwrite: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Write the instrument MIX as an SFZ file with looped samples, for sfizz, Sforzando or a DAW.

    \b
    Examples:
      musegan export-sfz cello
      musegan export-sfz violin:0.5,synth-saw:0.5 --name hybrid --every 2 --out instruments
    """
    from tqdm import tqdm

    from musegan.composing.timbres import load_timbres, make_instrument
    from pipelines.sampler import export_sfz
    from pipelines.synth_notes import file_name

    instrument = make_instrument(load_timbres(model), mix, seed)
    files = export_sfz(instrument, name or file_name(mix), out, every, overwrite)
    written = list(tqdm(files, unit=" files", disable=quiet or None))
    if as_json:
        print_json({"sfz": str(written[-1]), "samples": len(written) - 1})
    say(f"{written[-1]}: {len(written) - 1} samples", quiet)
