"""Phrases from a model to files, by the thousand: stable names, a manifest, and a way to go on.

    model ─compose─> Phrases ─to_multitrack─> song ─writers─> MIDI, audio, pictures + manifest.json

Phrase i depends on the settings and i alone, so what a killed run left undone is made as if
nothing had happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from musegan import __version__
from musegan.errors import MuseganError
from musegan.instruments import Ensemble, to_multitrack
from musegan.pianoroll import Phrases
from musegan.song import Multitrack
from pipelines.manifest import Manifest, remove_batch, sha256
from pipelines.workers import in_order

Compose = Callable[[int, int], Iterable[Phrases]]
"""(first, count) -> the phrases first..first + count - 1, in parts of any size."""

Writer = Callable[[Multitrack, Path], None]


@dataclass(frozen=True)
class Settings:
    """What decides the bytes of a batch, as its manifest tells them.

    Attributes:
        model: the model's name.
        model_sha256: the hash of its weights.
        seed: from which, with the phrase's number, all chance is drawn.
        style: the style asked for; nothing means any.
        tracks: the tracks asked for, in the ensemble's order.
        tempo: quarter notes a minute.
        formats: file suffixes, MIDI's `mid` among them or not.
        musegan: the version of this library.
    """

    model: str
    model_sha256: str
    seed: int
    style: str | None
    tracks: tuple[str, ...]
    tempo: float
    formats: tuple[str, ...]
    musegan: str = __version__


@dataclass(frozen=True)
class Outcome:
    """What a batch run did.

    Attributes:
        manifest: the finished record.
        made: phrases written by this run.
        kept: phrases that an earlier run had written already.
    """

    manifest: Path
    made: int
    kept: int


def generate_batch(
    compose: Compose,
    ensemble: Ensemble,
    settings: Settings,
    count: int,
    out: Path,
    writers: Mapping[str, Writer],
    *,
    workers: int = 1,
    overwrite: bool = False,
    advance: Callable[[int], None] = lambda phrases: None,
) -> Outcome:
    """Write phrases 0..count - 1 to `out`, one file a writer, named by seed and number.

    Memory does not grow with `count`. A run that was stopped goes on when asked for the same
    again, and a finished batch grows when asked for more.

    Args:
        compose: makes phrases, see `Compose`.
        ensemble: the phrases' tracks.
        settings: what the manifest tells of the batch.
        count: phrases, >= 1.
        out: the folder, made if need be.
        writers: a function a file suffix; with `workers` > 1 they must be importable or partial.
        workers: processes that write; 1 writes in this one.
        overwrite: remove the batch that `out` holds first.
        advance: told how many more phrases are in place.

    Raises:
        MuseganError: `count` is below 1, `out` is no folder or holds another batch, or writing
            failed, as on a full disk.
    """
    if count < 1:
        raise MuseganError(f"a batch needs a count of 1 or more, not {count}")
    if out.exists() and not out.is_dir():
        raise MuseganError(f"{out}: is a file; name a folder for the batch")
    try:
        out.mkdir(parents=True, exist_ok=True)
        if overwrite:
            remove_batch(out)
        with Manifest(out, asdict(settings), count) as manifest:
            advance(manifest.kept)
            songs = _songs(compose, ensemble, settings, manifest.missing())
            for index, files in in_order(partial(_write, out, writers), songs, workers):
                manifest.add(index, files)
                advance(1)
            return Outcome(manifest.finish(), count - manifest.kept, manifest.kept)
    except OSError as problem:
        raise MuseganError(
            f"{problem.filename or out}: {problem.strerror or problem}; "
            "what is finished is kept, run the same again to go on"
        ) from problem


def stem(seed: int, index: int) -> str:
    """The name of a phrase's files without suffix: it sorts, and tells how to make it again."""
    return f"phrase-{seed:04d}-{index:06d}"


def _songs(
    compose: Compose,
    ensemble: Ensemble,
    settings: Settings,
    runs: Iterable[tuple[int, int]],
) -> Iterator[tuple[int, str, Multitrack]]:
    for first, count in runs:
        index = first
        for part in compose(first, count):
            for row in range(len(part)):
                name = stem(settings.seed, index)
                song = to_multitrack(part, row, ensemble, settings.tempo, name=name)
                yield index, name, song
                index += 1


def _write(
    out: Path, writers: Mapping[str, Writer], job: tuple[int, str, Multitrack]
) -> tuple[int, dict[str, str]]:
    """Write one phrase in every format; its number and the SHA-256 of each file."""
    index, name, song = job
    files = {}
    for suffix, write in writers.items():
        path = out / f"{name}.{suffix}"
        write(song, path)
        files[path.name] = sha256(path)
    return index, files
