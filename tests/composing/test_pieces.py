from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.composing import pieces
from musegan.composing.form import Form
from musegan.composing.generate import generate, style_weights
from musegan.composing.joining import join
from musegan.composing.model import Model
from musegan.composing.pieces import (
    NEW,
    Manner,
    copied_bars,
    section_textures,
    varied_cells,
    write_piece,
)
from musegan.composing.windows import cut_out
from musegan.data.arrangements import playing
from musegan.pianoroll import Phrases
from tests.models.toys import GRID, toy_spec

from .toys import quiet_model

MODEL = quiet_model(common_key=True)
ANY = style_weights(MODEL.spec, None)
OPENING = next(generate(MODEL, 1, seed=2)).canonical()
FORMS = st.builds(Form, st.text("ABC", min_size=1, max_size=5), st.integers(1, 5))


def written(letters: str, length: int, seed: int = 0, kept: int = 0) -> Phrases:
    form = Form(letters, length)
    opening = cut_out(OPENING, 0, min(2, length)) if not kept else OPENING
    return write_piece(MODEL, opening, form, Manner(seed, ANY, 0), kept)


def section(piece: Phrases, number: int, length: int) -> set[tuple[int, int, int]]:
    part = cut_out(piece, number * length, length)
    return set(zip(part.track.tolist(), part.start.tolist(), part.pitch.tolist(), strict=True))


def alike(one: set[tuple[int, int, int]], other: set[tuple[int, int, int]]) -> float:
    return len(one & other) / max(len(one | other), 1)


@pytest.mark.parametrize("length", [3, 4])
def test_equal_letters_are_alike_and_others_are_not(length: int) -> None:
    equal, unequal = [], []
    for seed in range(3):
        piece = written("AABA", length, seed)
        parts = [section(piece, number, length) for number in range(4)]
        equal += [alike(parts[0], parts[1]), alike(parts[0], parts[3])]
        unequal += [alike(parts[0], parts[2]), alike(parts[1], parts[2])]
    assert np.mean(equal) > 0.3
    assert np.mean(equal) > 1.5 * np.mean(unequal)
    assert max(equal) < 1


def test_a_piece_is_the_same_for_the_same_seed_alone() -> None:
    assert written("ABA", 2, 1).rows() == written("ABA", 2, 1).rows()
    assert written("ABA", 2, 1).rows() != written("ABA", 2, 2).rows()


@pytest.mark.parametrize(("letters", "length"), [("A", 5), ("AB", 1), ("ABA", 3)])
def test_a_piece_is_as_long_as_its_form_and_ends_on_a_held_chord(letters: str, length: int) -> None:
    piece = written(letters, length)
    last = piece.steps - GRID.steps_per_bar
    assert piece.bars == len(letters) * length
    assert len(piece) == 1
    late = piece.keep((piece.start >= last) & (piece.track == 1))
    assert set(late.start.tolist()) == {last}
    assert set(late.duration.tolist()) == {GRID.steps_per_bar}
    assert (piece.start.astype(int) + piece.duration <= piece.steps).all()


@pytest.mark.parametrize("letters", ["A", "AB", "AAA"])
def test_bars_that_are_kept_stay_note_for_note(letters: str) -> None:
    piece = written(letters, 6 // len(letters), kept=2)
    early = piece.keep(piece.start < OPENING.steps)
    assert early.rows() == OPENING.rows()
    later = playing(piece, 2)[0, :, 2:]
    assert later.any(axis=0).all()


def test_sections_longer_than_a_phrase_are_periods() -> None:
    sources = copied_bars(Form("ABA", 8), 4, 4)
    new = NEW
    assert sources[:8].tolist() == [new, new, new, new, 0, 1, new, new]
    assert sources[8:16].tolist() == [new, new, new, new, 8, 9, new, new]
    assert sources[16:].tolist() == list(range(8))


def test_a_single_section_goes_on_and_on() -> None:
    assert (copied_bars(Form("A", 16), 4, 4) == NEW).all()


@given(FORMS, st.integers(1, 4), st.integers(1, 4))
def test_bars_repeat_bars_that_are_there(form: Form, given_bars: int, phrase: int) -> None:
    sources = copied_bars(form, min(given_bars, form.length), phrase)
    bars = np.arange(form.bars)
    copied = sources != NEW
    assert (sources[copied] < bars[copied]).all()
    letters = np.array(list(form.letters))
    assert (letters[sources[copied] // form.length] == letters[bars[copied] // form.length]).all()
    first = {letter: form.letters.index(letter) for letter in form.letters}
    repeats = np.array(
        [first[form.letters[bar // form.length]] < bar // form.length for bar in bars]
    )
    assert copied[repeats].all()


def test_a_share_of_what_sounds_in_repeats_alone_is_varied() -> None:
    form = Form("ABA", 4)
    rows = [(track, bar * GRID.steps_per_bar, 2, 40, 80) for track in (0, 1) for bar in range(12)]
    piece = Phrases.of([[row for row in rows if row[1] != 9 * GRID.steps_per_bar]], GRID, 12)
    cells = varied_cells(piece, form, MODEL.spec, 3)
    assert not cells[:, :8].any()
    assert cells.sum() == round(0.15 * 6)
    assert (cells <= (playing(piece, 2)[0] > 0)).all()


def test_sections_have_textures_of_their_own_like_the_first() -> None:
    spec = toy_spec(arrangements={"calm": ["11 10", "11 11"], "wild": ["00 11"]})
    opening = Phrases.of([[(0, 0, 60, 40, 80), (1, 0, 60, 40, 80)]], GRID, 2)
    assert (playing(opening, 2) > 0).all()
    manner = Manner(0, style_weights(spec, None), 0)
    textures = section_textures(spec, opening, Form("AB", 2), manner)
    assert textures["A"].tolist() == [[True, True], [True, True]]
    assert textures["B"].tolist() == [[True, True], [True, False]]
    only = section_textures(spec, opening, Form("AB", 2), Manner(0, manner.style, 0, ["bass"]))
    assert only["B"].tolist() == [[False, False], [True, True]]


def test_a_short_opening_gives_a_whole_texture() -> None:
    opening = Phrases.of([[(1, 0, 3, 40, 80)]], GRID, 1)
    textures = section_textures(MODEL.spec, opening, Form("A", 4), Manner(0, ANY, 0))
    assert textures["A"].tolist() == [[False, False], [True, True]]


def test_new_bars_are_tried_again_until_they_are_in_the_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scale = (0, 4, 7, 0, 5, 9, 7, 2)
    opening = Phrases.of([[(1, 3 * i, 3, 36 + d, 80) for i, d in enumerate(scale)]], GRID, 1)
    tried: list[int] = []

    def fill_song(model: Model, song: Phrases, to_make: object, seed: int, **_: object) -> Phrases:
        tried.append(seed)
        moved = replace(opening, pitch=opening.pitch + np.uint8((6, 1, 0)[len(tried) - 1]))
        late = replace(moved, start=moved.start + np.uint16(GRID.steps_per_bar), bars=2)
        return join(song, late)

    monkeypatch.setattr(pieces, "fill_song", fill_song)
    monkeypatch.setattr(pieces, "come_home", lambda piece, *_: piece)
    monkeypatch.setattr(pieces, "VARIED", 0)
    piece = write_piece(MODEL, opening, Form("A", 2), Manner(0, ANY, 0), 0)
    assert len(set(tried[:3])) == 3
    assert piece.pitch.tolist() == 2 * opening.pitch.tolist()
