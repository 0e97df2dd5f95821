"""Pictures of songs and phrases as PNG files."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from musegan.files import write_whole
from musegan.instruments import Ensemble, to_multitrack
from musegan.pianoroll import Phrases
from musegan.rendering.roll import draw_roll
from musegan.rendering.sheet import draw_sheet
from musegan.song import Multitrack


def draw_song(song: Multitrack, path: Path) -> None:
    """Write the piano-roll picture of a song as PNG; see `draw_roll`.

    Raises:
        MuseganError: the song holds no notes, or the file cannot be written.
    """
    save(draw_roll(song), path)


def draw_phrase(
    phrases: Phrases,
    index: int,
    ensemble: Ensemble,
    path: Path,
    *,
    bpm: float = 120.0,
    title: str = "",
) -> None:
    """Write the piano-roll picture of phrase `index` as PNG, with its silent bars.

    Raises:
        MuseganError: the phrase holds no notes, or the file cannot be written.
    """
    song = to_multitrack(phrases, index, ensemble, bpm)
    save(draw_roll(song, title, phrases.bars), path)


def contact_sheet(
    songs: Sequence[Multitrack],
    path: Path,
    captions: Sequence[str] = (),
    *,
    title: str = "",
) -> None:
    """Write many songs small on one page as PNG; see `draw_sheet`.

    Raises:
        MuseganError: there is no song, or the file cannot be written.
    """
    save(draw_sheet(songs, captions, title), path)


def save(image: Image.Image, path: Path) -> None:
    """Write a picture as PNG.

    Raises:
        MuseganError: the file cannot be written.
    """
    stream = BytesIO()
    image.save(stream, "PNG", optimize=False, compress_level=6)
    write_whole(path, stream.getvalue())
