"""MIDI files -> sound files and pictures, many at a time.

MIDI file ─render_wave─> waveform ─write_audio─> WAV, FLAC, Ogg    and ─draw_song─> PNG
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from musegan.errors import MuseganError
from musegan.files import put
from musegan.midi import read_midi
from musegan.rendering.audio_file import AUDIO_FORMATS, write_audio
from musegan.rendering.png import contact_sheet, draw_song
from musegan.rendering.wave import Sound, Wave, check_sound, render_wave
from musegan.song import Multitrack
from pipelines.orchestra import (
    Orchestra,
    check_orchestra,
    check_tracks,
    remark_on,
    voices_of,
)
from pipelines.sources import find_sources
from pipelines.workers import in_order
from pipelines.writers import beside, check_formats, ending_of

FORMATS = (*AUDIO_FORMATS, "png")
MOST_ON_A_SHEET = 240


@dataclass(frozen=True)
class Job:
    """A MIDI file and what to make of it.

    Attributes:
        source: the MIDI file.
        targets: the files to make, told apart by extension.
        sound: how it is to sound.
        orchestra: which tracks timbres play, or None.
        overwrite: replace files that are there and would change.
    """

    source: Path
    targets: tuple[Path, ...]
    sound: Sound
    orchestra: Orchestra | None = None
    overwrite: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a job.

    Attributes:
        source: the MIDI file.
        written: the files that were made.
        seconds: the length of its sound; 0 where only a picture was asked for.
        problem: why the rest was not made, in a line; empty when all is well.
        remark: what is not as one may expect, in a line; empty when all is.
    """

    source: Path
    written: tuple[Path, ...]
    seconds: float
    problem: str = ""
    remark: str = ""


def plan(
    sources: Sequence[Path],
    out: Path,
    formats: Sequence[str] | None,
    sound: Sound,
    orchestra: Orchestra | None = None,
    overwrite: bool = False,
) -> list[Job]:
    """A job for each source file and for each MIDI file in each source folder.

    Files lie in `out` as they do in their folder; for one song `out` may also be a file, see
    `beside`. No formats are WAV, or what the file is.

    Raises:
        MuseganError: a format, a source, the sound or the orchestra is of no use, two files would
            become one, or `out` is a file and does not go with the formats or with so many songs.
    """
    files = beside(out, formats, FORMATS) if out.suffix and not out.is_dir() else ()
    if files and (len(sources) > 1 or sources[0].is_dir()):
        raise MuseganError(f"{out}: a file, and those are for one song; name a folder")
    wanted = ("wav",) if formats is None else formats
    chosen = check_formats(map(ending_of, files) if files else wanted, FORMATS)
    if set(chosen) & set(AUDIO_FORMATS):
        check_sound(sound)
    if orchestra is not None:
        check_orchestra(orchestra)
    makers: dict[Path, Path] = {}
    jobs = []
    for source, name in _found(sources):
        targets = files or tuple((out / name).with_suffix(f".{each}") for each in chosen)
        other = makers.setdefault(targets[0], source)
        if other != source:
            raise MuseganError(
                f"{source} and {other} would both become {targets[0]}; render them one by one"
            )
        jobs.append(Job(source, targets, sound, orchestra, overwrite))
    if orchestra is not None:
        check_tracks(_readable(job.source for job in jobs), orchestra)
    return jobs


def render_files(jobs: Iterable[Job], workers: int) -> Iterator[Outcome]:
    """What becomes of each job, in order; a file that cannot be used does not stop the others."""
    return in_order(render_file, jobs, workers)


def render_file(job: Job) -> Outcome:
    """Make the files of one job, making its sound once for all of them."""
    written: list[Path] = []
    wave, remark = None, ""
    try:
        for target in job.targets:
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.suffix.lower() == ".png":
                write: Callable[[Path], None] = partial(draw_song, read_midi(job.source))
            else:
                if wave is None:
                    wave, remark = _sounded(job)
                write = partial(write_audio, wave, job.sound.sample_rate)
            put(target, write, job.overwrite)
            written.append(target)
        problem = ""
    except MuseganError as error:
        problem = str(error)
    except OSError as error:
        problem = f"{error.filename}: cannot be written ({error.strerror}); write elsewhere"
    heard = wave is not None and any(path.suffix.lower() != ".png" for path in written)
    seconds = len(wave) / job.sound.sample_rate if wave is not None and heard else 0.0
    return Outcome(job.source, tuple(written), seconds, problem, remark)


def _sounded(job: Job) -> tuple[Wave, str]:
    """The sound of a job, and a remark on who plays."""
    if job.orchestra is None:
        return render_wave(job.source, job.sound), ""
    song, name = read_midi(job.source), str(job.source)
    wave = render_wave(song, job.sound, voices_of(song, job.orchestra, name))
    return wave, remark_on(song, job.orchestra, name)


def check_sheet(jobs: Sequence[Job]) -> None:
    """See that the songs of some jobs fit on a contact sheet.

    Raises:
        MuseganError: there are too many.
    """
    if len(jobs) > MOST_ON_A_SHEET:
        raise MuseganError(
            f"{len(jobs)} songs, more than a contact sheet holds ({MOST_ON_A_SHEET}); "
            "give fewer or leave out --sheet"
        )


def draw_contact_sheet(sources: Sequence[Path], path: Path, overwrite: bool = False) -> None:
    """A contact sheet of the first bars of all MIDI files that can be read, if there are any.

    Raises:
        MuseganError: it cannot be written, or is another already.
    """
    songs, captions = [], []
    for file, name in _found(sources):
        for song in _readable([file]):
            songs.append(song)
            captions.append(Path(name).with_suffix("").as_posix())
    if songs:
        put(path, lambda sheet: contact_sheet(songs, sheet, captions), overwrite)


def _readable(files: Iterable[Path]) -> Iterator[Multitrack]:
    """The songs of files, as far as they can be read; who renders the others tells why not."""
    for file in files:
        with suppress(MuseganError):
            yield read_midi(file)


def _found(sources: Sequence[Path]) -> list[tuple[Path, str]]:
    """Each MIDI file there is, with its name, once."""
    return list(dict.fromkeys(found for path in sources for found in _midi_files(path)))


def _midi_files(source: Path) -> list[tuple[Path, str]]:
    """A file with its name, or the MIDI files in a folder with their paths in it."""
    if source.is_dir():
        return [(found.path, found.name) for found in find_sources(source)]
    return [(source, source.name)]
