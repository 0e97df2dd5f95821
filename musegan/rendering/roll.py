"""A song as a piano-roll picture: a lane a track, in systems of some bars under each other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from musegan.errors import MuseganError
from musegan.rendering import colours
from musegan.rendering.bars import Bar, song_bars
from musegan.rendering.lanes import Lane, song_lanes
from musegan.rendering.lettering import write
from musegan.song import Multitrack

ROLL_WIDTH = 1360
MARGIN = 28
NAMES = 132  # width of the column of track names
KEYS = 84  # width of the column of pitches and drums
TITLE = 52
BAR_NUMBERS = 22
LANE_GAP = 7
SYSTEM_GAP = 26
DRUM_ROW = 14
TALLEST = 24_000  # pixels: what viewers still open
MOST_LANES = 64
CLOSEST_LINES = 7  # pixels between lines that are drawn


@dataclass(frozen=True)
class System:
    """A line of the picture: bars side by side, with the lanes that play in them."""

    bars: list[Bar]
    first_number: int
    lanes: list[Lane]


def draw_roll(song: Multitrack, title: str | None = None, bars: int = 1) -> Image.Image:
    """The picture of a song, RGB; a short one on one system, a long one on many.

    Args:
        song: what to draw.
        title: the line above it; None is the song's name.
        bars: the least number of bars to draw.

    Raises:
        MuseganError: the song holds no notes, or far too many tracks.
    """
    lanes = song_lanes(song)
    name = title if title is not None else song.name
    if not lanes:
        raise MuseganError(f"{name or 'song'}: holds no notes to draw")
    if len(lanes) > MOST_LANES:
        raise MuseganError(f"{name or 'song'}: {len(lanes)} tracks; a picture has room for 64")
    all_bars = song_bars(song, bars)
    row = 7 if len(all_bars) <= 8 else 5
    systems = _systems(all_bars, lanes, row)
    height = TITLE + sum(_height(system, row) + SYSTEM_GAP for system in systems)
    image = Image.new("RGB", (2 * MARGIN + NAMES + KEYS + ROLL_WIDTH, height), colours.PAPER)
    draw = ImageDraw.Draw(image)
    _draw_title(draw, song, name, len(all_bars), image.width)
    longest = max(system.bars[-1].end - system.bars[0].start for system in systems)
    top = TITLE
    for system in systems:
        _draw_system(draw, system, top, ROLL_WIDTH / longest, row)
        top += _height(system, row) + SYSTEM_GAP
    return image


def _systems(bars: list[Bar], lanes: list[Lane], row: int) -> list[System]:
    """The bars cut into systems, 8 or 16 each, or as many as keep the picture within bounds."""
    tallest = sum(_lane_height(lane, row) + LANE_GAP for lane in lanes) + BAR_NUMBERS + SYSTEM_GAP
    fewest = -(-len(bars) // max(1, (TALLEST - TITLE) // tallest))
    each = max(8 if len(bars) <= 64 else 16, fewest)
    systems = []
    for first in range(0, len(bars), each):
        part = bars[first : first + each]
        playing = [lane for lane in lanes if len(_within(lane, part))]
        systems.append(System(part, first + 1, playing or lanes[:1]))
    return systems


def _within(lane: Lane, bars: list[Bar]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Indices of the lane's notes that sound in the bars."""
    notes = lane.notes
    sounding = (notes.start < bars[-1].end) & (notes.end > bars[0].start)
    return np.flatnonzero(sounding)


def _lane_height(lane: Lane, row: int) -> int:
    return len(lane.pitches) * (DRUM_ROW if lane.is_drum else row)


def _height(system: System, row: int) -> int:
    lanes = sum(_lane_height(lane, row) + LANE_GAP for lane in system.lanes)
    return BAR_NUMBERS + lanes - LANE_GAP


def _draw_title(
    draw: ImageDraw.ImageDraw, song: Multitrack, name: str, bars: int, width: int
) -> None:
    write(draw, (MARGIN, 34), name, 22, width=width * 0.7)
    meter = song.meters[0] if song.meters else None
    bpm = song.tempos[0].bpm if song.tempos else 120
    facts = [
        f"{meter.numerator}/{meter.denominator}" if meter else "4/4",
        f"{bpm:.0f} bpm",
        f"{bars} bar{'s' if bars > 1 else ''}",
    ]
    write(draw, (width - MARGIN, 34), " · ".join(facts), 15, colours.PALE_INK, "rs")


def _draw_system(
    draw: ImageDraw.ImageDraw, system: System, top: int, scale: float, row: int
) -> None:
    left = MARGIN + NAMES + KEYS
    origin = system.bars[0].start

    def across(tick: float) -> int:
        return left + round((tick - origin) * scale)

    right = across(system.bars[-1].end)
    lines = [across(bar.start) for bar in system.bars] + [right]
    beats = [across(tick) for bar in system.bars for tick in bar.beats()]
    beats_show = min((b - a for a, b in pairwise(sorted(lines + beats))), default=0)
    bottom = top + _height(system, row)
    last_label = -ROLL_WIDTH
    for number, line in enumerate(lines[:-1], system.first_number):
        if line - last_label >= 40:
            write(draw, (line + 4, top + BAR_NUMBERS - 7), str(number), 14, colours.INK)
            last_label = line
    lane_top = top + BAR_NUMBERS
    for lane in system.lanes:
        lane_row = DRUM_ROW if lane.is_drum else row
        lane_bottom = lane_top + _lane_height(lane, row)
        _draw_ground(draw, lane, (left, lane_top, right, lane_bottom), lane_row)
        if beats_show >= CLOSEST_LINES:
            for line in beats:
                draw.line((line, lane_top, line, lane_bottom - 1), colours.BEAT_LINE)
        _draw_names(draw, lane, lane_top, lane_bottom, lane_row)
        lane_top = lane_bottom + LANE_GAP
    if min((b - a for a, b in pairwise(lines)), default=0) >= CLOSEST_LINES:
        for line in lines:
            draw.line((line, top + 4, line, bottom - 1), colours.BAR_LINE)
    lane_top = top + BAR_NUMBERS
    for lane in system.lanes:
        lane_row = DRUM_ROW if lane.is_drum else row
        notes = lane.notes[_within(lane, system.bars)]
        for start, duration, pitch, velocity in notes.rows():
            x0 = max(left, across(start))
            x1 = min(right, across(start + duration))
            y0 = lane_top + lane.row(pitch) * lane_row
            _draw_note(draw, (x0, y0, x1, y0 + lane_row), lane, velocity, start >= origin)
        lane_top += _lane_height(lane, row) + LANE_GAP


def _draw_ground(
    draw: ImageDraw.ImageDraw, lane: Lane, box: tuple[int, int, int, int], row: int
) -> None:
    left, top, right, bottom = box
    for number, pitch in enumerate(lane.pitches):
        y = top + number * row
        if lane.is_shaded(pitch):
            draw.rectangle((left, y, right, y + row - 1), colours.SHADED_ROW)
        if not lane.is_drum and pitch % 12 == 0:
            draw.line((left, y + row - 1, right, y + row - 1), colours.OCTAVE_LINE)
    draw.rectangle((left, top, right, bottom - 1), outline=colours.OCTAVE_LINE)


def _draw_names(draw: ImageDraw.ImageDraw, lane: Lane, top: int, bottom: int, row: int) -> None:
    draw.rectangle((MARGIN, top, MARGIN + 5, bottom - 1), lane.colour)
    middle = (top + bottom) / 2
    write(draw, (MARGIN + 14, middle), lane.name, 16, lane.colour, width=NAMES - 18)
    if lane.instrument.casefold() != lane.name.casefold():
        place = (MARGIN + 14, middle + 16)
        write(draw, place, lane.instrument, 12, colours.PALE_INK, width=NAMES - 18)
    edge = MARGIN + NAMES + KEYS - 8
    for number, pitch in enumerate(lane.pitches):
        label = lane.row_label(pitch)
        if label:
            y = top + (number + 0.5) * row
            write(draw, (edge, y), label, 11, colours.PALE_INK, "rm", width=KEYS - 8)


def _draw_note(
    draw: ImageDraw.ImageDraw,
    box: tuple[int, int, int, int],
    lane: Lane,
    velocity: int,
    begins: bool,
) -> None:
    """A bar in the track's colour; its onset is a darker edge, so that repeated notes show."""
    left, top, right, bottom = box
    right = max(left + 2, right - 1)
    colour = colours.note_colour(lane.colour, velocity)
    draw.rectangle((left, top, right - 1, bottom - 2), colour)
    if begins and right - left > 4:
        edge = colours.blend(colour, colours.INK, 0.35)
        draw.rectangle((left, top, left + 1, bottom - 2), edge)
