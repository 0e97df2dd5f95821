"""A song goes on from where it ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from musegan.composing.casting import Cast, cast
from musegan.composing.completion import Completion
from musegan.composing.finishing import finish_bar
from musegan.composing.form import Form
from musegan.composing.generate import style_weights
from musegan.composing.keys import home as home_of
from musegan.composing.keys import tonic
from musegan.composing.model import Model
from musegan.composing.pieces import Manner, write_piece
from musegan.composing.remaking import beside_others, by_track, unheard, with_new
from musegan.composing.songs import Passage, on_grid, only_passage, perform
from musegan.composing.tempo import steady_from
from musegan.composing.told import bars_at_once
from musegan.data.clicks import free_time
from musegan.data.keys import estimate_keys, home_keys
from musegan.data.meters import stated_meters
from musegan.errors import MuseganError
from musegan.instruments import Ensemble
from musegan.pianoroll import Grid
from musegan.song import Key, Multitrack


def extend(
    model: Model,
    song: Multitrack,
    *,
    bars: int,
    form: str | None = None,
    seed: int = 0,
    style: str | None = None,
    temperature: float = 1.0,
    key: Key | None = None,
    ensemble: Ensemble | None = None,
) -> Completion:
    """Carry a song on to a number of bars and an ending, in its key, its tempo and its tracks.

    A last bar in which it stops early is finished first.

    Args:
        model: what composes.
        song: as it was read; all its bars are in meters that can be told in the model's.
        bars: of the whole, as the song counts them; a pick-up is none.
        form: of the whole, such as `AABA`, whose first section begins with the song; None goes on
            without repeats.
        seed: another number, another way to go on.
        style: a style of the model, a mix such as `rock:0.6,pop:0.4`, or None for any.
        temperature: below 1 plainer and more alike, above 1 more varied and daring.
        key: the song's; None listens.
        ensemble: the model's, with rules that place the song's tracks in it; None has no rules.

    Raises:
        MuseganError: the song is as long already, has no bars that the model knows or others
            between or after them, the form and the bars do not fit, or the style is unknown.
    """
    spec, band = model.spec, ensemble or model.spec.ensemble
    weights = style_weights(spec, style)
    asked = cast(song, band, None)
    where = only_passage(song, asked.parts, band, spec.grid)
    _check_end(song, asked, where)
    at_once = _bars_at_once(song, where, spec.grid)
    sections = Form.of(form, bars, spec.bars, spec.grid.steps_per_bar).of_bars(at_once)
    if where.bars >= sections.bars:
        had = where.bars * at_once
        raise MuseganError(f"has {had} bars already; ask for more than those")
    given = on_grid(song, asked.parts, band, where, spec.grid)
    (heard_tonic,), (heard_minor,) = estimate_keys(given, band)
    manner = Manner(
        seed,
        weights,
        int(home_keys(given, band)[0]) if key is None else home_of(key),
        [band.names[part] for part in np.unique(given.track)],
        temperature,
        (int(heard_tonic), bool(heard_minor)) if key is None else (tonic(key), key.minor),
    )
    opening, first = finish_bar(model, given, manner)
    piece = write_piece(model, opening, sections, manner, where.bars)
    made, whole = piece.keep(piece.start >= first), replace(where, bars=sections.bars)
    begin = where.tick(first, spec.grid)
    added = [(begin, int(whole.lines[-1]))]
    new = {
        part: beside_others(notes, song, asked, part)
        for part, notes in perform(made, given, whole, band).items()
    }
    steady, slowed = steady_from(song, begin)
    remarks = (*free_time(song), *where.telling.remarks)
    return Completion(
        with_new(steady, asked, band, new),
        {band.names[part]: len(notes) for part, notes in new.items()},
        (*_pickup(song, where), *remarks, *slowed, *unheard(song, asked)),
        remade=by_track(asked, dict.fromkeys(new, added)),
    )


def _check_end(song: Multitrack, asked: Cast, where: Passage) -> None:
    """See that none of the song's parts plays on after the passage that goes on."""
    parts = zip(song.tracks, asked.parts, strict=True)
    starts = [track.notes.start for track, part in parts if isinstance(part, int)]
    if (np.concatenate(starts) >= where.lines[-1]).any():
        beats, kind = [*stated_meters(song).values()][-1]
        raise MuseganError(
            f"ends in {beats}/{kind}, which the model does not know; give a part that does not"
        )


def _bars_at_once(song: Multitrack, where: Passage, grid: Grid) -> int:
    """Bars of the meter a passage ends in that its last bar holds; single beats are no bars."""
    end = int(where.lines[-1])
    meter = [meter for time, meter in stated_meters(song).items() if time < end][-1]
    return bars_at_once(meter, grid) if meter[0] > 1 else 1


def _pickup(song: Multitrack, where: Passage) -> list[str]:
    """A remark if notes of a song begin before its first bar line, by a beat's half or more."""
    first = min(int(track.notes.start.min()) for track in song.tracks if len(track.notes))
    if where.lines[0] - first < song.ticks_per_quarter // 2:
        return []
    return ["bars are counted from the first bar line, without the pick-up before it"]
