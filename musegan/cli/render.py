"""`musegan render`: MIDI files become sound and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from musegan.cli.common import (
    EXIT_ERROR,
    EXIT_INCOMPLETE,
    counted,
    fail,
    names,
    plain_errors,
    print_json,
    say,
)
from musegan.cli.options import (
    OutPath,
    OutPicture,
    json_option,
    overwrite_option,
    quiet_option,
    seed_option,
)

if TYPE_CHECKING:
    from pipelines.render_batch import Outcome


@click.command()
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    default="rendered",
    show_default=True,
    type=OutPath(),
    help="The folder to write to; for one song also a file, whose ending is a format.",
)
@click.option(
    "--format",
    "formats",
    help="Any of wav, flac, ogg, png, by commas, beside each other.  [default: as --out, or wav]",
)
@click.option(
    "--soundfont",
    type=click.Path(path_type=Path),
    help="An SF2 file (SF3 with fluidsynth).  [default: TimGM6mb, a small General MIDI set]",
)
@click.option(
    "--sample-rate", default=48_000, show_default=True, help="Samples a second, 8000 to 192000."
)
@click.option(
    "--synth",
    default="auto",
    show_default=True,
    help="midirenderer, fluidsynth, or auto: fluidsynth only for what the other cannot read.",
)
@click.option(
    "--timbre",
    "timbres",
    multiple=True,
    metavar="[TRACK=]MIX",
    help="Play with a timbre, not the SoundFont: violin, violin:0.5,synth-saw:0.5, or only a "
    "track by its name, number or part: Solo=trumpet, 2=cello, lead=flute. Give it again for more.",
)
@click.option(
    "--timbre-model",
    type=click.Path(path_type=Path),
    help="A model of timbres.  [default: the one that ships]",
)
@click.option(
    "--drift",
    default=0.0,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="How far timbres turn into others over a song.",
)
@click.option(
    "--drums",
    default="soundfont",
    show_default=True,
    help="Who plays drums: soundfont, hits (the model that ships), or the folder of a model.",
)
@seed_option("Which players.")
@click.option("--sheet", type=OutPicture(), help="Also draw all songs on one page.")
@click.option("--workers", type=click.IntRange(1), help="Processes.  [default: one a core]")
@overwrite_option
@quiet_option
@json_option
@plain_errors
def command(
    sources: tuple[Path, ...],
    out: Path,
    formats: str | None,
    soundfont: Path | None,
    sample_rate: int,
    synth: str,
    timbres: tuple[str, ...],
    timbre_model: Path | None,
    drift: float,
    drums: str,
    seed: int,
    sheet: Path | None,
    workers: int | None,
    overwrite: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Turn MIDI files, and folders of them, into sound files and piano-roll pictures.

    Sound is stereo with its peak at -1 dBFS and ends when the last note has died away. A file
    that cannot be used is named at the end, and the exit code is then 3.

    \b
    Examples:
      musegan render song.mid
      musegan render song.mid --out song.flac --sample-rate 44100
      musegan render sketches/ --out listen --format ogg,png --sheet listen/all.png
      musegan render song.mid --soundfont FluidR3_GM.sf2
      musegan render song.mid --timbre violin:0.5,synth-saw:0.5
      musegan render song.mid --timbre lead=trumpet --timbre strings=cello --drift 0.5
      musegan render song.mid --timbre bass=double-bass --drums hits
    """
    import os

    from tqdm import tqdm

    from musegan.rendering.wave import Sound
    from pipelines.orchestra import Orchestra
    from pipelines.render_batch import check_sheet, draw_contact_sheet, plan, render_files

    sound = Sound(soundfont, sample_rate, synth)
    invented = timbres or drums != "soundfont"
    orchestra = Orchestra(timbres, timbre_model, seed, drift, drums) if invented else None
    jobs = plan(sources, out, names(formats), sound, orchestra, overwrite)
    if sheet is not None:
        check_sheet(jobs)
    count = min(workers or os.cpu_count() or 1, len(jobs))
    bar = tqdm(render_files(jobs, count), total=len(jobs), unit="song", disable=quiet or None)
    outcomes = list(bar)
    if sheet is not None:
        draw_contact_sheet(sources, sheet, overwrite)
    _tell(outcomes, quiet, as_json)


def _tell(outcomes: list[Outcome], quiet: bool, as_json: bool) -> None:
    written = [str(path) for outcome in outcomes for path in outcome.written]
    left_out = [outcome for outcome in outcomes if outcome.problem]
    remarks = [outcome.remark for outcome in outcomes if outcome.remark]
    seconds = sum(outcome.seconds for outcome in outcomes)
    if as_json:
        print_json(
            {
                "written": written,
                "seconds": round(seconds, 3),
                "remarks": remarks,
                "left_out": [
                    {"file": str(outcome.source), "reason": outcome.problem} for outcome in left_out
                ],
            }
        )
    elif written:
        length = f"{seconds / 60:.1f} minutes" if seconds >= 60 else f"{seconds:.1f} seconds"
        say(f"wrote {counted(len(written), 'file')}, {length} of sound", quiet)
    for remark in remarks:
        say(remark, quiet)
    for outcome in left_out:
        click.echo(f"musegan: {outcome.problem}", err=True)
    if len(left_out) > 1 or (left_out and len(outcomes) > 1):
        fail(
            f"left out {len(left_out)} of {len(outcomes)} songs",
            EXIT_INCOMPLETE if written else EXIT_ERROR,
        )
    if left_out:
        raise SystemExit(EXIT_ERROR)
