"""`musegan prepare`: a folder of music becomes a dataset."""

from __future__ import annotations

from pathlib import Path

import click

from musegan.cli import prepare_audio
from musegan.cli.common import plain_errors, say
from musegan.cli.options import json_option, quiet_option
from musegan.cli.preparing import (
    leave_out,
    licence_option,
    out_argument,
    overwrite_option,
    prepare_all,
    share_option,
    src_argument,
    tell_all,
    workers_option,
)

FILES_A_WORKER = 1000  # fewer are done before another process has started
MANY_STYLES = 64  # more are rather the names of songs than of styles


@click.group()
def command() -> None:
    """Turn a folder of music into a dataset to train on."""


command.add_command(prepare_audio.command, "audio")


@command.command()
@src_argument
@out_argument
@click.option("--bars", default=4, show_default=True, type=click.IntRange(1), help="Bars a phrase.")
@click.option(
    "--hop",
    default=1,
    show_default=True,
    type=click.IntRange(1),
    help="Bars from the start of one phrase to the next.",
)
@click.option(
    "--meter",
    default="4/4",
    show_default=True,
    help="The meter of the phrases; music in other meters is left out.",
)
@click.option(
    "--steps-per-beat",
    default=12,
    show_default=True,
    type=click.IntRange(1, 96),
    help="Steps a beat is divided in; 12 holds sixteenths and triplets.",
)
@click.option(
    "--ensemble",
    default="band",
    show_default=True,
    help="The tracks to fill: the name of one that ships, or a .yaml file.",
)
@click.option(
    "--min-tracks",
    default=1,
    show_default=True,
    type=click.IntRange(1),
    help="Tracks that must play in a phrase.",
)
@click.option(
    "--min-notes",
    default=8,
    show_default=True,
    type=click.IntRange(1),
    help="Notes a phrase must hold.",
)
@share_option("valid", "validate", "songs")
@share_option("test", "test", "songs")
@click.option("--style", help="Style of all files.  [default: the first folder under SRC]")
@click.option(
    "--style-csv",
    type=click.Path(path_type=Path),
    help="A table with a column of files, as they lie under SRC, and one of styles.",
)
@licence_option
@workers_option
@overwrite_option
@quiet_option
@json_option
@plain_errors
def midi(
    src: Path,
    out: Path,
    bars: int,
    hop: int,
    meter: str,
    steps_per_beat: int,
    ensemble: str,
    min_tracks: int,
    min_notes: int,
    valid: float,
    test: float,
    style: str | None,
    style_csv: Path | None,
    licence: str | None,
    workers: int | None,
    overwrite: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Cut the MIDI files under SRC into phrases, and write them as a dataset to OUT.

    Phrases begin at bar lines. Those that repeat another in any key or octave are dropped. Songs
    are shared out to train, valid and test by their notes, so that a song is always in the same
    one. Files that give no phrases are in OUT/skipped.csv, with the reason.

    A run that was stopped goes on when the same command is given again.

    \b
    Examples:
      musegan prepare midi songs/ dataset/
      musegan prepare midi pop909/ dataset/ --style pop --min-tracks 3
      musegan prepare midi groove/ drums/ --style-csv groove/info.csv --bars 2
      musegan prepare midi waltzes/ dataset/ --meter 3/4 --ensemble trio.yaml
    """
    from functools import partial

    from musegan.data.cutting import Cut
    from musegan.data.meters import parse_meter
    from musegan.errors import MuseganError
    from musegan.instruments import load_ensemble
    from musegan.pianoroll import Grid
    from pipelines.midi_to_pianorolls import prepare
    from pipelines.phrase_files import Settings
    from pipelines.sources import find_sources, read_styles

    if style is not None and style_csv is not None:
        raise click.UsageError("give either --style or --style-csv")
    try:
        beats, unit = parse_meter(meter)
        grid = Grid(beats, steps_per_beat, unit)
    except ValueError as problem:
        raise MuseganError(f"--meter {meter}: {problem}") from problem
    cut = Cut(bars, hop, min_tracks, min_notes)
    settings = Settings(load_ensemble(ensemble), grid, cut, valid, test)
    styles = read_styles(style_csv) if style_csv is not None else None
    sources = find_sources(src, style, styles, licence)
    work = partial(prepare, sources, out, settings)
    about = prepare_all(
        work, len(sources), out, workers, overwrite, quiet, files_a_worker=FILES_A_WORKER
    )
    songs = sum(style["songs"] for style in about["styles"].values())
    summary = f"{about['phrases']:,} phrases of {bars} bars from {songs:,} songs"
    tell_all(about, summary, out, quiet, as_json)
    if len(about["styles"]) > MANY_STYLES:
        say(
            f"{len(about['styles'])} styles, one for each folder: a model learns each as its own; "
            "to have them as one, start over with --style NAME --overwrite",
            quiet,
        )
    leave_out(about, out)
