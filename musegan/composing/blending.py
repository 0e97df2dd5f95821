"""The way from one song to another of the same length, step by step.

A step takes its notes from both ends. Near an end it keeps most cells (a track in a bar) of it note
for note and makes the rest anew, fewer and fewer towards the middle, where all is made: from
latents on the way between those found for the two songs, so that new cells drift as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from musegan.composing.joining import begins_in, beside
from musegan.composing.model import Model
from musegan.composing.remaking import main_player
from musegan.composing.retelling import untell
from musegan.composing.songs import Passage
from musegan.composing.study import Study, between, fill_windows
from musegan.composing.swing import in_groove
from musegan.data.keys import move
from musegan.errors import MuseganError
from musegan.instruments import to_multitrack
from musegan.song import BoolArray, FloatArray, Multitrack, Track


def interpolate(
    model: Model, one: Study, other: Study, steps: int, *, seed: int = 0
) -> list[Multitrack]:
    """Songs on the way from one to the other; the first and the last are those themselves.

    Args:
        model: what has learnt both.
        one: where the way begins.
        other: where it ends.
        steps: songs on the way with both ends, >= 2.
        seed: another number, another way.

    Raises:
        MuseganError: the two have not as many bars.
    """
    bars = common_bars(one.where, other.where, model.spec.bars)
    one, other = resting(one, bars), resting(other, bars)
    shares = [step / (steps - 1) for step in range(1, steps - 1)]
    return [one.song, *(blend(model, one, other, share, seed) for share in shares), other.song]


def common_bars(one: Passage, other: Passage, phrase: int) -> int:
    """The bars of two songs of one length.

    A song is heard to its last note alone, so one that seems a bar short of whole phrases may as
    well rest in that bar.

    Args:
        one: where a song has its bars.
        other: where the other has.
        phrase: bars of a phrase.

    Raises:
        MuseganError: they have not as many bars.
    """
    short, long = sorted((one.bars, other.bars))
    if short == long or (short == long - 1 and long % phrase == 0):
        return long
    raise MuseganError(f"they have {one.bars} and {other.bars} bars; give two of one length")


def resting(known: Study, bars: int) -> Study:
    """A song that rests from its end to the end of `bars`, which lies in its last phrase."""
    where, notes = replace(known.where, bars=bars), replace(known.notes, bars=bars)
    return replace(known, where=where, notes=notes)


def blend(model: Model, one: Study, other: Study, share: float, seed: int) -> Multitrack:
    """A song a share of the way, 0..1, from one to another, in the key of the nearer end.

    Its tracks are called, ordered and played as there, those that are not there as the band's. Its
    meter is the usual one there, and its tempo lies as far between theirs.
    """
    band, near = one.band, one if share < 0.5 else other
    kept = _draw(one.plays.shape, seed, 3)
    telling = near.where.telling
    given_cells = kept >= 2 * share if near is one else kept < 2 * share - 1
    sounding = sounding_cells(one.plays, other.plays, share, seed)
    notes = move(near.notes, -near.home, band)
    given = notes.keep(begins_in(notes, given_cells))
    latents = between(one.latents, other.latents, share)
    made = fill_windows(model, given, sounding & ~given_cells, latents, near.style)
    made = in_groove(made, notes, telling.thirds)
    whole = move(beside(given, made), near.home, band)
    slow, fast = (each.song.tempos[0].bpm if each.song.tempos else 120.0 for each in (one, other))
    name = f"{one.song.name} to {other.song.name}, {share:.0%}"
    blended = to_multitrack(whole, 0, band, slow ** (1 - share) * fast**share, name=name)
    blended = untell(blended, telling.meter, model.spec.grid)
    return replace(blended, tracks=_played_as_in(near, blended.tracks))


def sounding_cells(one: BoolArray, other: BoolArray, share: float, seed: int) -> BoolArray:
    """(tracks, bars) where a song plays that lies a share of the way from one to another.

    A cell that only one of them plays comes or goes at some point of the way. A track that both
    play, if in other bars, is never silent throughout.

    Args:
        one: (tracks, bars) where the one plays.
        other: the same of the other.
        share: of the way, 0..1.
        seed: another number, other cells first.
    """
    early = _draw(one.shape, seed, 4) >= share
    sounding: BoolArray = np.where(early, one, other) | (one & other)
    lost = one.any(1) & other.any(1) & ~sounding.any(1)
    sounding[lost] = (one if share < 0.5 else other)[lost]
    return sounding


def _played_as_in(known: Study, tracks: Sequence[Track]) -> tuple[Track, ...]:
    """The band's tracks as the tracks that play most of each in a song, and in their order."""
    placed = []
    for track in tracks:
        number = main_player(known.song, known.asked, known.band.index(track.name))
        if number is None:
            placed.append((len(known.song.tracks), track))
        else:
            placed.append((number, replace(known.song.tracks[number], notes=track.notes)))
    return tuple(track for _, track in sorted(placed, key=lambda each: each[0]))


def _draw(shape: tuple[int, ...], seed: int, number: int) -> FloatArray:
    """Shares of 1 at even distances, one for each cell in an order drawn by chance."""
    count = int(np.prod(shape))
    order = np.random.default_rng([seed, number]).permutation(count)
    return ((order + 0.5) / count).reshape(shape)
