"""A song completed in one or several ways, and the files of it.

MIDI ─read_midi─> song ─accompany, infill─> Completion ─splice_midi─> MIDI ─> audio, pictures

What the file holds beside its notes, such as pedals and bends, is in the new one too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from musegan.composing.completion import Completion
from musegan.errors import MuseganError
from musegan.files import put, write_whole
from musegan.midi import midi_bytes, read_midi
from musegan.midi.splicing import splice_midi
from musegan.rendering.audio_file import AUDIO_FORMATS, render_audio
from musegan.song import Multitrack
from pipelines.workers import in_threads
from pipelines.writers import FORMATS, beside, ending_of

Prepare = Callable[[Multitrack], Callable[[int], Completion]]
"""What gets to know a song, and then completes it with any seed."""


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
    prepare: Prepare,
    targets: Sequence[Sequence[Path]],
    seed: int,
    threads: int = 1,
    overwrite: bool = False,
) -> Iterator[Written]:
    """Complete a song with `seed`, `seed + 1` and so on, and write each to its files.

    Args:
        source: a MIDI file.
        prepare: what is done with the song, see `Prepare`.
        targets: the files of each completion, see `plan_files`.
        seed: of the first.
        threads: completions made side by side.
        overwrite: replace files that are there and would change.

    Raises:
        MuseganError: the song cannot be read or completed, or a file cannot be written or is
            another already.
    """
    song, data = read_midi(source), source.read_bytes()
    with named(source):
        complete = prepare(song)

    def one(number: int) -> tuple[Completion, bytes]:
        with named(source):
            completion = complete(seed + number)
            return completion, spliced(data, song, completion)

    made = in_threads(one, range(len(targets)), threads)
    for number, ((completion, midi), paths) in enumerate(zip(made, targets, strict=True)):
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            put(path, partial(write_file, midi, completion.song), overwrite)
        yield Written(seed + number, tuple(paths), completion.made, completion.remarks)


@contextmanager
def named(source: Path | str) -> Iterator[None]:
    """Put the file's name, or the names of several, before what is wrong with their songs."""
    try:
        yield
    except MuseganError as problem:
        raise MuseganError(f"{source}: {problem}") from None


def spliced(data: bytes, song: Multitrack, completion: Completion) -> bytes:
    """The MIDI file `data`, which holds `song`, with the notes of its completion.

    Raises:
        MuseganError: MIDI has too few channels for the new tracks.
    """
    staying = [n for n in range(len(song.tracks)) if n not in completion.left_out]
    tracks = completion.song.tracks
    notes = {n: track.notes for n, track in zip(staying, tracks, strict=False)}
    new = tracks[len(staying) :]
    made = splice_midi(data, song, notes, new, completion.remade, completion.song.tempos)
    return made or midi_bytes(completion.song)


def write_file(midi: bytes, song: Multitrack, path: Path) -> None:
    """Write a song as the format that the path's ending names, whole or not at all.

    Args:
        midi: the song as a MIDI file.
        song: the same as notes.
        path: ends in one of `FORMATS`.

    Raises:
        MuseganError: the file cannot be written.
    """
    ending = ending_of(path)
    if ending == "mid":
        write_whole(path, midi)
    elif ending in AUDIO_FORMATS:
        with TemporaryDirectory() as folder:
            heard = Path(folder) / "song.mid"
            heard.write_bytes(midi)
            render_audio(heard, path)
    else:
        FORMATS[ending](song, path)


def plan_files(
    source: Path, out: Path, formats: Sequence[str] | None, count: int
) -> list[list[Path]]:
    """The files to write, a list for each of `count` completions.

    `out` names them, see `beside`; of several completions each has its number before the ending.

    Raises:
        MuseganError: `out` is a folder or `source`, or does not go with `formats`.
    """
    if out.is_dir():
        raise MuseganError(f"{out}: a folder; name a file, such as {out / 'song.mid'}")
    files, width = beside(out, formats, FORMATS), len(str(count))
    numbers = [""] if count == 1 else [f"-{number:0{width}}" for number in range(1, count + 1)]
    targets = [
        [path.with_name(f"{path.stem}{number}{path.suffix}") for path in files]
        for number in numbers
    ]
    if any(path.resolve() == source.resolve() for paths in targets for path in paths):
        raise MuseganError(f"{source}: would be overwritten; name another file with --out")
    return targets
