"""`musegan inspect`: tells what is in a MIDI file, a folder of them, a dataset or a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from musegan.cli.common import EXIT_INCOMPLETE, fail, plain_errors, print_json
from musegan.cli.options import OutPicture, json_option, overwrite_option
from musegan.cli.telling import (
    dataset_lines,
    model_lines,
    song_lines,
    songs_lines,
    sounds_lines,
    timbres_lines,
)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--ensemble",
    default="band",
    show_default=True,
    help="The ensemble whose places tracks are given: a name, or the path of a .yaml file.",
)
@click.option("--png", type=OutPicture(), help="Also draw the MIDI file here.")
@overwrite_option
@json_option
@plain_errors
def command(path: Path, ensemble: str, png: Path | None, overwrite: bool, as_json: bool) -> None:
    """Tell what is in PATH: a MIDI file, a folder of them, a dataset, or a model.

    \b
    Examples:
      musegan inspect song.mid
      musegan inspect song.mid --png song.png
      musegan inspect my-midi/
      musegan inspect my-dataset --json
      musegan inspect runs/rock
    """
    from musegan.instruments import load_ensemble
    from pipelines import inspection

    kind = inspection.kind_of(path)
    if png is not None and kind != "song":
        raise click.UsageError(f"--png draws a MIDI file, and {path} is none")
    if kind == "dataset":
        told: Any = inspection.describe_dataset(path)
        lines = sounds_lines(told) if told.get("holds") == "sounds" else dataset_lines(told)
    elif kind == "model":
        told = inspection.describe_model(path)
        lines = timbres_lines(told) if told.get("kind") == "timbres" else model_lines(told)
    elif kind == "song":
        told = inspection.describe_song(path, load_ensemble(ensemble))
        lines = song_lines(told, ensemble)
    else:
        told = inspection.describe_songs(path, load_ensemble(ensemble))
        lines = songs_lines(told, path)
    if png is not None:
        from functools import partial

        from musegan.files import put
        from musegan.midi import read_midi
        from musegan.rendering.png import draw_song

        put(png, partial(draw_song, read_midi(path)), overwrite)
    if as_json:
        print_json(told)
    else:
        click.echo("\n".join(lines))
    unreadable = sum("problem" in song for song in told) if kind == "songs" else 0
    if unreadable:
        fail(f"{path}: {unreadable} of {len(told)} files cannot be read", EXIT_INCOMPLETE)
