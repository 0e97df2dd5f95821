"""What the verbs that complete a song share: their options, and how they go about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from musegan.cli.common import names, print_json, ready_model, say
from musegan.cli.options import (
    OutPath,
    device_option,
    model_option,
    overwrite_option,
    seed_option,
    style_option,
    temperature_option,
)

if TYPE_CHECKING:
    from musegan.composing.completion import Completion
    from musegan.composing.model import Model
    from musegan.song import Multitrack
    from pipelines.song_files import Written

Command = Callable[..., None]

OPTIONS = (
    model_option,
    style_option,
    click.option("--key", help="The song's, such as G, Em, F#m or Bb.  [default: listen for it]"),
    temperature_option,
    seed_option("Another number, other music; the same number, the same music."),
    click.option(
        "--count",
        default=1,
        show_default=True,
        type=click.IntRange(1, 1000),
        help="Ways to do it: with this seed, the next and so on, each in files of its own.",
    ),
    click.option(
        "--out",
        type=OutPath(),
        help="The file to write, or a folder for it.  [default: here, named after SONG and what "
        "was done]",
    ),
    click.option(
        "--format",
        "formats",
        help="Any of mid, wav, flac, ogg, png, by commas, beside each other.  [default: as --out]",
    ),
    click.option(
        "--ensemble",
        help="Rules that place the file's tracks: a name, or the path of a .yaml file.  "
        "[default: the model's]",
    ),
    device_option,
    overwrite_option,
)


def completing_options(verb: Command) -> Command:
    """Add the options that all verbs that complete a song have."""
    for option in reversed(OPTIONS):
        verb = option(verb)
    return verb


@dataclass(frozen=True)
class Options:
    """The options above, and what every verb has."""

    model_path: Path | None
    style: str | None
    key: str | None
    temperature: float
    seed: int
    count: int
    out: Path | None
    formats: str | None
    ensemble: str | None
    device: str
    overwrite: bool
    quiet: bool
    as_json: bool


def complete(
    prepare: Callable[..., Callable[[int], Completion]],
    song: Path,
    done: str,
    wish: dict[str, Any],
    options: Options,
) -> None:
    """Complete a song as the options say, write it, and tell what was done.

    Args:
        prepare: is given the model, the song, the `wish` and the musical options, and gives what
            completes the song with a seed; see `for_each_seed`.
        song: the MIDI file.
        done: what then was done to it, the end of its new name unless `out` says another.
        wish: what this verb alone is asked.
        options: see there.
    """
    import os

    import torch
    from tqdm import tqdm

    from musegan.composing.keys import parse_key
    from musegan.composing.songs import players
    from pipelines.song_files import complete_song, plan_files

    formats = names(options.formats)
    usual = f"{song.stem}-{done}" if formats else f"{song.stem}-{done}.mid"
    targets = plan_files(song, _file(options.out, usual), formats, options.count)
    model = ready_model(options.model_path, options.device, options.quiet)
    torch.set_num_threads(1)
    band = players(model.spec, options.ensemble)

    key = parse_key(options.key) if options.key is not None else None
    musical = {"style": options.style, "temperature": options.temperature, "key": key}

    def prepared(read: Multitrack) -> Callable[[int], Completion]:
        return prepare(model, read, ensemble=band, **musical, **wish)

    threads = min((os.cpu_count() or 1) if model.device.type == "cpu" else 1, options.count)
    ways = complete_song(song, prepared, targets, options.seed, threads, options.overwrite)
    hidden = options.quiet or options.count == 1 or None
    told = list(tqdm(ways, total=options.count, unit=" songs", disable=hidden))
    _tell(song, told, options)


def for_each_seed(
    function: Callable[..., Completion],
) -> Callable[..., Callable[[int], Completion]]:
    """Prepares nothing: `function` does all its work anew for every seed."""

    def prepare(model: Model, song: Multitrack, **wish: Any) -> Callable[[int], Completion]:
        return lambda seed: function(model, song, seed=seed, **wish)

    return prepare


def _file(out: Path | None, usual: str) -> Path:
    """The file to write: what has no ending is a folder for it."""
    if out is None:
        return Path(usual)
    return out / usual if out.is_dir() or not out.suffix else out


def _tell(song: Path, told: list[Written], options: Options) -> None:
    if options.as_json:
        ways = [
            {
                "seed": way.seed,
                "files": [str(file) for file in way.files],
                "made": way.made,
                "remarks": list(way.remarks),
            }
            for way in told
        ]
        print_json({"song": str(song), "written": ways})
    for way in told:
        counts = ", ".join(f"{notes} on {track}" for track, notes in way.made.items())
        new = f"new notes are {counts}" if counts else "no new notes"
        say(f"wrote {', '.join(map(str, way.files))}: {new}", options.quiet)
    for remark in _remarks(told):
        say(remark, options.quiet)


def _remarks(told: list[Written]) -> list[str]:
    """Each remark once; after the files of the ways it is on where it is not on all."""
    ways: dict[str, list[str]] = {}
    for way in told:
        for remark in dict.fromkeys(way.remarks):
            ways.setdefault(remark, []).append(str(way.files[0]))
    return [
        remark if len(files) == len(told) else f"{', '.join(files)}: {remark}"
        for remark, files in ways.items()
    ]
