import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.data.bars import Stretch
from musegan.data.cutting import (
    MOST_BARS,
    MOST_SONGS,
    MOST_STEPS,
    Cut,
    Line,
    cut_phrases,
    quantise,
    rich_enough,
)
from musegan.data.events import concatenate_events
from musegan.errors import MuseganError
from musegan.instruments.ensemble import MAX_TRACKS
from musegan.pianoroll import Grid, Phrases
from tests.data.music import BASS, DRUMS, FOUR, PIANO, events, rows_of

BAR = 1920  # ticks
STEP = 40
SMALL = Grid(2, 4)  # 8 steps a bar


def on_grid(*rows, start: int = 0, bars: int = 4) -> list[tuple[int, ...]]:
    line = Line.of([Stretch(start, bars)], [BAR])
    notes = events(*rows)
    return rows_of(quantise(notes, np.zeros(len(notes), np.int64), line, FOUR))


@pytest.mark.parametrize(
    ("ticks", "step"), [(0, 0), (19, 0), (20, 1), (59, 1), (60, 2), (480, 12), (639, 16)]
)
def test_onsets_go_to_the_nearest_step(ticks, step):
    assert on_grid((PIANO, ticks, 400, 60, 80)) == [
        (PIANO, step, (ticks + 420) // 40 - step, 60, 80)
    ]


def test_lengths_are_a_step_or_more_and_drums_have_none():
    assert on_grid((PIANO, 0, 5, 60, 80), (DRUMS, 0, 960, 36, 90)) == [
        (DRUMS, 0, 1, 36, 90),
        (PIANO, 0, 1, 60, 80),
    ]


def test_ends_go_to_the_nearest_step_not_lengths():
    assert on_grid((PIANO, 15, 40, 60, 80)) == [(PIANO, 0, 1, 60, 80)]
    assert on_grid((PIANO, 15, 50, 60, 80)) == [(PIANO, 0, 2, 60, 80)]


def test_steps_are_counted_from_the_first_bar_line():
    assert on_grid((PIANO, 500, 480, 60, 80), start=500) == [(PIANO, 0, 12, 60, 80)]
    assert on_grid((PIANO, 0, 480, 60, 80), start=-100) == [(PIANO, 3, 12, 60, 80)]


def test_notes_outside_the_stretch_are_dropped_and_those_within_end_with_it():
    end = 500 + 2 * BAR
    rows = [
        (PIANO, 500 - 21, 100, 60, 80),
        (PIANO, 500 - 19, 9999, 61, 80),
        (PIANO, end - 21, 99, 62, 80),
        (PIANO, end - 19, 99, 63, 80),
    ]
    kept = [(PIANO, 0, 96, 61, 80), (PIANO, 95, 1, 62, 80)]
    assert on_grid(*rows, start=500, bars=2) == kept


def test_doubled_notes_become_one_as_long_and_as_loud_as_the_most():
    rows = [(PIANO, 0, 480, 60, 50), (PIANO, 3, 200, 60, 90), (BASS, 0, 480, 60, 70)]
    assert on_grid(*rows) == [(BASS, 0, 12, 60, 70), (PIANO, 0, 12, 60, 90)]


def test_a_note_ends_where_its_pitch_is_struck_again():
    rows = [(PIANO, 0, 960, 60, 50), (PIANO, 480, 200, 60, 60), (PIANO, 480, 200, 61, 70)]
    assert on_grid(*rows) == [
        (PIANO, 0, 12, 60, 50),
        (PIANO, 12, 5, 60, 60),
        (PIANO, 12, 5, 61, 70),
    ]


def cut(rows, bars=4, length=2, hop=1) -> dict[int, list[tuple[int, ...]]]:
    """The notes of each phrase of one stretch, by the bar it begins with."""
    line = Line.of([Stretch(0, bars)], [BAR])
    phrases, first = cut_phrases(events(*rows), line, Cut(length, hop), SMALL)
    assert phrases.canonical().rows() == phrases.rows()
    return dict(zip(first.tolist(), phrases.rows(), strict=True))


def bar_of(bar: int, at: int = 0) -> tuple[int, ...]:
    return (PIANO, 8 * at, 2, 60 + bar, 80)


def each_bar(*bars: int) -> list[tuple[int, ...]]:
    return [bar_of(bar, at=bar) for bar in bars]


def test_phrases_begin_every_hop():
    rows = each_bar(0, 1, 2, 3)
    two = {bar: [bar_of(bar), bar_of(bar + 1, at=1)] for bar in range(3)}
    assert cut(rows, hop=1) == two
    assert cut(rows, hop=2) == {bar: two[bar] for bar in (0, 2)}
    assert cut(rows, hop=3) == {0: two[0]}
    assert cut(rows, length=4) == {0: rows}


def test_the_first_phrase_begins_with_the_first_note_and_none_after_the_last():
    assert list(cut(each_bar(2, 3, 5), bars=9)) == [2, 3, 4]
    assert list(cut(each_bar(2, 3, 5), bars=9, hop=2)) == [2, 4]


def test_a_song_that_ends_early_gives_a_phrase_with_rests():
    assert cut(each_bar(0), bars=4, length=3) == {0: [bar_of(0)]}
    assert cut(each_bar(3), bars=4, length=3) == {1: [bar_of(3, at=2)]}
    assert cut([], bars=4) == {}


def test_a_held_note_is_struck_again_if_a_beat_of_it_sounds():
    held = (PIANO, 6, 6, 60, 80)  # a beat is four steps
    assert cut([held, bar_of(2, at=2)], bars=3) == {
        0: [(PIANO, 6, 6, 60, 80)],
        1: [(PIANO, 0, 4, 60, 80), bar_of(2, at=1)],
    }
    shorter = (PIANO, 6, 5, 60, 80)
    assert cut([shorter, bar_of(2, at=2)], bars=3)[1] == [bar_of(2, at=1)]


def test_held_notes_end_with_the_phrase_and_may_fill_it():
    rows = [(PIANO, 0, 32, 60, 80), *each_bar(3)]
    assert cut(rows)[0] == [(PIANO, 0, 16, 60, 80)]
    assert cut(rows)[1] == [(PIANO, 0, 16, 60, 80)]
    assert cut(rows)[2] == [(PIANO, 0, 16, 60, 80), bar_of(3, at=1)]


def test_drums_are_never_struck_again():
    assert cut([(DRUMS, 0, 30, 36, 90), *each_bar(1, 2)])[1] == [bar_of(1), bar_of(2, at=1)]


@given(st.data())
def test_songs_on_one_line_do_not_touch(data):
    """Many stretches at once give what each gives alone, whatever their notes."""
    note = st.tuples(
        st.sampled_from([DRUMS, BASS, PIANO]),
        st.integers(-300, 6 * BAR),
        st.integers(1, 3 * BAR),
        st.integers(58, 61),
        st.integers(1, 127),
    )
    songs = data.draw(st.lists(st.lists(note, max_size=12), min_size=1, max_size=3))
    stretches = [
        Stretch(data.draw(st.integers(-99, 99)), data.draw(st.integers(2, 5))) for _ in songs
    ]
    settings = Cut(2, data.draw(st.integers(1, 3)))

    def phrases_of(numbers: list[int]) -> list:
        line = Line.of([stretches[n] for n in numbers], [BAR] * len(numbers))
        notes = [events(*songs[n]) for n in numbers]
        owner = np.repeat(np.arange(len(numbers)), [len(n) for n in notes])
        steps = quantise(concatenate_events(notes), owner, line, FOUR)
        found, _ = cut_phrases(steps, line, settings, FOUR)
        assert found.canonical().rows() == found.rows()
        return found.rows()

    assert phrases_of(list(range(len(songs)))) == [
        rows for number in range(len(songs)) for rows in phrases_of([number])
    ]


def test_a_phrase_needs_its_tracks_and_notes():
    rows = [
        [(BASS, 0, 1, 40, 80), (PIANO, 0, 1, 60, 80), (PIANO, 1, 1, 60, 80)],
        [(PIANO, 0, 1, 60, 80), (PIANO, 1, 1, 60, 80), (PIANO, 2, 1, 60, 80)],
        [(DRUMS, 0, 1, 36, 80), (BASS, 0, 1, 40, 80)],
        [],
    ]
    phrases = Phrases.of(rows, SMALL, 2)

    def rich(tracks: int, notes: int) -> list[bool]:
        return rich_enough(phrases, Cut(2, 1, tracks, notes)).tolist()

    assert rich(1, 1) == [True, True, True, False]
    assert rich(1, 3) == [True, True, False, False]
    assert rich(2, 1) == [True, False, True, False]
    assert rich(2, 3) == [True, False, False, False]


def test_every_track_of_a_large_ensemble_counts():
    rows = [(MAX_TRACKS - 1, 0, 1, 60, 80), (MAX_TRACKS // 2 - 1, 0, 1, 60, 80)]
    phrases = Phrases.of([rows, rows[:1]], SMALL, 2)
    assert rich_enough(phrases, Cut(2, 1, 2, 1)).tolist() == [True, False]


@pytest.mark.parametrize(
    ("settings", "grid", "told"),
    [
        (Cut(bars=0), FOUR, "bars must be 1 or more, not 0"),
        (Cut(hop=0), FOUR, "hop must be 1 or more, not 0"),
        (Cut(bars=90), FOUR, f"90 bars of 48 steps are too long .* at most {MOST_STEPS} steps"),
        (Cut(bars=2), Grid(32, 96), "2 bars of 3072 steps are too long"),
    ],
)
def test_what_there_is_no_room_for_is_an_error(settings, grid, told):
    with pytest.raises(MuseganError, match=told):
        settings.check(grid)
    Cut(bars=85).check(FOUR)


def test_the_longest_song_of_the_finest_grid_and_the_largest_ensemble_has_room():
    """The corners of the 64-bit words notes are sorted as."""
    grid, bars, most = Grid(32, 96), MOST_BARS, MOST_SONGS
    line = Line.of([Stretch(0, bars)] * most, [BAR] * most)
    end = bars * BAR
    rows = [(MAX_TRACKS - 1, end - 5, 9, 127, 127), (63, 0, end, 127, 1), (1, 0, end, 0, 127)]
    notes = concatenate_events([events(*rows)] * most)
    steps = quantise(notes, np.repeat(np.arange(most), 3), line, grid)
    whole = bars * 3072
    assert rows_of(steps)[-1] == (MAX_TRACKS - 1, most * whole - 8, 8, 127, 127)
    assert rows_of(steps)[0] == (1, 0, MOST_STEPS, 0, 127)
    phrases, first = cut_phrases(steps, line, Cut(1, 1), grid)
    assert first[-1] == most * bars - 1
    assert phrases.rows()[-1][-1] == (MAX_TRACKS - 1, 3064, 8, 127, 127)
