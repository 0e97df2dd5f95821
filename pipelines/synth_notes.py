"""Notes over instruments, pitches and players: each an audio file, and a sheet of all.

wishes ─plan_notes─> notes ─play─> waveform ─write_audio─> WAV, FLAC, Ogg    and ─draw─> sheet
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musegan.composing.timbres import (
    Instrument,
    Timbres,
    between,
    finished,
    make_instrument,
    usual_pitch,
)
from musegan.errors import MuseganError
from musegan.files import put
from musegan.midi.names import pitch_name, pitch_of
from musegan.rendering.audio_file import AUDIO_FORMATS, write_audio
from musegan.rendering.spectrogram_sheet import write_sound_sheet
from pipelines.writers import check_formats

MOST_ON_A_SHEET = 60
PITCH = r"([A-Ga-g][#b]?-?\d|\d+)"
RANGE = re.compile(rf"{PITCH}(?:\s*-\s*{PITCH})?")

Wave = NDArray[np.float32]


@dataclass(frozen=True)
class Wish:
    """Which notes are wanted: all pitches of each instrument by each player.

    Attributes:
        instruments: names or mixes.
        pitches: MIDI pitches, names and ranges, such as `60`, `C4,E4,G4` or `C3-C5`; None is one
            that each instrument reaches, C4 where it can.
        players: how many players of each instrument.
        seed: the first player's.
        seconds: how long each note is held; None is as notes were learnt.
        towards: a name or mix that each instrument turns into by steps, or None.
        steps: how many, the ends with them.
        variety: how much players differ; 0 is the most usual.
    """

    instruments: tuple[str, ...]
    pitches: str | None = None
    players: int = 1
    seed: int = 0
    seconds: float | None = None
    towards: str | None = None
    steps: int = 5
    variety: float = 1.0


@dataclass(frozen=True)
class PlannedNote:
    """A note to be made: the name of its file, and who plays it."""

    name: str
    instrument: Instrument
    pitch: int


def plan_notes(timbres: Timbres, wish: Wish) -> tuple[list[PlannedNote], list[str]]:
    """The notes that a wish asks for; of hits, which have no pitch, one for each player.

    Returns:
        The notes, and for each instrument that does not reach all pitches a line that says so.

    Raises:
        MuseganError: an unknown instrument, a pitch that is none, pitches for hits, or there is
            nothing that can be played.
    """
    pitched = timbres.spec.pitched
    if wish.pitches is not None and not pitched:
        raise MuseganError(f"{timbres.spec.name}: hits have no pitch; leave out the pitches")
    notes: list[PlannedNote] = []
    left_out: list[str] = []
    for name, player, instrument, pitches in _parts(timbres, wish):
        low, high = instrument.range
        reached = [pitch for pitch in pitches if low <= pitch <= high]
        notes += [
            PlannedNote(_name(name, pitch if pitched else None, player), instrument, pitch)
            for pitch in reached
        ]
        if len(reached) < len(pitches):
            left_out.append(_beyond(name, instrument, pitches))
    left_out = list(dict.fromkeys(left_out))  # players of an instrument reach alike
    if not notes:
        raise MuseganError("; ".join(left_out))
    return notes, left_out


def read_pitches(text: str) -> list[int]:
    """The pitches in a list such as `60`, `C4,E4,G4` or `C3-C5`.

    Raises:
        MuseganError: a part of it is no pitch.
    """
    pitches: list[int] = []
    for part in text.split(","):
        found = RANGE.fullmatch(part.strip())
        ends = [pitch_of(end) for end in found.groups() if end] if found else [None]
        known = [end for end in ends if end is not None]
        if len(known) < len(ends) or known[-1] < known[0]:
            raise MuseganError(f"no pitch '{part.strip()}': give 60, C4, a range C3-C5, or a list")
        pitches += range(known[0], known[-1] + 1)
    return list(dict.fromkeys(pitches))


def make_notes(
    notes: Sequence[PlannedNote],
    seconds: float | None,
    out: Path,
    extension: str,
    overwrite: bool = False,
) -> Iterator[tuple[Path, Wave]]:
    """Write each note to `out` with its peak at -1 dBFS, and give file and waveform.

    Raises:
        MuseganError: no such format, or a file cannot be written, or is another already and not to
            be replaced.
    """
    check_formats([extension], AUDIO_FORMATS)
    out.mkdir(parents=True, exist_ok=True)
    for note in notes:
        wave = finished(note.instrument.play(note.pitch, seconds), note.instrument.rate)
        path = out / f"{note.name}.{extension}"
        put(path, partial(write_audio, wave[:, None], note.instrument.rate), overwrite)
        yield path, wave


def check_sheet(notes: Sequence[PlannedNote]) -> None:
    """See that notes fit on a sheet.

    Raises:
        MuseganError: there are too many.
    """
    if len(notes) > MOST_ON_A_SHEET:
        raise MuseganError(
            f"{len(notes)} notes, more than a sheet holds ({MOST_ON_A_SHEET}); "
            "give fewer or leave out --sheet"
        )


def draw_notes(
    notes: Sequence[PlannedNote], waves: Sequence[Wave], path: Path, overwrite: bool = False
) -> None:
    """A sheet of the notes' spectrograms, see `check_sheet`.

    Raises:
        MuseganError: it cannot be written, or is another already and not to be replaced.
    """
    rate, names = notes[0].instrument.rate, [note.name for note in notes]
    put(path, lambda sheet: write_sound_sheet(waves, rate, sheet, names), overwrite)


def _parts(timbres: Timbres, wish: Wish) -> Iterator[tuple[str, int, Instrument, list[int]]]:
    """Name, player and instrument of all that play, and the pitches that each is to play."""
    pitches = None if wish.pitches is None else read_pitches(wish.pitches)
    for mix in wish.instruments:
        for player in range(wish.seed, wish.seed + wish.players):
            players = _players(timbres, mix, player, wish)
            usual = usual_pitch([instrument for _, instrument in players])
            for name, instrument in players:
                yield name, player, instrument, pitches or [usual]


def _players(timbres: Timbres, mix: str, player: int, wish: Wish) -> list[tuple[str, Instrument]]:
    one = make_instrument(timbres, mix, player, wish.variety)
    if wish.towards is None:
        return [(file_name(mix), one)]
    other = make_instrument(timbres, wish.towards, player, wish.variety)
    ends = f"{file_name(mix)}-to-{file_name(wish.towards)}"
    return [
        (f"{ends}-{step:02d}", between(one, other, step / max(1, wish.steps - 1)))
        for step in range(wish.steps)
    ]


def _name(name: str, pitch: int | None, player: int) -> str:
    if pitch is None:
        return f"{name}-{player}"
    return f"{name}-{pitch:03d}-{pitch_name(pitch)}-{player}"


def _beyond(name: str, instrument: Instrument, pitches: Sequence[int]) -> str:
    low, high = instrument.range
    missed = [f"{pitch_name(pitch)} ({pitch})" for pitch in pitches if not low <= pitch <= high]
    return (
        f"{', '.join(missed)} {'is' if len(missed) == 1 else 'are'} out of the range of {name}: "
        f"{pitch_name(low)}-{pitch_name(high)} ({low}-{high})"
    )


def file_name(mix: str) -> str:
    """A mix as part of a file's name."""
    return "+".join(part.replace(":", "").strip() for part in mix.split(","))
