from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.instruments import load_ensemble, to_multitrack
from musegan.instruments.performing import TICKS_PER_STEP
from musegan.pianoroll import Grid, Phrases
from musegan.song import Key, Meter, Tempo, Track

BAND = load_ensemble()


def steps_of(track: Track) -> list[tuple[int, int, int, int]]:
    assert not np.any(track.notes.start % TICKS_PER_STEP)
    return [(s // TICKS_PER_STEP, d // TICKS_PER_STEP, p, v) for s, d, p, v in track.notes.rows()]


def phrases_of(rows: Sequence[tuple[int, int, int, int, int]], grid: Grid) -> Phrases:
    return Phrases.of([[], list(rows)], grid, 1)


@pytest.mark.parametrize(
    ("grid", "per_quarter"),
    [
        (Grid(4, 12), 12),
        (Grid(3, 12), 12),
        (Grid(6, 6, 8), 12),
        (Grid(7, 6, 8), 12),
        (Grid(2, 3, 2), 1.5),
        (Grid(1, 1, 1), 0.25),
        (Grid(4, 96, 32), 768),
    ],
)
@given(data=st.data())
def test_a_phrase_is_played_note_for_note_in_every_meter(
    grid: Grid, per_quarter: float, data: st.DataObject
) -> None:
    row = st.tuples(
        st.integers(1, 5),
        st.integers(0, grid.steps_per_bar - 1),
        st.integers(1, grid.steps_per_bar),
        st.integers(24, 107),
        st.integers(1, 127),
    )
    phrases = phrases_of(data.draw(st.lists(row, max_size=12)), grid)
    song = to_multitrack(phrases, 1, BAND, 90.0, Key(0, -3, True), "a song")
    heard = phrases.canonical().rows()[1]
    numbers = sorted({row[0] for row in heard})
    assert [t.name for t in song.tracks] == [BAND.names[n] for n in numbers]
    assert [t.program for t in song.tracks] == [BAND.tracks[n].program for n in numbers]
    for number, track in zip(numbers, song.tracks, strict=True):
        assert steps_of(track) == [row[1:] for row in heard if row[0] == number]
    assert song.ticks_per_quarter == per_quarter * TICKS_PER_STEP
    assert song.meters == (Meter(0, grid.beats_per_bar, grid.beat_unit),)
    assert song.tempos == (Tempo(0, 90.0),)
    assert song.keys == (Key(0, -3, True),)
    assert song.name == "a song"


def test_an_empty_phrase_has_no_tracks_and_an_unknown_key_is_not_written() -> None:
    song = to_multitrack(phrases_of([], Grid()), 0, BAND)
    assert (song.tracks, song.keys) == ((), ())


def test_drum_hits_last_a_quarter_of_a_beat_or_until_struck_again() -> None:
    rows = [(0, 0, 40, 36, 90), (0, 1, 1, 36, 90), (0, 1, 1, 42, 90), (0, 30, 1, 36, 90)]
    (drums,) = to_multitrack(phrases_of(rows, Grid(4, 12)), 1, BAND).tracks
    assert drums.is_drum
    assert steps_of(drums) == [(0, 1, 36, 90), (1, 3, 36, 90), (1, 3, 42, 90), (30, 3, 36, 90)]
