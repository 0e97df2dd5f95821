"""Phrases chosen from many: in a key, no copies, and the best of several.

Phrase i is chosen among `best_of` candidates, which are phrases i × best_of and following of the
seed's series. If none of them will do, as many from a stretch of the series far away stand for it,
and so on. So what is chosen depends on what is asked for, the seed and i alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musegan.composing.generate import BATCH, arrangements, generate, style_shares, style_weights
from musegan.composing.keys import tonic
from musegan.composing.model import Model
from musegan.data.keys import estimate_keys, move
from musegan.errors import MuseganError
from musegan.evaluation.copies import Copies
from musegan.evaluation.typical import mix_levels, strangeness
from musegan.instruments import Ensemble
from musegan.models.spec import ModelSpec
from musegan.pianoroll import Phrases, concatenate
from musegan.song import IntArray, Key

TRIES = 64  # a style in the asked mode one time in ten fails once in a thousand phrases
FAR = 1 << 40  # phrases from one stretch of a series to the next


@dataclass(frozen=True)
class Request:
    """Phrases asked of a model.

    Attributes:
        seed: which series of phrases.
        style: a style of the model, a mix of them, or None for any; see `style_weights`.
        tracks: the tracks that play; None is as the style does.
        temperature: how daring, >= 0, 1 as trained; see `generate`.
        key: the key phrases are written in; None leaves each where it is.
        best_of: candidates a phrase, >= 1; the least strange for its style is kept.
        copies: finds phrases that copy real ones, which are not kept; None keeps them.
    """

    seed: int = 0
    style: str | None = None
    tracks: tuple[str, ...] | None = None
    temperature: float = 1.0
    key: Key | None = None
    best_of: int = 1
    copies: Copies | None = None

    def check(self, spec: ModelSpec) -> None:
        """Make sure a model can do it.

        Raises:
            MuseganError: a style or track that the model does not know; there is a best to find,
                but the model does not tell what is typical.
        """
        arrangements(spec, style_weights(spec, self.style), self.tracks)
        if self.best_of > 1:
            typical(spec, self.style)


def compose(model: Model, request: Request, first: int, count: int) -> Phrases:
    """Phrases `first` to `first + count - 1` of a request.

    A phrase is moved to a key of its own mode only: one in A minor goes to E minor and never to G
    major, which has the same notes but another home. One that nothing can be found for in `TRIES`
    tries has no notes.

    Raises:
        MuseganError: as `Request.check`.
    """
    if request.best_of == 1 and request.key is None and request.copies is None:
        return _candidates(model, request, first, count)
    ensemble, many = model.spec.ensemble, request.best_of
    levels = typical(model.spec, request.style) if many > 1 else {}
    nothing = Phrases.of([[]], model.spec.grid, model.spec.bars)
    chosen, missing = [nothing] * count, np.arange(count)
    for attempt in range(TRIES):
        made = candidates_of(model, request, attempt * FAR + first + missing)
        rating = strangeness(made, ensemble, levels, many)
        rating[~_acceptable(made, ensemble, request).reshape(rating.shape)] = np.inf
        best, found = rating.argmin(axis=1), np.isfinite(rating.min(axis=1))
        for row in np.flatnonzero(found):
            chosen[missing[row]] = made.select([row * many + best[row]])
        missing = missing[~found]
        if not len(missing):
            break
    phrases = concatenate(chosen)
    return phrases if request.key is None else to_key(phrases, request.key, ensemble)


def candidates_of(model: Model, request: Request, numbers: IntArray) -> Phrases:
    """The candidates of some phrases of rising numbers; batches that hold none are not made."""
    many = request.best_of
    begin, last = numbers * many // BATCH, ((numbers + 1) * many - 1) // BATCH
    made = []
    for run in np.split(numbers, 1 + np.flatnonzero(begin[1:] > last[:-1] + 1)):
        whole = _candidates(model, request, int(run[0]), int(run[-1] - run[0]) + 1)
        made.append(whole.select(((run - run[0])[:, None] * many + np.arange(many)).ravel()))
    return concatenate(made)


def _candidates(model: Model, request: Request, first: int, count: int) -> Phrases:
    made = generate(
        model,
        count * request.best_of,
        seed=request.seed,
        style=request.style,
        tracks=request.tracks,
        temperature=request.temperature,
        siblings=request.best_of,
        first=first * request.best_of,
    )
    return concatenate(list(made))


def to_key(phrases: Phrases, key: Key, ensemble: Ensemble) -> Phrases:
    """Phrases moved so that their estimated tonic is the key's, the shorter way; drums stay."""
    from_tonic, _ = estimate_keys(phrases, ensemble)
    return move(phrases, (tonic(key) - from_tonic + 5) % 12 - 5, ensemble)


def typical(spec: ModelSpec, style: str | None) -> dict[str, tuple[float, float]]:
    """What is typical of a style, of a mix, or with None of all styles together.

    Raises:
        MuseganError: an unknown style, or the model's description does not tell.
    """
    shares = style_shares(spec, style_weights(spec, style))
    levels = mix_levels([spec.typical.get(name, {}) for name in spec.styles], shares.tolist())
    if not levels:
        raise MuseganError(
            f"{spec.name}: its description does not tell what is typical of {style or 'its'} "
            "phrases, so none can be called the best; train it again, or leave out --best-of"
        )
    return levels


def _acceptable(phrases: Phrases, ensemble: Ensemble, request: Request) -> NDArray[np.bool_]:
    good = np.diff(phrases.offsets) > 0
    if request.key is not None:
        _, minor = estimate_keys(phrases, ensemble)
        drums = ensemble.drums[phrases.track]
        pitched = np.bincount(phrases.phrase[~drums], minlength=len(phrases)) > 0
        good &= (minor == request.key.minor) | ~pitched
    if request.copies is not None:
        good[good] = ~request.copies.among(phrases.select(good))
    return good
