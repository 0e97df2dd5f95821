"""The recordings under a folder, each with its instrument and pitch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from musegan.audio.reading import SUFFIXES
from musegan.errors import MuseganError
from musegan.midi.names import pitch_of
from pipelines.found_files import find_files, read_table, same_name

COLUMNS = {
    "files": ("file", "filename", "path"),
    "instruments": ("instrument", "kind", "timbre", "class"),
    "pitches": ("midi_pitch", "pitch", "note", "midi"),
}
Label = tuple[str, int | None]

# `cello-036-1`, and `guitar_acoustic_001-060-100` as in NSynth: a MIDI number, then another
_NUMBER = re.compile(r"[-_](\d{3})[-_]\d+$")
# `As2` as the Philharmonia's recordings have it, and `A0v1`, with how hard it was struck
_NOTE = re.compile(r"(?:^|[-_ .])([A-G][#♯sb♭]?-?\d)(?=$|[-_ .]|v\d)")
_SIGNS = str.maketrans("♯s♭", "##b")
_COUNTER = re.compile(r"[-_ .]*\d*$")


@dataclass(frozen=True)
class SoundSource:
    """A recording to be read.

    Attributes:
        path: where it is.
        name: its path under the source folder, with forward slashes.
        instrument: what plays; "" where that is not known.
        pitch: what it plays, 0..127, None where that is not known.
        licence: its licence, or the path of the licence file under the source folder; may be "".
        licence_file: that file, None where the licence was told or there is none.
    """

    path: Path
    name: str
    instrument: str
    pitch: int | None
    licence: str
    licence_file: Path | None


def find_sounds(
    folder: Path, labels: dict[str, Label] | None = None, licence: str | None = None
) -> list[SoundSource]:
    """The audio files under a folder in the order of their names.

    Args:
        folder: where to look.
        labels: instrument and pitch by file, from `read_labels`; files it does not name have none.
            None takes them from folders and names, see `label_of_name`.
        licence: of all files; None is the nearest licence file above each.

    Raises:
        MuseganError: the folder is none, or holds no audio file, or none of those in the table.
    """
    found = []
    for path, name, home, terms, text in find_files(folder, SUFFIXES, "audio", licence):
        if labels is not None:
            instrument, pitch = labels.get(name, ("", None))
        else:
            instrument, pitch = label_of_name(name, home)
        found.append(SoundSource(path, name, instrument, pitch, terms, text))
    if not any(item.instrument for item in found):
        raise MuseganError(f"{folder}: the table of labels has none of its files ({found[0].name})")
    return found


def label_of_name(name: str, home: str) -> Label:
    """Instrument and pitch as a file's path tells them.

    The first folder is the instrument; of a file that lies in none, what its name says before the
    pitch or a number. The pitch is a note such as `C#4`, also written `Cs4`, or a MIDI number of
    three digits before another number.
    """
    stem = name.rsplit("/")[-1].rpartition(".")[0]
    number, note = _NUMBER.search(stem), _NOTE.search(stem)
    pitch = int(number[1]) if number else pitch_of(note[1].translate(_SIGNS)) if note else None
    if pitch is not None and pitch > 127:
        pitch = None
    if "/" in name:
        return home, pitch
    match = number or note or _COUNTER.search(stem)
    return (stem[: match.start()] if match else stem) or home, pitch


def find_table(folder: Path) -> Path | None:
    """The first table right in a folder that has columns of files and of instruments."""
    for table in sorted(folder.glob("*.csv")):
        try:
            read_table(table, COLUMNS, optional=["pitches"])
        except MuseganError:
            continue
        return table
    return None


def read_labels(table: Path) -> dict[str, Label]:
    """Instrument and pitch by file from a CSV with a header.

    Pitches are MIDI numbers or names such as C#4; the column, or a cell of it, may be missing.

    Raises:
        MuseganError: the table is no text, lacks a column, or a pitch is none.
    """
    labels = {}
    for row in read_table(table, COLUMNS, optional=["pitches"]):
        pitch = pitch_of(row["pitches"])
        if row["pitches"] and pitch is None:
            raise MuseganError(
                f"{table}: the pitch '{row['pitches']}' of {row['files']} is neither 0 to 127 nor "
                "a note such as C#4"
            )
        labels[same_name(row["files"])] = (row["instruments"], pitch)
    return labels
