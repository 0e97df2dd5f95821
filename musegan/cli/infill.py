"""`musegan infill`: a model remakes some bars of some tracks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from musegan.cli.common import names, plain_errors
from musegan.cli.completing import Options, complete, completing_options, for_each_seed
from musegan.cli.options import json_option, quiet_option


@click.command()
@click.argument("song", type=click.Path(path_type=Path))
@click.option("--bars", required=True, help="Bars to remake, from 1 on: 5-8 or 5-8,13.")
@click.option(
    "--tracks",
    help="Tracks to remake, by commas: those of a part (piano,bass), or one of the file's tracks "
    "given a part (Keys=piano).  [default: all]",
)
@completing_options
@quiet_option
@json_option
@plain_errors
def command(song: Path, bars: str, tracks: str | None, **options: Any) -> None:
    """Remake some bars of some tracks of SONG, a MIDI file; nothing else changes.

    Bars are counted as the file's meters have it. Notes that began before the bars sound on.

    \b
    Examples:
      musegan infill song.mid --bars 5-8 --tracks piano,bass
      musegan infill song.mid --bars 12 --tracks drums --seed 3 --out fill.mid
      musegan infill song.mid --bars 5-8,13-16 --tracks Keys=piano --count 4 --out try.mid
    """
    from musegan.composing.infill import infill, read_bars

    wish = {"bars": read_bars(bars), "tracks": names(tracks)}
    complete(for_each_seed(infill), song, "infilled", wish, Options(**options))
