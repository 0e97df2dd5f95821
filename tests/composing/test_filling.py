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


def test_what_is_made_is_not_heard_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that plays one note more than the most it hears in a bar: no song piles up."""

    def more(_: Model, heard: Phrases, to_make: np.ndarray, *__: object) -> Phrases:
        known = heard.keep(~begins_in(heard, to_make[0]))
        bar = known.start // GRID.steps_per_bar
        most = int(np.bincount(bar, minlength=1).max()) + 1
        rows = [
            (1, GRID.steps_per_bar * bar + step, 1, 40, 70)
            for bar in range(2)
            for step in range(most)
        ]
        return Phrases.of([rows], GRID, 2)

    monkeypatch.setattr("musegan.composing.filling.fill", more)
    to_make = np.zeros((2, 20), bool)
    to_make[1] = True
    whole = filled(Phrases.of([[]], GRID, 20), to_make)
    assert np.bincount(whole.start // GRID.steps_per_bar).max() <= 3


def test_a_track_that_only_says_what_it_said_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that plays on what it hears, and for silence a note that it never played."""
    fresh = iter(range(40, 80))

    def same(_: Model, heard: Phrases, to_make: np.ndarray, *__: object) -> Phrases:
        known = heard.keep(~begins_in(heard, to_make[0]))
        pitches = {*known.pitch.tolist()} or {next(fresh)}
        bar = GRID.steps_per_bar
        struck = [0] if to_make[0, 1, 0] else [0, bar]  # a note held over, where it is free to
        rows = [(1, s, 2 * bar // len(struck), p, 70) for p in pitches for s in struck]
        return Phrases.of([rows], GRID, 2).canonical()

    monkeypatch.setattr("musegan.composing.filling.fill", same)
    to_make = np.zeros((2, 12), bool)
    to_make[1] = True
    whole = filled(Phrases.of([[]], GRID, 12), to_make)
    by_bar = {start // GRID.steps_per_bar: pitch for _, start, _, pitch, _ in whole.rows()[0]}
    assert list(by_bar) == [0, *range(2, 12)]  # the first note lasts two bars
    assert len({*by_bar.values()}) == 3


TUNE = [(1, 6 * beat, 6, pitch, 80) for beat, pitch in enumerate((36, 40, 43, 41) * BARS)]
DRUMS_TO_MAKE = np.array([[True] * BARS, [False] * BARS])


def drums_under(
    tune: list[tuple[int, int, int, int, int]], home: int | None, model: Model
) -> Phrases:
    song = Phrases.of([tune], GRID, BARS)
    whole = fill_song(model, song, DRUMS_TO_MAKE, seed=1, style=ANY, home=home)
    return whole.keep(whole.track == 0)


def higher(
    tune: list[tuple[int, int, int, int, int]], shift: int
) -> list[tuple[int, int, int, int, int]]:
    return [(t, s, d, p + shift, v) for t, s, d, p, v in tune]


def test_a_model_of_one_key_hears_every_song_in_it() -> None:
    model = toy_model(common_key=True)
    in_c = drums_under(TUNE, 0, model).rows()
    assert drums_under(TUNE, None, model).rows() == in_c
    assert drums_under(higher(TUNE, 5), 5, model).rows() == in_c
    assert drums_under(higher(TUNE, 5), None, model).rows() == in_c
    assert drums_under(higher(TUNE, 5), 0, model).rows() != in_c
    assert drums_under(higher(TUNE, 5), 5, MODEL).rows() != drums_under(TUNE, 0, MODEL).rows()


def test_a_song_that_changes_its_key_is_heard_in_each() -> None:
    model = toy_model(common_key=True)
    half = 4 * 4
    both = drums_under(TUNE[:half] + higher(TUNE[half:], 6), None, model)
    in_c = drums_under(TUNE, 0, model)
    early, late = 2 * GRID.steps_per_bar, 6 * GRID.steps_per_bar
    assert both.keep(both.start < early).rows() == in_c.keep(in_c.start < early).rows()
    late_in_c = drums_under(TUNE[:half] + higher(TUNE[half:], 6), 0, model)
    assert both.keep(both.start >= late).rows() != late_in_c.keep(late_in_c.start >= late).rows()


def test_what_is_made_is_in_the_song_s_key() -> None:
    """A fourth up in is a fourth up out; beyond the bass's range an octave lower."""
    drums = Phrases.of([[(0, 6 * beat, 1, 36, 90) for beat in range(4 * BARS)]], GRID, BARS)
    model = toy_model(common_key=True)
    low, high = (
        fill_song(model, drums, ~DRUMS_TO_MAKE, seed=1, style=ANY, home=home) for home in (0, 5)
    )
    low, high = (  # the first window: in later ones the model hears what the range made of these
        whole.keep((whole.track == 1) & (whole.start < LAYOUT.bars * GRID.steps_per_bar))
        for whole in (low, high)
    )
    assert len(high.track) > 10
    moved = {
        (s, p + 5 if p + 5 <= 67 else p - 7) for s, p in zip(low.start, low.pitch, strict=True)
    }
    assert {(s, p) for s, p in zip(high.start, high.pitch, strict=True)} == moved


def test_styles_reach_the_network() -> None:
    song, to_make = long_song(), np.ones((2, BARS), bool)
    calm, wild = (
        fill_song(MODEL, song, to_make, seed=1, style=s[0]) for s in (styles_of(0), styles_of(1))
    )
    assert calm.rows() != wild.rows()
