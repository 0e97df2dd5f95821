import numpy as np
import pytest

from musegan.composing import songwriting
from musegan.composing.choosing import Request, compose
from musegan.composing.form import Form
from musegan.composing.keys import parse_key
from musegan.composing.songwriting import compose_pieces
from musegan.composing.windows import cut_out
from musegan.evaluation.copies import Copies
from musegan.pianoroll import Phrases
from tests.models.toys import DUO, GRID, some_phrases

from .toys import quiet_model

MODEL = quiet_model(common_key=True)
ABA = Form("ABA", 2)
BAR = GRID.steps_per_bar


def first_bar(piece: Phrases, index: int) -> list[list[tuple[int, int, int, int, int]]]:
    return cut_out(piece.select([index]), 0, 1).rows()


def test_a_piece_grows_from_the_phrase_of_its_number() -> None:
    pieces = compose_pieces(MODEL, Request(5), ABA, 0, 3)
    phrases = compose(MODEL, Request(5), 0, 3)
    assert (len(pieces), pieces.bars) == (3, 6)
    for index in range(3):
        assert first_bar(pieces, index) == first_bar(phrases, index)


def test_a_piece_depends_on_its_number_alone() -> None:
    whole = compose_pieces(MODEL, Request(5), ABA, 0, 4).rows()
    assert compose_pieces(MODEL, Request(5), ABA, 2, 1).rows() == whole[2:3]


@pytest.mark.parametrize("name", ["Em", "Bb"])
def test_a_piece_begins_and_ends_in_the_key_asked_for(name: str) -> None:
    key = parse_key(name)
    pieces = compose_pieces(MODEL, Request(5, tracks=("bass",), key=key), ABA, 0, 3)
    phrases = compose(MODEL, Request(5, tracks=("bass",), key=key), 0, 3)
    for index in range(3):
        assert first_bar(pieces, index) == first_bar(phrases, index)
        last = pieces.select([index])
        last = last.keep(last.start >= 5 * BAR)
        assert set((last.pitch % 12).tolist()) == {4 if name == "Em" else 10}


def test_only_the_tracks_asked_for_play() -> None:
    pieces = compose_pieces(MODEL, Request(5, tracks=("drums",)), ABA, 0, 2)
    assert set(pieces.track.tolist()) == {0}


def test_a_piece_that_copies_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(songwriting, "TRIES", 3)
    plain = compose_pieces(MODEL, Request(5), ABA, 0, 2)
    later = cut_out(plain.select([0]), 2, 2)
    copies = Copies(later, DUO, np.array([np.inf, np.inf, 0.99]))
    pieces = compose_pieces(MODEL, Request(5, copies=copies), ABA, 0, 2)
    assert pieces.rows()[0] != plain.rows()[0]
    assert pieces.rows()[1] == plain.rows()[1]
    assert pieces.rows()[0]


def test_a_piece_for_which_nothing_is_found_has_no_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(songwriting, "TRIES", 2)
    monkeypatch.setattr("musegan.composing.choosing.TRIES", 2)
    everything = Copies(some_phrases(4), DUO, np.array([-1.0, -1.0, -1.0]))
    pieces = compose_pieces(MODEL, Request(copies=everything), ABA, 0, 1)
    assert pieces.rows() == [[]]
    assert pieces.bars == 6
