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
    """The writers of `formats`, in the order of `FORMATS` and each once.

    Raises:
        MuseganError: a format is unknown, or there is none.
    """
    wanted = set(formats)
    known = ", ".join(FORMATS)
    if not wanted:
        raise MuseganError(f"no format to write: there are {known}")
    for name in sorted(wanted - set(FORMATS)):
        raise MuseganError(f"no format '{name}': there are {known}")
    return {name: write for name, write in FORMATS.items() if name in wanted}
