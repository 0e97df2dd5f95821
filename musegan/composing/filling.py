"""A model completes music of any length: what is given stays, the rest is made to fit it.

A long song is written from left to right in windows of the model's length. Each window begins in
bars that are finished and ends in bars that are new, so the model hears what came before, or once a
phrase how the made bars began; a note may be held over from one window into the next. A track that
has got into a loop is not heard, and begins anew. Chance depends on the seed and the bar alone,
never on where a window lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from musegan.composing.generate import in_range
from musegan.composing.joining import begins_in, beside, join
from musegan.composing.looping import looping
from musegan.composing.model import Model
from musegan.composing.windows import Window, cut_out, recalled, windows
from musegan.data.keys import home_keys, move
from musegan.models.generator import complete
from musegan.models.latents import Latents
from musegan.models.patches import from_patches, to_patches
from musegan.models.sounding import sound
from musegan.pianoroll import PITCHES, Phrases
from musegan.song import BoolArray, IntArray


def fill(
    model: Model, given: Phrases, to_make: BoolArray, latents: Latents, style: torch.Tensor
) -> Phrases:
    """Phrases of the model's length, completed in one call of the network.

    Where the model knows one key only, `given` is to lie in it; `fill_song` sees to that.

    Args:
        model: what composes.
        given: canonical phrases; what lies in cells to be made is not heard.
        to_make: (phrases, tracks, bars), true where the model writes. Everything else is given, and
            silence there is meant.
        latents: one for each phrase.
        style: (styles + 1,) weights, see `style_weights`.

    Returns:
        Given and made notes, canonical. A given note that reaches a cell to be made ends there, or
        goes on for as long as the model holds it.
    """
    layout = model.generator.layout
    mask = 1 - to_make.astype(np.float32)
    heard = to_patches(given, layout, model.device, mask)
    marks = torch.from_numpy(mask).to(model.device)
    styles = style.to(model.device).expand(len(given), -1)
    with torch.inference_mode():
        logits = model.generator(latents.to(model.device), styles, heard, marks)
        whole = complete(sound(logits, layout), heard, marks, layout)
    return in_range(from_patches(whole, layout), model.spec.ensemble)


def fill_song(
    model: Model,
    song: Phrases,
    to_make: BoolArray,
    *,
    seed: int,
    style: torch.Tensor,
    numbers: Sequence[int] | None = None,
    temperature: float = 1.0,
    home: int | None = None,
) -> Phrases:
    """A song of any length completed by a model, moved to the key it knows and back.

    Args:
        model: what composes.
        song: one canonical phrase of any number of bars on the model's grid.
        to_make: (tracks, bars), true where the model writes; what `song` has there is replaced.
            Everything else is given, and silence there is meant.
        seed: another number, other music.
        style: (styles + 1,) weights, see `style_weights`.
        numbers: the number whose chance each bar has; equal numbers make bars more alike. None
            counts the bars.
        temperature: scales the latents: 1 as trained, below 1 nearer to what is usual, above 1
            more daring.
        home: semitones that the song lies above C major or A minor; None listens to what is given
            around each window. Of no account where the model knows all keys.

    Returns:
        One phrase: the notes that begin in given cells exactly as they are, and the made notes.
        Where both have one pitch in one track, the made note makes room.
    """
    ensemble, bars = model.spec.ensemble, max(song.bars, model.spec.bars)
    cells = np.zeros((len(ensemble.tracks), bars), bool)
    cells[:, : song.bars] = to_make
    given = song.keep(~begins_in(song, to_make))
    whole = given = replace(given, bars=bars)
    numbers = range(song.bars) if numbers is None else numbers
    numbers = [*numbers, *range(song.bars, bars)]
    chance = song_latents(model, seed, numbers).scaled(temperature)

    def key_at(first: int) -> IntArray:
        key = _key_around(given, first, model) if home is None else np.array([home])
        return key * int(model.spec.common_key)

    def hear(first: int, count: int, key: IntArray) -> Phrases:
        return move(cut_out(whole, first, count), -key, ensemble)

    plan = windows(np.logical_or.reduce(cells), model.spec.bars)
    for window, before in recalled(plan, model.spec.bars):
        view = slice(window.first, window.first + model.spec.bars)
        fresh = cells.copy()
        fresh[:, : window.begin] = fresh[:, window.end :] = False
        key, known = key_at(window.first), window.begin - window.first
        heard = hear(window.first, model.spec.bars, key)
        if before != window.first:
            now = hear(window.begin, model.spec.bars - known, key)
            heard = _in_a_row(hear(before, known, key_at(before)), now)
        loops = looping(whole, cells, window.begin, model.spec.bars, ensemble.drums)
        asked = fresh[None, :, view].copy()
        asked[:, loops, :known] = True
        filled = fill(model, heard, asked, _bars_of(chance, view), style)
        filled = _begun_anew(filled, loops, known)
        if before != window.first:  # what sounds on from there is no note of the bar before
            filled = filled.keep(filled.start >= known * song.grid.steps_per_bar)
        whole = _take(whole, move(filled, key, ensemble), cells, fresh, window)
    return replace(beside(given, whole.keep(begins_in(whole, cells))), bars=song.bars)


def song_latents(model: Model, seed: int, numbers: Sequence[int]) -> Latents:
    """Latents of a whole song: a seed's own held ones, and for each bar those of its number."""
    sizes, tracks = model.generator.sizes, model.generator.layout.tracks
    held = np.random.default_rng([seed])
    bars = [np.random.default_rng([seed, 1 + number]) for number in numbers]
    per_bar = [
        (_normal(bar, sizes.shared_bar), _normal(bar, tracks, sizes.track_bar)) for bar in bars
    ]
    return Latents(
        _normal(held, 1, sizes.shared),
        torch.stack([shared for shared, _ in per_bar])[None],
        _normal(held, 1, tracks, sizes.track),
        torch.stack([own for _, own in per_bar], 1)[None],
    )


def _key_around(given: Phrases, first: int, model: Model) -> IntArray:
    """Semitones that a window and the bars about it lie above C major or A minor, (1,)."""
    ensemble, about = model.spec.ensemble, max(model.spec.bars // 2, 1)
    start, end = max(first - about, 0), min(first + model.spec.bars + about, given.bars)
    near = cut_out(given, start, end - start)
    return home_keys(given if ensemble.drums[near.track].all() else near, ensemble)


def _in_a_row(one: Phrases, other: Phrases) -> Phrases:
    """Two one-phrase songs, one after the other."""
    start = other.start.astype(np.int64) + one.steps
    later = replace(other, start=start.astype(np.uint16), bars=one.bars + other.bars)
    return join(replace(one, bars=later.bars), later)


def _begun_anew(filled: Phrases, tracks: BoolArray, known: int) -> Phrases:
    """A window in which some tracks begin after its `known` bars, with what sounds there."""
    anew = tracks[filled.track]
    later = cut_out(filled.keep(anew), known, filled.bars - known)
    silence = replace(later.keep(np.zeros(len(later.track), bool)), bars=known)
    return join(filled.keep(~anew), _in_a_row(silence, later))


def _bars_of(latents: Latents, view: slice) -> Latents:
    bar, track_bar = latents.shared_bar[:, view], latents.track_bar[:, :, view]
    return Latents(latents.shared, bar, latents.track, track_bar)


def _normal(random: np.random.Generator, *shape: int) -> torch.Tensor:
    return torch.from_numpy(random.standard_normal(shape, np.float32))


def _take(
    whole: Phrases, filled: Phrases, cells: BoolArray, fresh: BoolArray, window: Window
) -> Phrases:
    """`whole` with the notes of `filled` that begin in fresh cells, and made notes held into them.

    Args:
        whole: the song so far.
        filled: the window, completed.
        cells: (tracks, bars) of the song that models make.
        fresh: those of them that this window makes.
        window: where it lies.
    """
    per_bar = whole.grid.steps_per_bar
    border = window.begin * per_bar
    start = filled.start.astype(np.int64) + window.first * per_bar
    filled = replace(filled, start=start.astype(np.uint16))
    new = filled.keep(begins_in(filled, fresh))
    goes_on = (start < border) & (start + filled.duration > border)
    going_on = filled.keep(goes_on & fresh[filled.track, window.begin])
    ends = np.zeros((len(cells), PITCHES), np.int64)
    ends[going_on.track, going_on.pitch] = going_on.start.astype(np.int64) + going_on.duration
    # only what was made is held on, and only if it was held right up to the border
    begun, stopped = whole.start.astype(np.int64), whole.start.astype(np.int64) + whole.duration
    longer = ends[whole.track, whole.pitch]
    held = begins_in(whole, cells) & (stopped == border) & (longer > border)
    duration = np.where(held, longer - begun, whole.duration).astype(np.uint16)
    return join(replace(whole, duration=duration), new)
