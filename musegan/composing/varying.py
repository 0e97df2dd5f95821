"""Variations of a song, from near to far.

A share of its cells (a track in a bar) is made anew and the rest stays note for note, so that what
a model cannot make again is never lost. New cells are made from latents on the way from those found
for the song to fresh ones: a little way, and they are alike; all the way, and they are new.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from musegan.composing.completion import Completion
from musegan.composing.filling import song_latents
from musegan.composing.inversion import Heard, unwatched
from musegan.composing.joining import begins_in
from musegan.composing.model import Model
from musegan.composing.remaking import (
    beside_others,
    by_track,
    not_yet_struck,
    unheard,
    with_new,
    without,
)
from musegan.composing.songs import on_grid, perform
from musegan.composing.study import Study, between, fill_windows, study
from musegan.data.clicks import free_time
from musegan.data.keys import move
from musegan.instruments import Ensemble
from musegan.models.latents import Latents
from musegan.song import BoolArray, Key, Multitrack


def variations(
    model: Model,
    song: Multitrack,
    *,
    amount: float,
    tracks: Sequence[str] | None = None,
    style: str | None = None,
    temperature: float = 1.0,
    key: Key | None = None,
    ensemble: Ensemble | None = None,
    heard: Heard = unwatched,
) -> Callable[[int], Completion]:
    """What makes a variation of a song for each seed, having learnt it once.

    Args:
        model: what composes.
        song: as it was read.
        amount: how far, see `vary`.
        tracks: those that vary, see `casting`; None is every track that has a part.
        style: a style of the model, a mix such as `rock:0.6,pop:0.4`, or None for any.
        temperature: below 1 plainer, above 1 more daring.
        key: the song's; None listens.
        ensemble: the model's, with rules that place the song's tracks in it; None has no rules.
        heard: called as the song is learnt, see `invert`.

    Raises:
        MuseganError: as `study`.
    """
    known = study(model, song, tracks=tracks, style=style, key=key, ensemble=ensemble, heard=heard)
    return lambda seed: vary(model, known, amount=amount, seed=seed, temperature=temperature)


def vary(
    model: Model, known: Study, *, amount: float, seed: int, temperature: float = 1.0
) -> Completion:
    """A variation of a song.

    With one seed, what an amount makes anew is made anew by all greater ones.

    Args:
        model: what composes.
        known: the song, learnt by `model`; its tracks asked for are those that vary.
        amount: 0 gives the song back, 1 a new one of the same arrangement and key.
        seed: another number, another variation.
        temperature: of the fresh latents; below 1 plainer, above 1 more daring.
    """
    song, band, run = known.song, known.band, known.where
    cells = cells_to_vary(known, amount, seed)
    spans = {part: _early_spans(known, cells[part]) for part in known.asked.wished}
    for part in spans:
        players = zip(known.asked.parts, known.asked.chosen, strict=True)
        only = replace(known.asked, chosen=tuple(c and mine == part for mine, c in players))
        song = without(song, only, spans[part])
    given = on_grid(song, known.asked.parts, band, run, model.spec.grid)
    fresh = _by_window(song_latents(model, seed, range(_whole(run.bars, model))), model)
    latents = between(known.latents, fresh.scaled(temperature).to(model.device), amount)
    heard = move(given.keep(~begins_in(given, cells)), -known.home, band)
    made = move(fill_windows(model, heard, cells, latents, known.style), known.home, band)
    made = not_yet_struck(made, given, band)
    new = {
        part: beside_others(notes, song, known.asked, part)
        for part, notes in perform(made, known.notes, run, band).items()
    }
    return Completion(
        with_new(song, known.asked, band, new, known.song),
        {band.names[part]: len(notes) for part, notes in new.items()},
        (*free_time(known.song), *run.telling.remarks, *unheard(song, known.asked)),
        remade=by_track(known.asked, spans),
    )


def cells_to_vary(known: Study, amount: float, seed: int) -> BoolArray:
    """(tracks, bars) a share `amount` of the cells that sound in the tracks asked for."""
    sounding = known.plays.copy()
    others = np.setdiff1d(np.arange(len(sounding)), known.asked.wished)
    sounding[others] = False
    places = np.random.default_rng([seed, 0, 2]).permutation(np.argwhere(sounding))
    chosen = places[: round(amount * len(places))]
    cells = np.zeros_like(sounding)
    cells[chosen[:, 0], chosen[:, 1]] = True
    return cells


def _early_spans(known: Study, bars: BoolArray) -> list[tuple[int, int]]:
    """Bars as ticks; a note up to half a step early belongs to the bar it leads into."""
    borders = known.where.borders(known.notes.grid)
    return [(int(borders[bar]), int(borders[bar + 1])) for bar in np.flatnonzero(bars)]


def _whole(bars: int, model: Model) -> int:
    return -(-bars // model.spec.bars) * model.spec.bars


def _by_window(latents: Latents, model: Model) -> Latents:
    """Latents of a song as one for each window: its held ones in all, each bar's own in its own."""
    bars, count = model.spec.bars, latents.shared_bar.shape[1] // model.spec.bars
    return Latents(
        latents.shared.expand(count, -1),
        latents.shared_bar[0].unflatten(0, (count, bars)),
        latents.track.expand(count, -1, -1),
        latents.track_bar[0].unflatten(1, (count, bars)).transpose(0, 1),
    )
