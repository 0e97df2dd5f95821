"""Pieces from nothing but a form, a style and a seed."""

from __future__ import annotations

import numpy as np

from musegan.composing.choosing import FAR, TRIES, Request, compose
from musegan.composing.form import Form
from musegan.composing.generate import style_weights
from musegan.composing.keys import tonic
from musegan.composing.model import Model
from musegan.composing.pieces import Manner, write_piece
from musegan.composing.study import windows_of
from musegan.composing.windows import cut_out
from musegan.data.keys import home_keys
from musegan.pianoroll import Phrases, concatenate


def compose_pieces(model: Model, request: Request, form: Form, first: int, count: int) -> Phrases:
    """Pieces `first` to `first + count - 1` of a request: phrase i of it, grown into a form.

    A piece is in one key throughout, the request's or that of its phrase. One whose bars
    copy real songs, or whose phrase is silent, is tried again from another phrase, and has no notes
    when nothing is found.

    Raises:
        MuseganError: as `Request.check`.
    """
    return concatenate(
        [_piece(model, request, form, number) for number in range(first, first + count)]
    )


def _piece(model: Model, request: Request, form: Form, number: int) -> Phrases:
    weights = style_weights(model.spec, request.style)
    for attempt in range(TRIES):
        index = number + attempt * FAR
        phrase = compose(model, request, index, 1)
        opening = cut_out(phrase, 0, min(phrase.bars, form.length))
        manner = Manner(
            int(np.random.default_rng([request.seed, index, 8]).integers(2**62)),
            weights,
            int(home_keys(phrase, model.spec.ensemble)[0]),
            request.tracks,
            request.temperature,
            None if request.key is None else (tonic(request.key), request.key.minor),
        )
        piece = write_piece(model, opening, form, manner, 0)
        windows = windows_of(piece, model.spec.bars)
        copied = request.copies is not None and request.copies.among(windows).any()
        if len(phrase.track) and not copied:
            return piece
    return piece.keep(np.zeros(len(piece.track), bool))
