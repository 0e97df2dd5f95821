"""Pieces of several sections: a phrase is carried on, repeated with variations, and brought home.

A piece is laid out from left to right. Bars that repeat earlier ones are copied, new ones are
written with all that comes before in the ear. Then a few cells (a track in a bar) of each repeat
are made anew, and so is the last bar of the drums before each section, with both sides in the ear.
The last bar is the tonic chord.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import torch

from musegan.composing.ending import come_home
from musegan.composing.filling import fill_song
from musegan.composing.form import Form
from musegan.composing.generate import arrangements
from musegan.composing.joining import join
from musegan.composing.model import Model
from musegan.composing.windows import cut_out
from musegan.data.arrangements import playing
from musegan.data.keys import estimate_keys, home_keys
from musegan.models.spec import ModelSpec
from musegan.pianoroll import Phrases
from musegan.song import BoolArray, IntArray

VARIED = 0.15  # share of a repeat's cells that are made anew
DRAWN = 12  # textures for a new section, of which the one most like the first section's is taken
FILLS, BUSIER = 6, 1.25  # drum fills to choose from; what they should have of the hits of a bar
TRIES = 8  # for bars in the key
NEW = -1  # in the place of a bar that is copied
# set chance apart from that of the sections, which count from 0
FINISHING, VARYING, LEADING = 500, 1000, 2000


@dataclass(frozen=True)
class Manner:
    """How a piece is written.

    Attributes:
        seed: another number, another piece.
        style: weights of the model's styles and "any".
        home: semitones, -5..6, that the piece lies above C major or A minor.
        tracks: the tracks that play; None is as the style does.
        temperature: below 1 plainer, above 1 more daring.
        close: the tonic, 0..11 from C, of the last chord and whether it is minor; None listens.
    """

    seed: int
    style: torch.Tensor
    home: int
    tracks: Sequence[str] | None = None
    temperature: float = 1.0
    close: tuple[int, bool] | None = None


def write_piece(model: Model, opening: Phrases, form: Form, manner: Manner, kept: int) -> Phrases:
    """A piece that begins with an opening.

    Args:
        model: what composes.
        opening: one canonical phrase of no more bars than the form.
        form: the sections.
        manner: how to write.
        kept: bars from the start that stay as they are, fewer than the form's.

    Returns:
        One phrase of the form's bars.
    """
    piece = replace(opening, bars=form.bars)
    sources = copied_bars(form, opening.bars, model.spec.bars)
    textures = section_textures(model.spec, opening, form, manner)
    for first, end in _runs(sources, opening.bars, form.length):
        if sources[first] == NEW:
            piece = _write_bars(model, piece, textures, first, end, form, manner)
        else:
            piece = _copy_bars(piece, int(sources[first]), first, end)
    cells = varied_cells(piece, form, model.spec, manner.seed)
    cells[:, :kept] = False
    if cells.any():
        piece = write_cells(model, piece, cells, manner, VARYING)
    for end in range(form.length, form.bars, form.length):
        if end > kept and form.length > 1:
            piece = _lead_over(model, piece, end, form, manner)
    tonics, minors = estimate_keys(piece, model.spec.ensemble)
    tonic, minor = manner.close or (int(tonics[0]), bool(minors[0]))
    return come_home(piece, tonic, minor, model.spec.ensemble)


def copied_bars(form: Form, given: int, phrase: int) -> IntArray:
    """(bars,) for each bar the earlier one that it repeats, or `NEW`.

    A section repeats the first one of its letter. In a piece of several sections, a section of two
    phrases or more is built as periods are: each phrase begins as the first one does and goes on in
    its own way from its half on.

    Args:
        form: the sections.
        given: bars that are there already.
        phrase: bars a phrase.
    """
    sources = np.full(form.bars, NEW)
    for section in form.sections:
        for bar in range(form.length):
            here = section.first + bar
            if section.first != section.model:
                sources[here] = section.model + bar
            elif bar >= phrase > 1 and len(form.letters) > 1 and bar % phrase < phrase // 2:
                sources[here] = section.first + bar % phrase
    sources[:given] = NEW
    return sources


def section_textures(
    spec: ModelSpec, opening: Phrases, form: Form, manner: Manner
) -> dict[str, BoolArray]:
    """For each letter which tracks play in which bars of a phrase, (tracks, phrase bars).

    The first is as the opening ends. The others are textures of the style, as like it as some
    drawn by chance are, but not the same if that can be.
    """
    there = playing(opening, len(spec.tracks))[0] > 0
    last = np.arange(opening.bars - spec.bars, opening.bars) % opening.bars
    first = there[:, last]
    choices = arrangements(spec, manner.style, manner.tracks)
    chances = np.array([chance for chance, _ in choices])
    textures = {form.letters[0]: first}
    for number, letter in enumerate(sorted(set(form.letters) - {form.letters[0]})):
        random = np.random.default_rng([manner.seed, number, 5])
        drawn = random.choice(len(choices), DRAWN, p=chances / chances.sum())
        some = [choices[index][1] > 0 for index in drawn]
        unlike = [int((texture != first).sum()) or first.size for texture in some]
        textures[letter] = some[int(np.argmin(unlike))]
    return textures


def varied_cells(piece: Phrases, form: Form, spec: ModelSpec, seed: int) -> BoolArray:
    """(tracks, bars) a share of the cells of each section that repeats another."""
    plays: BoolArray = playing(piece, len(spec.tracks))[0] > 0
    cells: BoolArray = np.zeros_like(plays)
    for number, section in enumerate(form.sections):
        if section.first != section.model:
            random = np.random.default_rng([seed, number, 6])
            mine = plays[:, section.first : section.first + form.length]
            places = random.permutation(np.argwhere(mine))[: round(VARIED * mine.sum())]
            cells[places[:, 0], section.first + places[:, 1]] = True
    return cells


def _lead_over(model: Model, piece: Phrases, end: int, form: Form, manner: Manner) -> Phrases:
    """The piece with another last bar before a section begins: a fill on drums, the best of some.

    One more track changes where a new letter follows. Fills are a little busier than the bars
    before them.
    """
    plays = playing(piece, len(model.spec.tracks))[0] > 0
    drums = model.spec.ensemble.drums
    cells = np.zeros_like(plays)
    cells[drums, end - 1] = plays[drums, end - 1]
    others = np.flatnonzero(~drums & plays[:, end - 1])
    if _letter(form, end) != _letter(form, end - 1) and len(others):
        cells[np.random.default_rng([manner.seed, end, 9]).choice(others), end - 1] = True
    if not cells.any():
        return piece
    wanted = BUSIER * _hits(piece, drums, end - 2)
    fills = [
        write_cells(model, piece, cells, manner, LEADING + FILLS * end + n) for n in range(FILLS)
    ]
    return min(fills, key=lambda each: abs(_hits(each, drums, end - 1) - wanted))


def _hits(piece: Phrases, drums: BoolArray, bar: int) -> int:
    return int((drums[piece.track] & (piece.start // piece.grid.steps_per_bar == bar)).sum())


def _letter(form: Form, bar: int) -> str:
    return form.letters[bar // form.length]


def _runs(sources: IntArray, given: int, length: int) -> list[tuple[int, int]]:
    """Runs of bars after the given ones that lie in one section and are all new or one copy."""
    bars = np.arange(given, len(sources))
    kind = np.where(sources[given:] == NEW, NEW, bars - sources[given:])
    edges = 1 + np.flatnonzero((np.diff(kind) != 0) | (np.diff(bars // length) != 0))
    bounds = [given, *(given + edges).tolist(), len(sources)]
    return [(a, b) for a, b in pairwise(bounds) if a < b]


def _copy_bars(piece: Phrases, source: int, first: int, end: int) -> Phrases:
    copy = cut_out(piece, source, end - first)
    start = copy.start.astype(np.int64) + first * piece.grid.steps_per_bar
    return join(piece, replace(copy, start=start.astype(np.uint16), bars=piece.bars))


def _write_bars(
    model: Model,
    piece: Phrases,
    textures: dict[str, BoolArray],
    first: int,
    end: int,
    form: Form,
    manner: Manner,
) -> Phrases:
    """The piece with new bars from `first` to before `end`, after which it is still silent.

    They are in the piece's key, if one of `TRIES` tries is.
    """
    letter = _letter(form, first)
    texture = textures[letter]
    cells = np.zeros((len(texture), end), bool)
    bars = np.arange(first, end)
    cells[:, first:] = texture[:, bars % form.length % texture.shape[1]]
    so_far, number = replace(piece, bars=end), TRIES * form.letters.index(letter)
    for attempt in range(TRIES):
        written = write_cells(model, so_far, cells, manner, number + attempt)
        new = cut_out(written, first, end - first)
        if home_keys(new, model.spec.ensemble)[0] == manner.home:
            break
    return replace(written, bars=piece.bars)


def write_cells(
    model: Model, piece: Phrases, cells: BoolArray, manner: Manner, number: int
) -> Phrases:
    """The piece with some cells, (tracks, bars), written anew; another number, other notes."""
    return fill_song(
        model,
        piece,
        cells,
        seed=int(np.random.default_rng([manner.seed, number, 7]).integers(2**62)),
        style=manner.style,
        temperature=manner.temperature,
        home=manner.home,
    )
