"""`musegan extend`: a model carries a phrase on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from musegan.cli.common import plain_errors
from musegan.cli.completing import Options, complete, completing_options, for_each_seed
from musegan.cli.options import json_option, quiet_option


@click.command()
@click.argument("song", type=click.Path(path_type=Path))
@click.option(
    "--bars",
    required=True,
    type=click.IntRange(1),
    help="Bars of the whole, its pick-up not counted.",
)
@click.option(
    "--form",
    help="Its sections, such as AABA: SONG begins the first, equal letters repeat.  "
    "[default: on and on]",
)
@completing_options
@quiet_option
@json_option
@plain_errors
def command(song: Path, bars: int, form: str | None, **options: Any) -> None:
    """Carry SONG, a MIDI file, on to a number of bars and an ending.

    What is there stays note for note; what follows keeps its key, its tempo and its tracks.

    \b
    Examples:
      musegan extend phrase.mid --bars 16
      musegan extend phrase.mid --bars 32 --form AABA --count 4 --out songs
      musegan extend phrase.mid --bars 24 --form ABA --key Em --format mid,wav
    """
    from musegan.composing.extending import extend

    wish = {"bars": bars, "form": form}
    complete(for_each_seed(extend), song, "extended", wish, Options(**options))
