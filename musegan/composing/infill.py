"""Some bars of some tracks made anew, and nothing else touched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from musegan.composing.casting import cast
from musegan.composing.completion import Completion
from musegan.composing.filling import fill_song
from musegan.composing.generate import style_weights
from musegan.composing.joining import begins_in
from musegan.composing.keys import home
from musegan.composing.model import Model
from musegan.composing.remaking import (
    beside_others,
    by_track,
    not_yet_struck,
    unheard,
    with_new,
    without,
)
from musegan.composing.songs import Passage, joined, on_grid, passages, perform
from musegan.data.clicks import free_time
from musegan.data.meters import meter_of
from musegan.errors import MuseganError
from musegan.instruments import Ensemble
from musegan.pianoroll import Grid
from musegan.rendering.bars import Bar, song_bars
from musegan.song import Key, Multitrack, Notes, Span, within


def infill(
    model: Model,
    song: Multitrack,
    *,
    bars: Sequence[int],
    tracks: Sequence[str] | None = None,
    seed: int = 0,
    style: str | None = None,
    temperature: float = 1.0,
    key: Key | None = None,
    ensemble: Ensemble | None = None,
) -> Completion:
    """Remake the notes that begin in some bars of some tracks.

    Notes that began earlier and sound on stay, and new ones make room for them.

    Args:
        model: what composes.
        song: as it was read.
        bars: numbers of bars, counted from 1 by the song's meters.
        tracks: which to remake, see `casting`; None is every track that has a part. One that the
            song lacks is added.
        seed: another number, other music.
        style: a style of the model, a mix such as `rock:0.6,pop:0.4`, or None for any.
        temperature: below 1 plainer and more alike, above 1 more varied and daring.
        key: the song's; None listens to what is given.
        ensemble: the model's, with rules that place the song's tracks in it; None has no rules.

    Raises:
        MuseganError: there are no such bars, or not in a meter that can be told, a track or style
            is unknown, or no track is there to remake.
    """
    spec, band = model.spec, ensemble or model.spec.ensemble
    weights = style_weights(spec, style)
    asked = cast(song, band, tracks)
    if not asked.wished:
        raise MuseganError(f"no tracks to remake: name some of {', '.join(band.names)}")
    runs, _ = passages(song, asked.parts, band, spec.grid)
    spans = spans_of(song, bars, runs, spec.grid)
    cleared = _cleared(spans, runs, spec.grid)
    left = without(song, asked, cleared)
    new: dict[int, list[Notes]] = {part: [] for part in asked.wished}
    for run in runs:
        given = on_grid(left, asked.parts, band, run, spec.grid)
        cells = np.zeros((len(band.tracks), run.bars), bool)
        cells[list(asked.wished)] = _touched(run, spans)
        whole = fill_song(
            model,
            given,
            cells,
            seed=seed,
            style=weights,
            numbers=range(run.before, run.before + run.bars),
            temperature=temperature,
            home=None if key is None else home(key),
        )
        made = not_yet_struck(whole.keep(begins_in(whole, cells)), given, band)
        for part, notes in perform(made, given, run, band).items():
            new[part].append(notes[within(notes.start, spans)])
    made_notes = {
        part: beside_others(joined(notes), left, asked, part) for part, notes in new.items()
    }
    return Completion(
        with_new(left, asked, band, made_notes, song),
        {band.names[part]: len(notes) for part, notes in made_notes.items()},
        (*free_time(song), *runs[0].telling.remarks, *unheard(song, asked)),
        remade=by_track(asked, dict.fromkeys(asked.wished, cleared)),
    )


def read_bars(text: str) -> list[int]:
    """The numbers in a list of bars such as `5-8,13`.

    Raises:
        MuseganError: it is no such list.
    """
    bars: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if last < first:
            raise MuseganError(f"no bars '{part.strip()}': bars are numbers and ranges: 5-8,13")
        bars += range(first, last + 1)
    return bars


def as_ranges(numbers: Sequence[int]) -> str:
    """Rising numbers as `read_bars` reads them: `2-8,11`."""
    edges = [place for place in range(1, len(numbers)) if numbers[place] - numbers[place - 1] > 1]
    runs = [(numbers[a], numbers[b - 1]) for a, b in pairwise([0, *edges, len(numbers)])]
    return ",".join(f"{first}-{last}" if first < last else f"{first}" for first, last in runs)


def spans_of(
    song: Multitrack, bars: Sequence[int], runs: Sequence[Passage], grid: Grid
) -> list[Span]:
    """Where bars of a song lie, those in a row as one span, in the order of time.

    Args:
        song: whose meters count the bars.
        bars: their numbers, from 1.
        runs: where the song has the grid's meter.
        grid: the meter.

    Raises:
        MuseganError: the song has no such bar, or not in the grid's meter, or none is named.
    """
    lines = song_bars(song)
    fits = [number for number, bar in enumerate(lines, 1) if _covered(bar, runs, grid)]
    spans: list[Span] = []
    for number in sorted(set(bars)):
        if not 1 <= number <= len(lines):
            raise MuseganError(f"no bar {number}: the song has bars 1 to {len(lines)}")
        if number not in fits:
            there = f"bars {as_ranges(fits)}" if fits else "no bar"
            raise MuseganError(
                f"bar {number} is not in {meter_of(grid)}, the one meter that the model knows; "
                f"the song has that in {there}"
            )
        start, end, _ = lines[number - 1]
        if spans and spans[-1][1] == start:
            start, _ = spans.pop()
        spans.append((start, end))
    if not spans:
        raise MuseganError("no bars to remake: name some, such as 5-8")
    return spans


def _covered(bar: Bar, runs: Sequence[Passage], grid: Grid) -> bool:
    """Whether a bar lies within passages, give or take a step."""
    slack = (bar.end - bar.start) // grid.steps_per_bar
    inside = (
        min(bar.end, int(run.lines[-1]) + slack) - max(bar.start, int(run.lines[0]) - slack)
        for run in runs
    )
    return sum(max(length, 0) for length in inside) >= bar.end - bar.start


def _cleared(spans: Sequence[Span], runs: Sequence[Passage], grid: Grid) -> list[Span]:
    """Where notes make room for new ones: in the spans, as far as bars of the model lie there.

    A note played up to half a step early belongs to the bar it leads into.
    """
    cleared = []
    for run in runs:
        borders = run.borders(grid)
        for bar in np.flatnonzero(_touched(run, spans)):
            first, last = (int(border) for border in borders[bar : bar + 2])
            cleared += [(max(start, first), min(end, last)) for start, end in spans]
    return cleared


def _touched(run: Passage, spans: Sequence[Span]) -> NDArray[np.bool_]:
    """(bars,) which bars of a passage reach into a span; by more than a hair."""
    lines = run.lines
    hair = np.diff(lines) // 16
    touched = np.zeros(run.bars, bool)
    for start, end in spans:
        touched |= (lines[1:] - hair > start) & (lines[:-1] + hair < end)
    return touched
