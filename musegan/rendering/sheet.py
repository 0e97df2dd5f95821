"""A contact sheet: many songs small on one page, each a strip a track, with captions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from musegan.errors import MuseganError
from musegan.rendering import colours
from musegan.rendering.bars import Bar, song_bars
from musegan.rendering.colours import Colour, note_colour, track_colours
from musegan.rendering.lettering import face, fitted, write
from musegan.song import Multitrack, Notes

COLUMNS = 4
CELL = 384
GAP = 24
MARGIN = 28
CAPTION = 24
LEGEND = 22
STRIP = 34  # height of a pitched track, pixels
DRUM_STRIP = 22
OWN_STRIPS = 192  # height of a song that has strips of its own
MOST_SHARED = 8
LEAST_PITCHES = 17

Name = tuple[str, bool]
"""A track's name, and whether it is drums."""


class Strip(NamedTuple):
    """Where the tracks of one name are drawn in a cell."""

    name: Name
    colour: Colour
    top: int
    height: int


def draw_sheet(
    songs: Sequence[Multitrack],
    captions: Sequence[str] = (),
    title: str = "",
    bars: int = 4,
    strips: Sequence[Name] = (),
) -> Image.Image:
    """Many songs on a page, RGB: `bars` bars of each, from the first that sounds if it is longer.

    Songs of few track names share their strips and a legend; others have strips of their own.

    Args:
        songs: one or more.
        captions: a line below each; missing ones are the songs' numbers, from 1.
        title: the line at the top.
        bars: bars of each song that are drawn.
        strips: the tracks to draw; none means the songs' own.

    Raises:
        MuseganError: there is no song.
    """
    if not songs:
        raise MuseganError("no songs to draw on a contact sheet")
    shared = _shared_strips(songs, strips)
    cells = [shared or _own_strips(song) for song in songs]
    inside = max(each.top + each.height for part in cells for each in part)
    wide = min(COLUMNS, len(songs))
    tall = -(-len(songs) // wide)
    cell = inside + CAPTION
    head = MARGIN + (34 if title else 0) + (LEGEND + 12 if shared else 0)
    size = (2 * MARGIN + wide * CELL + (wide - 1) * GAP, head + tall * (cell + GAP) + MARGIN - GAP)
    image = Image.new("RGB", size, colours.PAPER)
    draw = ImageDraw.Draw(image)
    if title:
        write(draw, (MARGIN, MARGIN + 18), title, 22, width=size[0] - 2 * MARGIN)
    _draw_legend(draw, shared, head - 20, size[0] - MARGIN)
    for number, (song, own) in enumerate(zip(songs, cells, strict=True)):
        left = MARGIN + number % wide * (CELL + GAP)
        top = head + number // wide * (cell + GAP)
        _draw_cell(draw, song, own, (left, top, inside), bars)
        caption = captions[number] if number < len(captions) else str(number + 1)
        write(draw, (left, top + cell - 7), caption, 13, colours.PALE_INK, width=CELL)
    return image


def _shared_strips(songs: Sequence[Multitrack], names: Sequence[Name]) -> list[Strip]:
    """The strips all songs have in common; none where their tracks are too many."""
    found = names or list(dict.fromkeys(name for song in songs for name in _names(song)))
    if len(found) > MOST_SHARED and not names:
        return []
    return _stacked(found or [("", False)], [DRUM_STRIP if drum else STRIP for _, drum in found])


def _own_strips(song: Multitrack) -> list[Strip]:
    names = _names(song) or [("", False)]
    edges = np.linspace(0, OWN_STRIPS, len(names) + 1).astype(int)
    return _stacked(names, np.diff(edges).tolist())


def _names(song: Multitrack) -> list[Name]:
    return list(dict.fromkeys((t.name, t.is_drum) for t in song.tracks if len(t.notes)))


def _stacked(names: Sequence[Name], heights: Sequence[int]) -> list[Strip]:
    heights = heights or [STRIP]
    palette = track_colours([name for name, _ in names], [drum for _, drum in names])
    tops = np.cumsum([0, *heights]).tolist()
    return [Strip(*row) for row in zip(names, palette, tops, heights, strict=False)]


def _draw_legend(draw: ImageDraw.ImageDraw, strips: Sequence[Strip], y: int, right: int) -> None:
    x = MARGIN
    for strip in strips:
        label = fitted(strip.name[0] or "unnamed", 14, 140)
        width = 18 + round(face(14).getlength(label))
        if x + width > right:
            return
        draw.rectangle((x, y - 9, x + 11, y + 2), strip.colour)
        write(draw, (x + 18, y + 2), label, 14)
        x += width + 22


def _draw_cell(
    draw: ImageDraw.ImageDraw,
    song: Multitrack,
    strips: Sequence[Strip],
    place: tuple[int, int, int],
    bars: int,
) -> None:
    left, top, height = place
    right = left + CELL - 1
    shown = _first_bars(song, bars)
    start, end = shown[0].start, shown[-1].end
    for strip in strips[::2]:
        y = top + strip.top
        draw.rectangle((left, y, right, y + strip.height - 1), colours.SHADED_ROW)
    for bar in shown:
        line = left + round((bar.start - start) * (CELL - 1) / (end - start))
        draw.line((line, top, line, top + height - 1), colours.OCTAVE_LINE)
    for strip in strips:
        for track in song.tracks:
            if (track.name, track.is_drum) == strip.name:
                here = track.notes[(track.notes.start < end) & (track.notes.end > start)]
                _draw_strip(draw, here, strip, (left, top), (start, end))
    draw.rectangle((left, top, right, top + height - 1), outline=colours.BAR_LINE)


def _first_bars(song: Multitrack, count: int) -> list[Bar]:
    every = song_bars(song, count)
    begin = min((int(t.notes.start.min()) for t in song.tracks if len(t.notes)), default=0)
    first = next((number for number, bar in enumerate(every) if bar.end > begin), 0)
    first = min(first, len(every) - count)
    return every[first : first + count]


def _draw_strip(
    draw: ImageDraw.ImageDraw,
    notes: Notes,
    strip: Strip,
    place: tuple[int, int],
    span: tuple[int, int],
) -> None:
    """The notes between two ticks, spread over their strip from the lowest to the highest."""
    if not len(notes):
        return
    left, top = place
    start, end = span
    low, high = int(notes.pitch.min()), int(notes.pitch.max())
    lacking = max(0, LEAST_PITCHES - 1 - (high - low))
    thick = 3 if strip.height > 15 else 2
    step = max(0, strip.height - thick - 2) / (high - low + lacking)
    bottom = top + strip.top + strip.height - thick - 1
    y = np.rint(bottom - (notes.pitch - low + lacking / 2) * step).astype(int).tolist()
    edges = np.clip([notes.start, notes.end], start, end) - start
    from_x, to_x = (left + np.rint(edges * (CELL - 1) / (end - start)).astype(int)).tolist()
    for row, velocity in enumerate(notes.velocity.tolist()):
        right = max(from_x[row] + 2, to_x[row] - 1)
        box = (from_x[row], y[row], right - 1, y[row] + thick - 1)
        draw.rectangle(box, note_colour(strip.colour, velocity))
