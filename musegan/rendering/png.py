"""Pictures of songs and phrases: as PNG files, and as arrays for whoever shows them."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from musegan.files import write_whole
from musegan.instruments import Ensemble, to_multitrack
from musegan.pianoroll import Phrases
from musegan.rendering.roll import draw_roll
from musegan.rendering.sheet import draw_sheet
from musegan.song import Multitrack

Pixels = NDArray[np.uint8]


def draw_song(song: Multitrack, path: Path, title: str | None = None) -> None:
    """Write the piano-roll picture of a song as PNG; see `draw_roll`.

    Raises:
        MuseganError: the song holds no notes, or the file cannot be written.
    """
    save(draw_roll(song, title), path)


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


def phrase_array(
    phrases: Phrases, index: int, ensemble: Ensemble, *, bpm: float = 120.0, title: str = ""
) -> Pixels:
    """The picture of `draw_phrase` as (height, width, 3) uint8."""
    song = to_multitrack(phrases, index, ensemble, bpm)
    return _pixels(draw_roll(song, title, phrases.bars))


def song_array(song: Multitrack, title: str | None = None) -> Pixels:
    """The picture of `draw_song` as (height, width, 3) uint8."""
    return _pixels(draw_roll(song, title))


def contact_sheet(
    songs: Sequence[Multitrack],
    path: Path,
    captions: Sequence[str] = (),
    *,
    title: str = "",
    bars: int = 4,
    columns: int = 4,
) -> None:
    """Write many songs small on one page as PNG; see `draw_sheet`.

    Raises:
        MuseganError: there is no song, or the file cannot be written.
    """
    save(draw_sheet(songs, captions, title, bars, columns), path)


def contact_sheet_array(
    phrases: Phrases,
    ensemble: Ensemble,
    captions: Sequence[str] = (),
    *,
    title: str = "",
    columns: int = 4,
) -> Pixels:
    """All phrases small on one page, (height, width, 3) uint8; a strip a track of the ensemble.

    The size depends on how many phrases and tracks there are and on nothing else.
    """
    songs = [to_multitrack(phrases, index, ensemble) for index in range(len(phrases))]
    names = [(track.name, track.is_drum) for track in ensemble.tracks]
    return _pixels(draw_sheet(songs, captions, title, phrases.bars, columns, names))


def save(image: Image.Image, path: Path) -> None:
    """Write a picture as PNG.

    Raises:
        MuseganError: the file cannot be written.
    """
    stream = BytesIO()
    image.save(stream, "PNG", optimize=False, compress_level=6)
    write_whole(path, stream.getvalue())


def _pixels(image: Image.Image) -> Pixels:
    return np.asarray(image, np.uint8)
