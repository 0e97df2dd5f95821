import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.song import Multitrack, Notes, Tempo, Track, seconds_at, seconds_in

ROWS = st.lists(
    st.tuples(
        st.integers(0, 10**6), st.integers(1, 10**4), st.integers(0, 127), st.integers(1, 127)
    ),
    max_size=20,
)


@given(ROWS)
def test_notes_keep_their_rows(rows: list[tuple[int, int, int, int]]) -> None:
    notes = Notes.of(rows)
    assert notes.rows() == rows
    assert len(notes) == len(rows)
    assert {column.dtype for column in (notes.start, notes.duration, notes.pitch)} == {
        np.dtype(np.int64)
    }
    assert notes.end.tolist() == [row[0] + row[1] for row in rows]


@given(ROWS)
def test_sorted_is_by_start_pitch_duration_velocity(rows: list[tuple[int, int, int, int]]) -> None:
    expected = sorted(rows, key=lambda row: (row[0], row[2], row[1], row[3]))
    assert Notes.of(rows).sorted().rows() == expected


def test_notes_are_equal_by_value_and_in_order() -> None:
    a, b = (0, 1, 60, 1), (5, 1, 60, 1)
    assert Notes.of([a, b]) == Notes.of([a, b])
    assert Notes.of([a, b]) != Notes.of([b, a])
    assert Notes.of([a]) != [a]


def test_notes_cannot_be_a_key() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Notes.of([(0, 1, 60, 1)]))


def test_notes_can_be_picked() -> None:
    notes = Notes.of([(0, 1, 60, 1), (5, 1, 62, 1), (9, 1, 64, 1)])
    assert notes[1:].pitch.tolist() == [62, 64]
    assert notes[notes.pitch > 60].start.tolist() == [5, 9]
    assert notes[np.array([2, 0])].pitch.tolist() == [64, 60]


def test_a_song_ends_with_its_last_note() -> None:
    long = Track(Notes.of([(0, 100, 60, 1)]))
    late = Track(Notes.of([(50, 10, 60, 1), (60, 20, 60, 1)]))
    song = Multitrack((long, Track(Notes.of([])), late))
    assert song.end == 100
    assert song.note_count() == 3
    assert Multitrack(()).end == 0
    assert Multitrack((Track(Notes.of([])),)).end == 0


def test_songs_are_equal_by_their_notes() -> None:
    def song(pitch: int) -> Multitrack:
        return Multitrack((Track(Notes.of([(0, 1, pitch, 1)])),))

    assert song(60) == song(60)
    assert song(60) != song(61)


def test_ticks_are_seconds_by_the_tempo_of_the_moment() -> None:
    tempos = (Tempo(480, 60.0), Tempo(1440, 240.0))
    song = Multitrack((), ticks_per_quarter=480, tempos=tempos)
    ticks = np.array([0, 240, 480, 960, 1440, 1920, 2400])
    assert seconds_at(song, ticks).tolist() == [0.0, 0.25, 0.5, 1.5, 2.5, 2.75, 3.0]


def test_without_a_tempo_it_is_120() -> None:
    assert seconds_at(Multitrack(()), np.array([[480], [960]])).tolist() == [[0.5], [1.0]]


def test_seconds_of_several_songs_are_those_of_each():
    songs = [
        Multitrack((), 480, (Tempo(0, 90.0), Tempo(960, 180.0))),
        Multitrack(()),
        Multitrack((), 96, (Tempo(48, 240.0),)),
    ]
    owner, ticks = np.array([0, 0, 1, 2, 2, 2]), np.array([-10, 2000, 960, -5, 48, 1_000_000])
    alone = [float(seconds_at(songs[o], np.array(t))) for o, t in zip(owner, ticks, strict=True)]
    assert seconds_in(songs, owner, ticks).tolist() == alone
