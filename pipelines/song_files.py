"""A song completed in one or several ways, and the files of it.

MIDI ─read_midi─> song ─accompany, infill─> Completion ─writers─> MIDI, audio, pictures
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from musegan.composing.completion import Completion
from musegan.errors import MuseganError
from musegan.midi import read_midi
from musegan.song import Multitrack
from pipelines.workers import in_threads
from pipelines.writers import FORMATS, choose_writers

Complete = Callable[[Multitrack, int], Completion]
"""(song, seed) -> the song completed."""


@dataclass(frozen=True)
class Written:
    """A way in which a song was completed.

    Attributes:
        seed: the seed it was made with.
        files: what was written.
        made: how many notes are new, by track.
        remarks: what the musician should know.
    """

    seed: int
    files: tuple[Path, ...]
    made: dict[str, int]
    remarks: tuple[str, ...]


def complete_song(
    source: Path,
    complete: Complete,
    targets: Sequence[Sequence[Path]],
    seed: int,
    threads: int = 1,
) -> Iterator[Written]:
    """Complete a song with `seed`, `seed + 1` and so on, and write each to its files.

    Args:
        source: a MIDI file.
        complete: what is done with the song.
        targets: the files of each completion, see `plan_files`.
        seed: of the first.
        threads: completions made side by side.

    Raises:
        MuseganError: the song cannot be read or completed, or a file cannot be written.
    """
    song = read_midi(source)

    def one(number: int) -> Completion:
        try:
            return complete(song, seed + number)
        except MuseganError as problem:
            raise MuseganError(f"{source}: {problem}") from None

    made = in_threads(one, range(len(targets)), threads)
    for number, (completion, paths) in enumerate(zip(made, targets, strict=True)):
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            FORMATS[_suffix(path)](completion.song, path)
        yield Written(seed + number, tuple(paths), completion.made, completion.remarks)


def plan_files(
    source: Path, out: Path, formats: Sequence[str] | None, count: int
) -> list[list[Path]]:
    """The files to write, a list for each of `count` completions.

    `out` names them; with `formats` its ending is replaced, and of several completions each has
    its number before it.

    Raises:
        MuseganError: `out` is a folder, has no ending that can be written, or is `source`; a
            format is unknown.
    """
    if out.is_dir():
        raise MuseganError(f"{out}: a folder; name a file, such as {out / 'song.mid'}")
    if formats is None and _suffix(out) not in FORMATS:
        raise MuseganError(f"{out}: ends in none of {', '.join(FORMATS)}, which can be written")
    endings = [out.suffix] if formats is None else [f".{name}" for name in choose_writers(formats)]
    stem = out.with_suffix("") if _suffix(out) in FORMATS else out
    width = len(str(count))
    numbers = [""] if count == 1 else [f"-{number:0{width}}" for number in range(1, count + 1)]
    targets = [
        [stem.with_name(f"{stem.name}{number}{ending}") for ending in endings] for number in numbers
    ]
    if any(path.resolve() == source.resolve() for paths in targets for path in paths):
        raise MuseganError(f"{source}: would be overwritten; name another file with --out")
    return targets


def _suffix(path: Path) -> str:
    return path.suffix.lower().removeprefix(".")
