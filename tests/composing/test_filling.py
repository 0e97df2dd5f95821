import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from musegan.composing.filling import fill, fill_song, song_latents
from musegan.composing.generate import in_range, style_weights
from musegan.composing.joining import begins_in
from musegan.composing.model import Model
from musegan.pianoroll import Phrases
from tests.composing.toys import toy_model
from tests.models.toys import GRID, LAYOUT, some_phrases, styles_of, toy_latents

MODEL = toy_model()
ANY = style_weights(MODEL.spec, None)
BARS = 7

cells = st.lists(st.booleans(), min_size=2 * BARS, max_size=2 * BARS).map(
    lambda marks: np.array(marks).reshape(2, BARS)
)


def long_song(seed: int = 0, bars: int = BARS) -> Phrases:
    draw = np.random.default_rng(seed)
    steps = bars * GRID.steps_per_bar
    rows = [
        (track, start, 1 if track == 0 else int(draw.integers(1, 60)), pitch, 80)
        for track, start, pitch in draw.integers((0, 0, 38), (2, steps, 60), (40, 3)).tolist()
    ]
    return Phrases.of([rows], GRID, bars).canonical()


def filled(song: Phrases, to_make: np.ndarray, model: Model = MODEL, seed: int = 1) -> Phrases:
    return fill_song(model, song, to_make, seed=seed, style=ANY)


def test_one_call_completes_a_batch() -> None:
    phrases = some_phrases(3)
    to_make = np.zeros((3, 2, LAYOUT.bars), bool)
    to_make[1, 1] = to_make[2, :, 1] = True
    whole = fill(MODEL, phrases, to_make, toy_latents(3), ANY)
    theirs = in_range(phrases, MODEL.spec.ensemble)
    assert whole.select([0]).rows() == theirs.select([0]).rows()
    assert begins_in(whole.select([2]), to_make[2]).any()
    drums = whole.select([1]).track == 0
    assert (
        whole.select([1]).keep(drums).rows()
        == theirs.select([1]).keep(theirs.select([1]).track == 0).rows()
    )
    assert not drums.all()


def test_what_is_to_be_made_is_not_heard() -> None:
    phrases = some_phrases(2)
    everything = np.ones((2, 2, LAYOUT.bars), bool)
    alone = fill(
        MODEL, phrases.keep(np.zeros(len(phrases.track), bool)), everything, toy_latents(2), ANY
    )
    assert fill(MODEL, phrases, everything, toy_latents(2), ANY).rows() == alone.rows()


@settings(max_examples=15)
@given(cells, st.integers(0, 5), st.booleans())
def test_given_notes_come_back_and_made_ones_lie_where_asked(
    to_make: np.ndarray, seed: int, common_key: bool
) -> None:
    song = long_song(seed)
    whole = filled(song, to_make, toy_model(common_key=common_key))
    made = begins_in(whole, to_make)
    assert whole.keep(~made).rows() == song.keep(~begins_in(song, to_make)).rows()
    assert whole.bars == song.bars
    end = whole.start.astype(int) + whole.duration
    assert (end <= whole.steps).all()
    sounding = np.zeros((2, 128, whole.steps), int)
    for track, start, length, pitch, _ in whole.rows()[0]:
        sounding[track, pitch, start : start + length] += 1
    assert sounding.max() <= 1


def test_every_cell_asked_for_gets_notes() -> None:
    to_make = np.zeros((2, BARS), bool)
    to_make[1] = True
    whole = filled(long_song(), to_make)
    made = whole.keep(begins_in(whole, to_make))
    assert set((made.start // GRID.steps_per_bar).tolist()) == set(range(BARS))


def test_chance_belongs_to_the_bar_and_not_to_the_window() -> None:
    whole = song_latents(MODEL, 3, range(9))
    later = song_latents(MODEL, 3, range(5, 9))
    assert torch.equal(whole.shared_bar[:, 5:], later.shared_bar)
    assert torch.equal(whole.track_bar[:, :, 5:], later.track_bar)
    assert torch.equal(whole.shared, later.shared)
    assert not torch.equal(whole.shared, song_latents(MODEL, 4, range(9)).shared)
    assert whole.shared_bar[0].unique(dim=0).shape == whole.shared_bar[0].shape


def test_the_same_seed_gives_the_same_song_and_another_another() -> None:
    to_make = np.ones((2, BARS), bool)
    song = long_song()
    assert filled(song, to_make).rows() == filled(song, to_make).rows()
    assert filled(song, to_make).rows() != filled(song, to_make, seed=2).rows()


def test_what_comes_later_does_not_change_what_came_before() -> None:
    to_make = np.ones((2, 8), bool)
    short = filled(long_song(bars=6), to_make[:, :6])
    long = filled(long_song(bars=8), to_make)
    early = [row for row in long.rows()[0] if row[1] + row[2] < 6 * GRID.steps_per_bar]
    assert early == [row for row in short.rows()[0] if row[1] + row[2] < 6 * GRID.steps_per_bar]


def test_a_song_shorter_than_the_model_s_phrases_is_completed() -> None:
    song = long_song(bars=1)
    whole = filled(song, np.array([[False], [True]]))
    assert whole.bars == 1
    assert set(whole.track.tolist()) == {0, 1}


def test_notes_are_held_over_the_border_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that holds one long note: two windows make one note of it."""
    held = Phrases.of([[(1, 0, 48, 40, 70)]], GRID, 2)
    monkeypatch.setattr("musegan.composing.filling.fill", lambda *_: held)
    to_make = np.zeros((2, 4), bool)
    to_make[1] = True
    assert filled(Phrases.of([[]], GRID, 4), to_make).rows() == [[(1, 0, 96, 40, 70)]]


def test_a_common_key_is_left_and_come_back_to() -> None:
    """A fifth up in, a fifth up out, whatever the network makes of it."""
    rows = [
        (1, 24 * bar + 6 * beat, 6, pitch, 80)
        for bar in range(2)
        for beat, pitch in enumerate((36, 40, 43, 47))
    ]
    song = Phrases.of([rows], GRID, 2)
    higher = Phrases.of([[(t, s, d, p + 5, v) for t, s, d, p, v in rows]], GRID, 2)
    to_make = np.array([[True, True], [False, False]])
    model = toy_model(common_key=True)
    one, other = (filled(s, to_make, model) for s in (song, higher))
    assert one.keep(one.track == 0).rows() == other.keep(other.track == 0).rows()


def test_styles_reach_the_network() -> None:
    song, to_make = long_song(), np.ones((2, BARS), bool)
    calm, wild = (
        fill_song(MODEL, song, to_make, seed=1, style=s[0]) for s in (styles_of(0), styles_of(1))
    )
    assert calm.rows() != wild.rows()
