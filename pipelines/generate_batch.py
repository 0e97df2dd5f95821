"""Phrases from a model to files, by the thousand: stable names, a manifest, and a way to go on.

    model ─compose─> Phrases ─to_multitrack─> song ─writers─> MIDI, audio, pictures + manifest.json

Phrase i depends on the settings and i alone, so what a killed run left undone is made as if
nothing had happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from musegan import __version__
from musegan.composing.keys import parse_key
from musegan.composing.retelling import untell
from musegan.composing.swing import in_groove
from musegan.data.meters import dotted, parse_meter
from musegan.errors import MuseganError
from musegan.files import alone_in, put
from musegan.instruments import Ensemble, to_multitrack
from musegan.pianoroll import Phrases
from musegan.rendering.png import contact_sheet
from musegan.song import Multitrack
from pipelines.manifest import Manifest, remove_batch, sha256
from pipelines.workers import in_order
from pipelines.writers import Writer

SHEET = "contact-sheet.png"
SHEET_PHRASES = 64  # what fits a page that can still be read

Compose = Callable[[int, int], Iterable[Phrases]]
"""(first, count) -> the phrases first..first + count - 1, in parts of any size."""


@dataclass(frozen=True)
class Settings:
    """What decides the bytes of a batch, as its manifest tells them.

    Attributes:
        model: the model's name.
        model_sha256: the hash of its weights.
        seed: from which, with the phrase's number, all chance is drawn.
        style: the style asked for; nothing means any.
        tracks: the tracks asked for, in the ensemble's order; nothing means the style's.
        tempo: quarter notes a minute.
        formats: file suffixes, MIDI's `mid` among them or not.
        temperature: how daring, 1 as trained.
        key: the key asked for, such as `F#m`; nothing means any.
        best_of: candidates of which each phrase was the best.
        original: the hash of the dataset that no phrase may copy from, if any.
        bars: bars of each piece; nothing means phrases of the model's length.
        form: the sections of each piece, such as `AABA`; nothing means one.
        meter: such as `3/4`; nothing means the model's.
        musegan: the version of this library.
    """

    model: str
    model_sha256: str
    seed: int
    style: str | None
    tracks: tuple[str, ...] | None
    tempo: float
    formats: tuple[str, ...]
    temperature: float = 1.0
    key: str | None = None
    best_of: int = 1
    original: str | None = None
    bars: int | None = None
    form: str | None = None
    meter: str | None = None
    musegan: str = __version__


@dataclass(frozen=True)
class Outcome:
    """What a batch run did.

    Attributes:
        manifest: the finished record.
        made: phrases written by this run.
        kept: phrases that an earlier run had written already.
        silent: phrases without a note, which get no files; counted in `made` and `kept` too.
    """

    manifest: Path
    made: int
    kept: int
    silent: int


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
    advance: Callable[[int], object] = lambda phrases: None,
) -> Outcome:
    """Write phrases 0..count - 1 to `out`, one file a writer, named by seed and number.

    With `png` among the writers the first phrases are drawn on one contact sheet too.

    Memory does not grow with `count`. A run that was stopped goes on when asked for the same
    again, and a finished batch grows when asked for more.

    Args:
        compose: makes phrases, see `Compose`.
        ensemble: the phrases' tracks.
        settings: what the manifest tells of the batch.
        count: phrases, >= 1.
        out: the folder, made if need be.
        writers: a function a file suffix; with `workers` > 1 they must be importable or partial.
        workers: processes that write; 1 writes in this one, as does MIDI alone at any number.
        overwrite: remove the batch that `out` holds first, and replace what else is in the way.
        advance: told how many more phrases are in place.

    Raises:
        MuseganError: `count` is below 1, `out` is no folder, another run writes there, it holds
            another batch, or a phrase or a contact sheet that was changed since, or writing failed,
            as on a full disk.
    """
    if count < 1:
        raise MuseganError(f"a batch needs a count of 1 or more, not {count}")
    if out.exists() and not out.is_dir():
        raise MuseganError(f"{out}: is a file; name a folder for the batch")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with alone_in(out):
            if overwrite:
                remove_batch(out)
                (out / SHEET).unlink(missing_ok=True)
            _sweep(out)
            with Manifest(out, asdict(settings), count) as manifest:
                advance(manifest.kept)
                songs = _songs(compose, ensemble, settings, manifest.missing())
                processes = 1 if set(writers) <= {"mid"} else workers
                for index, files in in_order(
                    partial(_write, out, writers, overwrite), songs, processes
                ):
                    manifest.add(index, files)
                    advance(1)
                others = {}
                if "png" in writers:
                    front = _songs(compose, ensemble, settings, [(0, min(count, SHEET_PHRASES))])
                    sheet = out / SHEET
                    ours = sheet.is_file() and sha256(sheet) == manifest.others.get(SHEET)
                    others[SHEET] = _draw_sheet([song for *_, song in front], settings, sheet, ours)
                made = count - manifest.kept
                return Outcome(manifest.finish(others), made, manifest.kept, manifest.silent)
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
    key = None if settings.key is None else parse_key(settings.key)
    meter = None if settings.meter is None else parse_meter(settings.meter)
    thirds = meter is not None and dotted(meter[0])
    for first, count in runs:
        index = first
        for part in compose(first, count):
            part = in_groove(part, part, thirds) if thirds else part
            for row in range(len(part)):
                name = stem(settings.seed, index)
                song = to_multitrack(part, row, ensemble, settings.tempo, key, name)
                yield index, name, untell(song, meter, part.grid) if meter else song
                index += 1


def _sweep(out: Path) -> None:
    """Remove the unfinished files that a killed run left beside their names."""
    for pattern in (".phrase-*", f".{SHEET}.*"):
        for leftover in out.glob(pattern):
            leftover.unlink()


def _draw_sheet(
    songs: Sequence[Multitrack], settings: Settings, path: Path, overwrite: bool
) -> str:
    """Draw the contact sheet; its SHA-256."""
    parts = (settings.model, settings.style or "any style", f"{settings.tempo:g} bpm")
    names, title = [song.name for song in songs], ", ".join(parts)
    put(path, lambda sheet: contact_sheet(songs, sheet, names, title=title), overwrite)
    return sha256(path)


def _write(
    out: Path, writers: Mapping[str, Writer], overwrite: bool, job: tuple[int, str, Multitrack]
) -> tuple[int, dict[str, str]]:
    """Write one phrase in every format; its number and the SHA-256 of each file.

    A phrase without a note gets no files: nothing is there to hear or see.
    """
    index, name, song = job
    files = {}
    for suffix, write in writers.items() if song.note_count() else ():
        path = out / f"{name}.{suffix}"
        put(path, partial(write, song), overwrite)
        files[path.name] = sha256(path)
    return index, files
