"""`musegan synth`: notes of instruments, and of what lies between them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from musegan.cli.common import EXIT_INCOMPLETE, counted, plain_errors, print_json, say
from musegan.cli.options import (
    OutPicture,
    device_option,
    json_option,
    out_folder_option,
    overwrite_option,
    quiet_option,
    seed_option,
)


@click.command()
@click.argument("model", required=False, type=click.Path(path_type=Path))
@click.option(
    "--instrument",
    "instruments",
    multiple=True,
    help="An instrument, or a mix: violin:0.5,synth-saw:0.5. Give it again for more.  "
    "[default: all]",
)
@click.option(
    "--pitch",
    "pitches",
    help="Pitches by name or number, lists and ranges: C4,E4,G4 or C3-C5.  [default: C4, or the "
    "middle of what an instrument reaches]",
)
@click.option(
    "--players", default=1, show_default=True, type=click.IntRange(1), help="Of each instrument."
)
@click.option("--towards", metavar="MIX", help="Turn each instrument into this one by steps.")
@click.option(
    "--steps", default=5, show_default=True, type=click.IntRange(2, 1000), help="So many."
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.05, 600),
    help="How long each note is held.  [default: as those it learnt from, with their own end]",
)
@click.option(
    "--variety",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, 3),
    help="How much players differ; 0 is the most usual of all.",
)
@seed_option("The first player; the same number, the same sound.")
@out_folder_option("notes")
@click.option("--format", "extension", default="wav", show_default=True, help="wav, flac or ogg.")
@click.option("--sheet", type=OutPicture(), help="Also draw all notes on one page.")
@device_option
@overwrite_option
@quiet_option
@json_option
@plain_errors
def command(
    model: Path | None,
    instruments: tuple[str, ...],
    pitches: str | None,
    players: int,
    towards: str | None,
    steps: int,
    seconds: float | None,
    variety: float,
    seed: int,
    out: Path,
    extension: str,
    sheet: Path | None,
    device: str,
    overwrite: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Make notes with MODEL, or with the timbres that ship, an audio file each.

    `hits` is the model of drums that ships; hits have no pitch, and ring out. Pitches that an
    instrument does not reach are named at the end, and the exit code is then 3.

    \b
    Examples:
      musegan synth --instrument cello --pitch C3-C5 --out notes
      musegan synth --instrument violin:0.5,synth-saw:0.5 --pitch A4 --players 4
      musegan synth --instrument trumpet --towards violin --steps 9 --pitch G4 --sheet turn.png
      musegan synth runs/timbres --pitch C4,E4,G4 --seconds 3 --format flac
      musegan synth hits --instrument kick --instrument snare --players 8
    """
    from tqdm import tqdm

    from musegan.composing.timbres import load_timbres
    from pipelines.synth_notes import Wish, check_sheet, draw_notes, make_notes, plan_notes

    timbres = load_timbres(model, device)
    names = tuple(dict.fromkeys(instruments)) or timbres.spec.instruments
    wish = Wish(
        names,
        pitches=pitches,
        players=players,
        seed=seed,
        seconds=seconds,
        towards=towards,
        steps=steps,
        variety=variety,
    )
    notes, left_out = plan_notes(timbres, wish)
    if sheet is not None:
        check_sheet(notes)
    made = make_notes(notes, seconds, out, extension, overwrite)
    written = list(tqdm(made, total=len(notes), unit=" notes", disable=quiet or None))
    if sheet is not None:
        draw_notes(notes, [wave for _, wave in written], sheet, overwrite)
    if as_json:
        files = [str(path) for path, _ in written]
        print_json({"written": files, "sheet": str(sheet) if sheet else None, "left_out": left_out})
    say(f"{out}: {counted(len(written), 'note')}", quiet)
    for reason in left_out:
        click.echo(f"musegan: {reason}", err=True)
    if left_out:
        sys.exit(EXIT_INCOMPLETE)
