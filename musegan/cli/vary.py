"""`musegan vary`: a model varies a phrase, from near to far."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from musegan.cli.common import names, plain_errors, progress_of
from musegan.cli.completing import Options, complete, completing_options
from musegan.cli.options import json_option, quiet_option


@click.command()
@click.argument("song", type=click.Path(path_type=Path))
@click.option(
    "--amount",
    default=0.3,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="How far: 0 is the song itself, 1 a new one for the same tracks and bars.",
)
@click.option("--tracks", help="Tracks that vary, by commas; the others stay.  [default: all]")
@completing_options
@quiet_option
@json_option
@plain_errors
def command(song: Path, amount: float, tracks: str | None, **options: Any) -> None:
    """Vary SONG, a MIDI file of a phrase or a few.

    A share of its bars is made anew on some track each, like what was there for a small --amount
    and unlike it for a large one; all others stay note for note. Every four bars take some seconds
    to get to know, however many variations follow.

    \b
    Examples:
      musegan vary phrase.mid --count 8 --out variations
      musegan vary phrase.mid --amount 0.7 --count 4 --format mid,png --out far
      musegan vary phrase.mid --tracks drums,bass --seed 3 --out groove.mid
    """
    from musegan.composing.varying import variations

    heard = progress_of("learning the song", options["quiet"])
    wish = {"amount": amount, "tracks": names(tracks), "heard": heard}
    complete(variations, song, "varied", wish, Options(**options))
