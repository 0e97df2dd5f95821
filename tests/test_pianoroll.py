from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.pianoroll import (
    ONSET,
    SUSTAIN,
    VELOCITY,
    Grid,
    Phrases,
    concatenate,
    from_planes,
    to_planes,
)

Row = tuple[int, int, int, int, int]  # track, start, duration, pitch, velocity

TRACKS = 3
GRIDS = [Grid(4, 2), Grid(3, 2), Grid(6, 1, 8), Grid(7, 1, 8), Grid(1, 5, 2)]


@st.composite
def phrase_sets(draw: st.DrawFn) -> Phrases:
    """Phrases with few pitches and steps, so that notes meet, repeat, overlap and run over."""
    grid = draw(st.sampled_from(GRIDS))
    bars = draw(st.integers(1, 2))
    steps = bars * grid.steps_per_bar
    pitch = st.one_of(st.sampled_from([60, 61, 64]), st.sampled_from([0, 127]))
    row = st.tuples(
        st.integers(0, TRACKS - 1),
        st.integers(0, steps + 2),
        st.integers(1, steps + 3),
        pitch,
        st.integers(1, 127),
    )
    return Phrases.of(draw(st.lists(st.lists(row, max_size=25), max_size=4)), grid, bars)


def sounding(rows: Sequence[Row], steps: int) -> list[Row]:
    """What planes can hold of the notes, worked out step by step as a player would hear it."""
    heard = []
    for track, pitch in sorted({(row[0], row[3]) for row in rows}):
        strikes: dict[int, tuple[int, int]] = {}
        for t, start, duration, p, velocity in rows:
            if (t, p) == (track, pitch) and start < steps:
                longest, loudest = strikes.get(start, (0, 0))
                strikes[start] = (max(longest, duration), max(loudest, velocity))
        for start, (duration, velocity) in strikes.items():
            end = start + 1
            while end < steps and end < start + duration and end not in strikes:
                end += 1
            heard.append((track, start, end - start, pitch, velocity))
    return sorted(heard, key=lambda row: (row[0], row[1], row[3]))


def same(a: Phrases, b: Phrases) -> bool:
    dtypes = [(x.track.dtype, x.start.dtype, x.pitch.dtype, x.offsets.dtype) for x in (a, b)]
    return (a.grid, a.bars, a.rows()) == (b.grid, b.bars, b.rows()) and dtypes[0] == dtypes[1]


@given(phrase_sets())
def test_canonical_is_what_is_heard(phrases: Phrases) -> None:
    expected = [sounding(rows, phrases.steps) for rows in phrases.rows()]
    assert phrases.canonical().rows() == expected


@given(phrase_sets())
def test_canonical_changes_nothing_twice(phrases: Phrases) -> None:
    assert same(phrases.canonical().canonical(), phrases.canonical())


@given(phrase_sets())
def test_planes_hold_every_note_exactly(phrases: Phrases) -> None:
    planes = to_planes(phrases, TRACKS)
    assert planes.shape == (len(phrases), TRACKS, 3, phrases.steps, 128)
    assert same(from_planes(planes, phrases.grid, phrases.bars), phrases.canonical())


@given(phrase_sets())
def test_planes_are_what_the_notes_say(phrases: Phrases) -> None:
    expected = np.zeros((len(phrases), TRACKS, 3, phrases.steps, 128), np.uint8)
    for i, rows in enumerate(phrases.rows()):
        for track, start, duration, pitch, velocity in sounding(rows, phrases.steps):
            expected[i, track, ONSET, start, pitch] = 1
            expected[i, track, SUSTAIN, start : start + duration, pitch] = 1
            expected[i, track, VELOCITY, start, pitch] = velocity
    assert np.array_equal(to_planes(phrases, TRACKS), expected)


@given(phrase_sets())
def test_planes_survive_notes_and_back(phrases: Phrases) -> None:
    planes = to_planes(phrases, TRACKS)
    notes = from_planes(planes, phrases.grid, phrases.bars)
    assert np.array_equal(to_planes(notes, TRACKS), planes)


def test_a_note_struck_again_while_it_sounds_ends_the_one_before() -> None:
    phrases = Phrases.of([[(0, 0, 8, 60, 90), (0, 3, 2, 60, 50)]], Grid(4, 2), 1)
    assert phrases.canonical().rows() == [[(0, 0, 3, 60, 90), (0, 3, 2, 60, 50)]]
    onset, sustain = to_planes(phrases, 1)[0, 0, :2, :, 60]
    assert onset.tolist() == [1, 0, 0, 1, 0, 0, 0, 0]
    assert sustain.tolist() == [1, 1, 1, 1, 1, 0, 0, 0]


def test_repeated_notes_differ_from_a_held_one() -> None:
    grid = Grid(4, 2)
    held = Phrases.of([[(0, 0, 2, 60, 90)]], grid, 1)
    repeated = Phrases.of([[(0, 0, 1, 60, 90), (0, 1, 1, 60, 90)]], grid, 1)
    a, b = to_planes(held, 1), to_planes(repeated, 1)
    assert np.array_equal(a[:, :, SUSTAIN], b[:, :, SUSTAIN])
    assert not np.array_equal(a[:, :, ONSET], b[:, :, ONSET])


def test_notes_are_cut_at_the_phrase_s_end() -> None:
    phrases = Phrases.of([[(0, 7, 99, 60, 90), (0, 8, 1, 62, 90)]], Grid(4, 2), 1)
    assert phrases.canonical().rows() == [[(0, 7, 1, 60, 90)]]


def test_sustain_without_an_onset_is_silent_and_an_onset_alone_is_one_step() -> None:
    planes = np.zeros((1, 1, 3, 8, 128), np.uint8)
    planes[0, 0, SUSTAIN, 2:5, 60] = 1
    planes[0, 0, ONSET, 6, 62] = 1
    assert from_planes(planes, Grid(4, 2), 1).rows() == [[(0, 6, 1, 62, 1)]]


def test_planes_may_hold_a_part_of_the_pitches() -> None:
    planes = np.zeros((2, 1, 3, 8, 24), np.uint8)
    planes[1, 0, :, 3, 23] = (1, 1, 70)
    assert from_planes(planes, Grid(4, 2), 1).rows() == [[], [(0, 3, 1, 23, 70)]]


def test_planes_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"8 steps, but 2 bars need 16"):
        from_planes(np.zeros((1, 1, 3, 8, 128), np.uint8), Grid(4, 2), 2)


@given(phrase_sets(), st.data())
def test_select_takes_phrases_in_the_order_asked(phrases: Phrases, data: st.DataObject) -> None:
    index = data.draw(st.lists(st.integers(0, len(phrases) - 1))) if len(phrases) else []
    assert phrases.select(index).rows() == [phrases.rows()[i] for i in index]


@given(phrase_sets())
def test_select_by_booleans_and_by_nothing(phrases: Phrases) -> None:
    odd = np.arange(len(phrases)) % 2 == 1
    assert phrases.select(odd).rows() == phrases.rows()[1::2]
    assert phrases.select([]).rows() == []


@given(phrase_sets())
def test_keep_leaves_out_notes_and_keeps_phrases(phrases: Phrases) -> None:
    loud = phrases.velocity >= 64
    assert phrases.keep(loud).rows() == [[r for r in rows if r[4] >= 64] for rows in phrases.rows()]


@given(phrase_sets(), st.lists(st.booleans(), min_size=1, max_size=3))
def test_concatenate_puts_phrases_one_after_the_other(phrases: Phrases, parts: list[bool]) -> None:
    whole = concatenate([phrases if part else phrases.select([]) for part in parts])
    assert whole.rows() == phrases.rows() * sum(parts)
    assert whole.offsets.dtype == np.int64


@given(phrase_sets())
def test_the_phrase_of_each_note(phrases: Phrases) -> None:
    expected = [i for i, rows in enumerate(phrases.rows()) for _ in rows]
    assert phrases.phrase.tolist() == expected


def test_no_phrases_at_all() -> None:
    nothing = Phrases.of([], Grid(), 4)
    assert len(nothing) == 0
    assert nothing.canonical().rows() == []
    assert to_planes(nothing, 2).shape == (0, 2, 3, 192, 128)
    assert from_planes(to_planes(nothing, 2), Grid(), 4).rows() == []


@pytest.mark.parametrize(
    ("grid", "steps", "quarters"),
    [
        (Grid(), 48, 4.0),
        (Grid(3), 36, 3.0),
        (Grid(6, 6, 8), 36, 3.0),
        (Grid(7, 6, 8), 42, 3.5),
        (Grid(2, 12, 2), 24, 4.0),
    ],
)
def test_meters(grid: Grid, steps: int, quarters: float) -> None:
    assert (grid.steps_per_bar, grid.quarters_per_bar) == (steps, quarters)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((0, 12, 4), "beats_per_bar must lie in 1..32, not 0"),
        ((33, 12, 4), "beats_per_bar must lie in 1..32, not 33"),
        ((4, 0, 4), "steps_per_beat must lie in 1..96, not 0"),
        ((4, 97, 4), "steps_per_beat must lie in 1..96, not 97"),
        ((4, 12, 3), "beat_unit must be a power of two up to 32, not 3"),
        ((4, 12, 64), "beat_unit must be a power of two up to 32, not 64"),
    ],
)
def test_impossible_grids_are_refused(values: tuple[int, int, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Grid(*values)
