"""The formats a batch can be written in: what a file suffix stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from musegan.errors import MuseganError
from musegan.midi import write_midi
from musegan.rendering.audio_file import render_audio
from musegan.rendering.png import draw_song
from musegan.song import Multitrack

Writer = Callable[[Multitrack, Path], None]

FORMATS: dict[str, Writer] = {
    "mid": write_midi,
    "wav": render_audio,
    "flac": render_audio,
    "ogg": render_audio,
    "png": draw_song,
}


def choose_writers(formats: Iterable[str]) -> dict[str, Writer]:
    """The writers of `formats`, see `check_formats`."""
    return {name: FORMATS[name] for name in check_formats(formats, FORMATS)}


def check_formats(formats: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """The formats asked for, in the order of those known and each once.

    Raises:
        MuseganError: a format is unknown, or there is none.
    """
    wanted, there = set(formats), tuple(known)
    if not wanted:
        raise MuseganError(f"no format to write: there are {', '.join(there)}")
    for name in sorted(wanted - set(there)):
        raise MuseganError(f"no format '{name}': there are {', '.join(there)}")
    return tuple(name for name in there if name in wanted)


def check_ending(path: Path, known: Iterable[str]) -> str:
    """The format that the name of a file ends in.

    Raises:
        MuseganError: it is none of those known.
    """
    ending, there = ending_of(path), tuple(known)
    if ending not in there:
        raise MuseganError(f"{path}: ends in none of {', '.join(there)}, which can be written")
    return ending


def beside(out: Path, formats: Iterable[str] | None, known: Iterable[str]) -> tuple[Path, ...]:
    """The files of one song, a format each, where `out` names one of them or all but their ending.

    Raises:
        MuseganError: a format is unknown; the ending is, where no format is given; or the formats
            are without it.
    """
    known = tuple(known)
    if formats is None:
        check_ending(out, known)
        return (out,)
    chosen = check_formats(formats, known)
    ending = ending_of(out)
    if ending not in known:
        return tuple(out.with_name(f"{out.name}.{name}") for name in chosen)
    if ending not in chosen:
        raise MuseganError(
            f"{out}: ends in {ending}, but the format is to be {', '.join(chosen)}; "
            f"name it {out.stem}.{chosen[0]}, or ask for {ending} too"
        )
    return tuple(out if name == ending else out.with_suffix(f".{name}") for name in chosen)


def ending_of(path: Path) -> str:
    """What the name of a file ends in, in lower case and without the dot."""
    return path.suffix.lower().removeprefix(".")
