"""`musegan prepare`: a folder of music becomes a dataset."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from musegan.cli.common import (
    EXIT_INCOMPLETE,
    EXIT_INTERRUPTED,
    fail,
    json_option,
    plain_errors,
    print_json,
    quiet_option,
    say,
)

MANY_STYLES = 64  # more are rather the names of songs than of styles
FILES_A_WORKER = 1000  # fewer are done before another process has started


@click.group()
def command() -> None:
    """Turn a folder of music into a dataset to train on."""


def _meter(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)/(\d+)", value)
    if match is None:
        raise click.BadParameter(f"'{value}' is not a meter such as 4/4 or 6/8")
    return int(match[1]), int(match[2])


@command.command()
@click.argument("src", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
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
    callback=_meter,
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
@click.option(
    "--valid",
    default=0.1,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Share of songs to validate on.",
)
@click.option(
    "--test",
    default=0.1,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Share of songs to test on.",
)
@click.option("--style", help="Style of all files.  [default: the first folder under SRC]")
@click.option(
    "--style-csv",
    type=click.Path(path_type=Path),
    help="A table with a column of files, as they lie under SRC, and one of styles.",
)
@click.option("--licence", help="Licence of all files.  [default: the nearest licence file's text]")
@click.option(
    "--workers",
    type=click.IntRange(1),
    help=f"Processes.  [default: one for every {FILES_A_WORKER} files, as far as there are cores]",
)
@click.option("--overwrite", is_flag=True, help="Begin anew where OUT holds a dataset.")
@quiet_option
@json_option
@plain_errors
def midi(
    src: Path,
    out: Path,
    bars: int,
    hop: int,
    meter: tuple[int, int],
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
    import os

    from tqdm import tqdm

    from musegan.data.cutting import Cut
    from musegan.errors import MuseganError
    from musegan.instruments import load_ensemble
    from musegan.pianoroll import Grid
    from pipelines.midi_to_pianorolls import prepare
    from pipelines.phrase_files import Settings
    from pipelines.sources import find_sources, read_styles

    if style is not None and style_csv is not None:
        raise click.UsageError("give either --style or --style-csv")
    try:
        grid = Grid(meter[0], steps_per_beat, meter[1])
    except ValueError as problem:
        raise MuseganError(f"--meter {meter[0]}/{meter[1]}: {problem}") from problem
    cut = Cut(bars, hop, min_tracks, min_notes)
    settings = Settings(load_ensemble(ensemble), grid, cut, valid, test)
    styles = read_styles(style_csv) if style_csv is not None else None
    sources = find_sources(src, style, styles, licence)
    worth = min(os.cpu_count() or 1, 1 + len(sources) // FILES_A_WORKER)
    try:
        with tqdm(total=len(sources), unit=" files", disable=quiet or None) as bar:

            def progress(done: int, total: int) -> None:
                bar.update(done - bar.n)

            about = prepare(
                sources,
                out,
                settings,
                workers=workers or worth,
                overwrite=overwrite,
                progress=progress,
            )
    except KeyboardInterrupt:
        fail(f"{out}: stopped; the same command goes on from here", EXIT_INTERRUPTED)
    if as_json:
        print_json({name: value for name, value in about.items() if name != "licences"})
    _tell(about, out, quiet)
    if about["unreadable"]:
        message = f"{out}: left out {about['unreadable']} files that cannot be read"
        fail(f"{message}; {out / 'skipped.csv'} tells why", EXIT_INCOMPLETE)


def _tell(about: dict[str, Any], out: Path, quiet: bool) -> None:
    styles, splits = about["styles"], about["splits"]
    songs = sum(style["songs"] for style in styles.values())
    shares = ", ".join(f"{name} {count:,}" for name, count in splits.items())
    say(
        f"{out}: {about['phrases']:,} phrases of {about['bars']} bars from {songs:,} songs "
        f"({shares}); {about['duplicates']:,} repeats dropped",
        quiet,
    )
    if about["skipped"]:
        tells = f"{out / 'skipped.csv'} tells why"
        say(f"{about['skipped']:,} of {about['files']:,} files gave none; {tells}", quiet)
    if len(styles) > MANY_STYLES:
        say(
            f"{len(styles)} styles, one for each folder: a model learns each as its own; "
            "to have them as one, start over with --style NAME --overwrite",
            quiet,
        )
