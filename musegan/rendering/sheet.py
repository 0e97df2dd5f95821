"""A contact sheet: many songs small on one page, each a strip a track, with captions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from musegan.errors import MuseganError
from musegan.rendering import colours
from musegan.rendering.bars import song_bars
from musegan.rendering.colours import Colour, note_colour, track_colours
from musegan.rendering.lettering import face, fitted, plain, write
from musegan.song import Multitrack, Notes

CELL = 384
GAP = 24
MARGIN = 28
CAPTION = 24
LEGEND = 22
STRIP = 34  # height of a pitched track, pixels
DRUM_STRIP = 22
MOST_STRIPS = 12
LEAST_PITCHES = 17


def draw_sheet(
    songs: Sequence[Multitrack],
    captions: Sequence[str] = (),
    title: str = "",
    bars: int = 4,
    columns: int = 4,
    strips: Sequence[tuple[str, bool]] = (),
) -> Image.Image:
    """Many songs on a page, RGB: the first `bars` bars of each, tracks of one name in one strip.

    Args:
        songs: one or more.
        captions: a line below each; missing ones are the songs' numbers, from 1.
        title: the line at the top.
        bars: bars of each song that are drawn.
        columns: pictures side by side.
        strips: name of each track to draw and whether it is drums; none means the songs' own.

    Raises:
        MuseganError: there is no song.
    """
    if not songs:
        raise MuseganError("no songs to draw on a contact sheet")
    strips = strips or _strips(songs)
    wide = min(columns, len(songs))
    tall = -(-len(songs) // wide)
    cell = sum(_strip_height(drum) for _, drum in strips) + CAPTION
    head = MARGIN + (34 if title else 0) + LEGEND + 12
    size = (2 * MARGIN + wide * CELL + (wide - 1) * GAP, head + tall * (cell + GAP) + MARGIN - GAP)
    image = Image.new("RGB", size, colours.PAPER)
    draw = ImageDraw.Draw(image)
    palette = track_colours([name for name, _ in strips], [drum for _, drum in strips])
    if title:
        write(draw, (MARGIN, MARGIN + 18), title, 22, width=size[0] - 2 * MARGIN)
    _draw_legend(draw, [name for name, _ in strips], palette, head - 20, size[0] - MARGIN)
    for number, song in enumerate(songs):
        place = (
            MARGIN + number % wide * (CELL + GAP),
            head + number // wide * (cell + GAP),
        )
        _draw_cell(draw, song, strips, palette, place, bars)
        caption = captions[number] if number < len(captions) else str(number + 1)
        write(draw, (place[0], place[1] + cell - 7), caption, 13, colours.PALE_INK, width=CELL)
    return image


def _strips(songs: Sequence[Multitrack]) -> list[tuple[str, bool]]:
    """The tracks of all songs, drums or not, each name once and the most common of many."""
    counts: dict[tuple[str, bool], int] = {}
    for song in songs:
        for strip in dict.fromkeys((t.name, t.is_drum) for t in song.tracks):
            counts[strip] = counts.get(strip, 0) + 1
    common = sorted(counts, key=lambda strip: -counts[strip])[:MOST_STRIPS]
    return [strip for strip in counts if strip in common] or [("", False)]


def _strip_height(is_drum: bool) -> int:
    return DRUM_STRIP if is_drum else STRIP


def _draw_legend(
    draw: ImageDraw.ImageDraw, names: list[str], palette: list[Colour], y: int, right: int
) -> None:
    x = MARGIN
    for name, colour in zip(names, palette, strict=True):
        label = fitted(name or "unnamed", 14, 140)
        width = 18 + round(face(14).getlength(plain(label)))
        if x + width > right:
            return
        draw.rectangle((x, y - 9, x + 11, y + 2), colour)
        write(draw, (x + 18, y + 2), label, 14)
        x += width + 22


def _draw_cell(
    draw: ImageDraw.ImageDraw,
    song: Multitrack,
    strips: Sequence[tuple[str, bool]],
    palette: list[Colour],
    place: tuple[int, int],
    bars: int,
) -> None:
    left, top = place
    shown = song_bars(song, bars)[:bars]
    scale = (CELL - 1) / shown[-1].end
    lines = [left + round(bar.start * scale) for bar in shown] + [left + CELL - 1]
    bottom = top + sum(_strip_height(drum) for _, drum in strips)
    y = top
    for number, (_, is_drum) in enumerate(strips):
        height = _strip_height(is_drum)
        if number % 2 == 0:
            draw.rectangle((left, y, left + CELL - 1, y + height - 1), colours.SHADED_ROW)
        y += height
    for line in lines:
        draw.line((line, top, line, bottom - 1), colours.OCTAVE_LINE)
    y = top
    for strip, colour in zip(strips, palette, strict=True):
        height = _strip_height(strip[1])
        for track in song.tracks:
            if (track.name, track.is_drum) == strip and len(track.notes):
                inside = track.notes[track.notes.start < shown[-1].end]
                _draw_strip(draw, inside, colour, (left, y, height), scale)
        y += height
    draw.rectangle((left, top, left + CELL - 1, bottom - 1), outline=colours.BAR_LINE)


def _draw_strip(
    draw: ImageDraw.ImageDraw,
    notes: Notes,
    colour: Colour,
    place: tuple[int, int, int],
    scale: float,
) -> None:
    """A track's notes spread over its strip from the lowest to the highest."""
    if not len(notes):
        return
    left, top, height = place
    low, high = int(notes.pitch.min()), int(notes.pitch.max())
    lacking = max(0, LEAST_PITCHES - 1 - (high - low))
    bottom = low - lacking / 2
    step = (height - 5) / (high - low + lacking)
    y = np.rint(top + height - 4 - (notes.pitch - bottom) * step).astype(int)
    x0 = left + np.rint(notes.start * scale).astype(int)
    x1 = np.minimum(left + CELL - 1, left + np.rint(notes.end * scale).astype(int))
    for row, velocity in enumerate(notes.velocity.tolist()):
        right = max(int(x0[row]) + 2, int(x1[row]) - 1)
        box = (int(x0[row]), int(y[row]), right - 1, int(y[row]) + 2)
        draw.rectangle(box, note_colour(colour, velocity))
