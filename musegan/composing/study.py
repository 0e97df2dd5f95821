"""Music learnt by heart: cut in phrases, in a model's key, with the latents that make it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from musegan.composing.casting import Cast, cast
from musegan.composing.filling import fill
from musegan.composing.generate import series_latents, style_weights
from musegan.composing.inversion import Heard, invert, unwatched
from musegan.composing.joining import begins_in, join
from musegan.composing.keys import home as home_of
from musegan.composing.model import Model
from musegan.composing.songs import Passage, on_grid, only_passage
from musegan.composing.windows import cut_out
from musegan.data.arrangements import playing
from musegan.data.keys import home_keys, move
from musegan.instruments import Ensemble
from musegan.models.latents import Latents
from musegan.pianoroll import Phrases, concatenate
from musegan.song import BoolArray, IntArray, Key, Multitrack

FIRST_GUESS = 0  # the seed of where the search for latents begins


@dataclass(frozen=True)
class Study:
    """A song, and what a model makes of it.

    Attributes:
        song: as it was read.
        asked: who plays what in it.
        band: the parts.
        where: its bars.
        notes: what the model hears of it: one phrase of all its bars.
        home: (1,) semitones that it lies above the model's key.
        latents: found for each of its windows of the model's length.
        style: weights of the model's styles that they were found with.
    """

    song: Multitrack
    asked: Cast
    band: Ensemble
    where: Passage
    notes: Phrases
    home: IntArray
    latents: Latents
    style: torch.Tensor

    @property
    def plays(self) -> BoolArray:
        """(tracks, bars) where a track sounds."""
        sounding: BoolArray = playing(self.notes, len(self.band.tracks))[0] > 0
        return sounding


def study(
    model: Model,
    song: Multitrack,
    *,
    tracks: Sequence[str] | None = None,
    style: str | None = None,
    key: Key | None = None,
    ensemble: Ensemble | None = None,
    heard: Heard = unwatched,
) -> Study:
    """Learn a song.

    Args:
        model: what learns it.
        song: as it was read; all its bars are in meters that can be told in the model's.
        tracks: those that are asked for, see `casting`; None is every track that has a part.
        style: a style of the model, a mix such as `rock:0.6,pop:0.4`, or None for any.
        key: the song's; None listens.
        ensemble: the model's, with rules that place the song's tracks in it; None has no rules.
        heard: called as the search for latents goes on, see `invert`.

    Raises:
        MuseganError: the song has no bars that the model knows or others between them, or a track
            or style is unknown.
    """
    spec, band = model.spec, ensemble or model.spec.ensemble
    weights = style_weights(spec, style)
    asked = cast(song, band, tracks)
    where = only_passage(song, asked.parts, band, spec.grid)
    notes = on_grid(song, asked.parts, band, where, spec.grid)
    above = home_keys(notes, band) if key is None else np.array([home_of(key)])
    home = above * spec.common_key
    parts = windows_of(move(notes, -home, band), spec.bars)
    start = series_latents(model, FIRST_GUESS, 0, 1)
    latents = invert(model, parts, weights, start, heard=heard)
    return Study(song, asked, band, where, notes, home, latents, weights)


def windows_of(notes: Phrases, bars: int) -> Phrases:
    """A one-phrase song as phrases of `bars` bars, the last filled up with silence."""
    count = -(-notes.bars // bars)
    whole = replace(notes, bars=count * bars)
    return concatenate([cut_out(whole, number * bars, bars) for number in range(count)])


def fill_windows(
    model: Model,
    given: Phrases,
    to_make: BoolArray,
    latents: Latents,
    style: torch.Tensor,
) -> Phrases:
    """The notes a model makes in some cells of a song, window by window.

    Args:
        model: what composes.
        given: one phrase of any number of bars, in the model's key.
        to_make: (tracks, bars), true where the model writes; everything else is given.
        latents: for each window of the model's length.
        style: (styles + 1,) weights, see `style_weights`.

    Returns:
        One phrase of the same bars, with the made notes alone.
    """
    length = model.spec.bars
    windows = windows_of(given, length)
    cells = np.zeros((len(to_make), len(windows) * length), bool)
    cells[:, : given.bars] = to_make
    by_window = cells.reshape(len(to_make), len(windows), length).swapaxes(0, 1)
    filled = fill(model, windows, by_window, latents, style)
    start = filled.start.astype(np.int64) + filled.phrase * filled.steps
    song = replace(
        filled,
        offsets=filled.offsets[[0, -1]],
        bars=cells.shape[1],
        start=start.astype(np.uint16),
    )
    made = replace(song.keep(begins_in(song, cells)), bars=given.bars)
    return join(made, made.keep(np.zeros(len(made.start), bool)))


def between(one: Latents, other: Latents, share: float) -> Latents:
    """Latents a share of the way from one to the other, at a size a share between theirs.

    A straight way between two draws of high dimension would pass too near to 0, where none lie.
    """

    def way(here: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        point = (1 - share) * here + share * there
        size = (1 - share) * here.norm(dim=-1) + share * there.norm(dim=-1)
        scaled: torch.Tensor = point * (size / point.norm(dim=-1).clamp(min=1e-6)).unsqueeze(-1)
        return scaled

    return Latents(*(way(*parts) for parts in zip(one.parts, other.parts, strict=True)))
