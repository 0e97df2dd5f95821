"""`musegan accompany`: a model writes the tracks that a song lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from musegan.cli.common import names, plain_errors
from musegan.cli.completing import Options, complete, completing_options, for_each_seed
from musegan.cli.options import json_option, quiet_option


@click.command()
@click.argument("song", type=click.Path(path_type=Path))
@click.option(
    "--keep",
    help="Tracks that stay, by commas: those of a part (lead,drums), or one of the file's tracks, "
    "by its name or number, given a part (Voice=lead,2=bass).  [default: all]",
)
@click.option("--make", help="Parts to write, by commas.  [default: all that are not kept]")
@completing_options
@quiet_option
@json_option
@plain_errors
def command(song: Path, keep: str | None, make: str | None, **options: Any) -> None:
    """Write the tracks that SONG, a MIDI file, lacks.

    What is kept comes back note for note. A track without a name goes by its number, as in
    2=lead; `musegan inspect` tells the part that each track has by itself. Bars of 5/4, 7/8 and
    the like get no new notes.

    \b
    Examples:
      musegan accompany melody.mid --keep Voice=lead --out band.mid
      musegan accompany song.mid --keep lead,drums --make bass,piano --style pop --key Em
      musegan accompany song.mid --keep lead --count 4 --format mid,wav --out ideas.mid
    """
    from musegan.composing.accompany import accompany

    wish = {"keep": names(keep), "make": names(make)}
    complete(for_each_seed(accompany), song, "accompanied", wish, Options(**options))
