"""A band for what a musician has: the missing tracks of a song of any length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from musegan.composing.casting import Cast, cast, track_list
from musegan.composing.completion import Completion
from musegan.composing.filling import fill_song
from musegan.composing.generate import arrangements, style_weights
from musegan.composing.joining import begins_in
from musegan.composing.keys import home
from musegan.composing.model import Model
from musegan.composing.songs import Passage, as_track, joined, on_grid, passages, perform
from musegan.data.clicks import free_time
from musegan.errors import MuseganError
from musegan.instruments import Ensemble
from musegan.models.spec import ModelSpec
from musegan.song import Key, Multitrack, Notes, Track

SECTION = 2  # phrases that a texture lasts


def accompany(
    model: Model,
    song: Multitrack,
    *,
    keep: Sequence[str] | None = None,
    make: Sequence[str] | None = None,
    seed: int = 0,
    style: str | None = None,
    temperature: float = 1.0,
    key: Key | None = None,
    ensemble: Ensemble | None = None,
) -> Completion:
    """Write tracks under those that are kept, from their first bar to their last.

    What is kept comes back note for note. Tracks neither kept nor made are left out. Bars in meters
    that cannot be told in the model's get no new notes, see `retelling`.

    Args:
        model: what composes.
        song: as it was read.
        keep: what stays, see `casting`; None is the whole song.
        make: the ensemble tracks to write; None is all that are not kept.
        seed: another number, other music.
        style: a style of the model, a mix such as `rock:0.6,pop:0.4`, or None for any.
        temperature: below 1 plainer and more alike, above 1 more varied and daring.
        key: the song's; None listens to what is given.
        ensemble: the model's, with rules that place the song's tracks in it; None has no rules.

    Raises:
        MuseganError: nothing is there to keep or to make, a track or style is unknown, or the song
            has no bar in a meter that can be told.
    """
    spec, band = model.spec, ensemble or model.spec.ensemble
    weights = style_weights(spec, style)
    kept = _kept(song, band, keep)
    wanted = _wanted(band, kept, make)
    runs, others = passages(song, kept.parts, band, spec.grid)
    stays = [mine or keep is None for mine in kept.chosen]
    heard = [part if mine else None for part, mine in zip(kept.parts, kept.chosen, strict=True)]
    first, last = _reach(song, kept.chosen)
    new: dict[int, list[Notes]] = {number: [] for number in wanted}
    for run in runs:
        plays = arrange(spec, weights, [*kept.wished, *wanted], run, seed)
        plays[list(kept.wished)] = False
        borders = run.borders(spec.grid)
        plays &= (borders[1:] > first) & (borders[:-1] <= last)
        given = on_grid(song, heard, band, run, spec.grid)
        whole = fill_song(
            model,
            given,
            plays,
            seed=seed,
            style=weights,
            numbers=range(run.before, run.before + run.bars),
            temperature=temperature,
            home=None if key is None else home(key),
        )
        written = whole.keep(begins_in(whole, plays))
        for number, notes in perform(written, given, run, band).items():
            new[number].append(notes)
    old = [track for track, stay in zip(song.tracks, stays, strict=True) if stay]
    made = [as_track(band.tracks[number], joined(new[number])) for number in wanted]
    return Completion(
        replace(song, tracks=(*old, *(track for track in made if len(track.notes)))),
        {track.name: len(track.notes) for track in made},
        (
            *free_time(song),
            *runs[0].telling.remarks,
            *_remarks(song, band, kept, stays),
            *_left_silent(made, others),
        ),
        tuple(number for number, stay in enumerate(stays) if not stay),
    )


def arrange(
    spec: ModelSpec, weights: torch.Tensor, tracks: Sequence[int], where: Passage, seed: int
) -> NDArray[np.bool_]:
    """In which bars of a passage each track plays, (tracks, bars).

    For a few phrases at a time, the texture of a real phrase of the style in which all of `tracks`
    play.

    Args:
        spec: the model's description.
        weights: of the styles and "any", see `style_weights`.
        tracks: numbers of those that may play.
        where: the passage.
        seed: another number, other textures.
    """
    choices = arrangements(spec, weights, [spec.ensemble.names[number] for number in tracks])
    chances = np.array([chance for chance, _ in choices])
    length = SECTION * spec.bars
    drawn = [
        np.random.default_rng([seed, section, 2]).choice(len(choices), p=chances / chances.sum())
        for section in range((where.before + where.bars) // length + 1)
    ]
    bars = np.arange(where.before, where.before + where.bars)
    textures = np.stack([choices[index][1] for index in drawn]) > 0
    plays: NDArray[np.bool_] = textures[bars // length, :, bars % spec.bars].T
    return plays


def _kept(song: Multitrack, band: Ensemble, keep: Sequence[str] | None) -> Cast:
    if keep is not None and not keep:
        raise MuseganError(f"no tracks to keep: the song has {track_list(song, band)}")
    kept = cast(song, band, keep)
    for part in kept.wished:
        mine = [n for n in kept.players(part) if kept.chosen[n] and len(song.tracks[n].notes)]
        if not mine:
            raise MuseganError(
                f"no {band.names[part]} to keep: the song has {track_list(song, band)}; "
                f"say which track plays it, as in '1={band.names[part]}'"
            )
    if not any(kept.chosen):
        raise MuseganError(
            f"none of its tracks plays {' or '.join(band.names)}: it has {track_list(song, band)}; "
            f"say which one does, as in '1={band.names[-1]}'"
        )
    return kept


def _wanted(band: Ensemble, kept: Cast, make: Sequence[str] | None) -> list[int]:
    missing = {*range(len(band.tracks))} - {*kept.wished}
    wanted = missing if make is None else {band.index(name) for name in make}
    if wanted - missing:
        raise MuseganError(f"{band.names[min(wanted - missing)]} cannot be both kept and made")
    if not wanted:
        raise MuseganError(
            f"no tracks to make: name some of {', '.join(band.names)}, or keep fewer"
        )
    return sorted(wanted)


def _reach(song: Multitrack, chosen: Sequence[bool]) -> tuple[int, int]:
    """Ticks at which the first and the last note of the chosen tracks begin."""
    starts = [track.notes.start for track, mine in zip(song.tracks, chosen, strict=True) if mine]
    return int(np.concatenate(starts).min()), int(np.concatenate(starts).max())


def _left_silent(made: Sequence[Track], others: str) -> list[str]:
    """Remarks on tracks without a note and on bars of other meters, `others` in words."""
    silent = ", ".join(track.name for track in made if not len(track.notes))
    remarks = [f"the model left {silent} silent; try another seed or style"] if silent else []
    return [*remarks, f"no new notes in {others}"] if others else remarks


def _remarks(song: Multitrack, band: Ensemble, kept: Cast, stays: Sequence[bool]) -> list[str]:
    remarks = []
    for track, part, mine, stay in zip(song.tracks, kept.parts, kept.chosen, stays, strict=True):
        if not stay:
            reason = f"the song's {band.names[part]}" if isinstance(part, int) else part
            remarks.append(f"left out track '{track.name}' ({reason})")
        elif not mine:
            remarks.append(f"kept track '{track.name}', but the model does not hear it ({part})")
    return remarks
