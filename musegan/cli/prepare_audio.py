"""`musegan prepare audio`: a folder of recordings becomes a dataset."""

from __future__ import annotations

from pathlib import Path

import click

from musegan.cli.common import plain_errors
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


@click.command()
@src_argument
@out_argument
@click.option("--rate", default=16_000, show_default=True, help="Samples a second.")
@click.option(
    "--seconds",
    default=1.024,
    show_default=True,
    help="How long each sound is, from its onset.",
)
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    help="A table with columns of files, as they lie under SRC, of instruments and of pitches. "
    "[default: such a .csv in SRC; else the folders and names of the files]",
)
@share_option("valid", "validate", "pitches")
@share_option("test", "test", "pitches")
@licence_option
@workers_option
@overwrite_option
@quiet_option
@json_option
@plain_errors
def command(
    src: Path,
    out: Path,
    rate: int,
    seconds: float,
    labels: Path | None,
    valid: float,
    test: float,
    licence: str | None,
    workers: int | None,
    overwrite: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Cut the recordings under SRC to notes that begin alike, and write them as a dataset to OUT.

    Reads WAV, AIFF, FLAC, Ogg and MP3, a note or a drum hit each, of any rate, length and number
    of channels. Notes are shared out to train, valid and test by instrument and pitch, drum hits
    one by one. Files that give no sound are in OUT/skipped.csv, with the reason; those that clearly
    sound in another pitch than they are said to, octaves aside, are kept, and in OUT/doubtful.csv.

    A run that was stopped goes on when the same command is given again.

    \b
    Examples:
      musegan prepare audio notes/ dataset/
      musegan prepare audio notes/ dataset/ --rate 24000 --seconds 2
      musegan prepare audio samples/ dataset/ --labels samples/list.csv
      musegan prepare audio drum-hits/ drums/ --valid 0.2 --test 0
    """
    from functools import partial

    from pipelines.audio_to_spectrograms import prepare
    from pipelines.sound_files import SoundSettings
    from pipelines.sound_sources import find_sounds, find_table, read_labels

    table = labels or find_table(src)
    sources = find_sounds(src, read_labels(table) if table is not None else None, licence)
    pitched = any(item.pitch is not None for item in sources)
    settings = SoundSettings(pitched, rate, seconds, valid, test)
    work = partial(prepare, sources, out, settings)
    about = prepare_all(work, len(sources), out, workers, overwrite, quiet)
    count = len(about["instruments"])
    instruments = "1 instrument" if count == 1 else f"{count} instruments"
    kind = "" if pitched else ", all without a pitch"
    summary = f"{about['sounds']:,} sounds of {seconds:g} s of {instruments}{kind}"
    tell_all(about, summary, out, quiet, as_json)
    leave_out(about, out)
