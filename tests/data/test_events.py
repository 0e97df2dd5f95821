import numpy as np
import pytest

from musegan.data.events import concatenate_events, place, seated
from musegan.errors import MuseganError
from musegan.song import Multitrack, Notes, Track
from tests.data.music import BASS, DRUMS, PIANO, TRIO, events, rows_of, song, track


def test_tracks_of_one_place_are_merged_and_others_told():
    tracks = (
        track("piano", [(0, 1, 60, 80)]),
        track("Old Piano", [(1, 1, 64, 81)]),
        track("harp", [(2, 1, 67, 82)]),
        track("drums", [(3, 1, 36, 83)]),
        Track(Notes.of([]), name="tuba"),
    )
    placed, left_out = place(Multitrack(tracks), TRIO)
    assert rows_of(placed) == [
        (PIANO, 0, 480, 60, 80),
        (PIANO, 480, 480, 64, 81),
        (DRUMS, 1440, 480, 36, 83),
    ]
    assert placed.drum.tolist() == [False, False, True]
    assert left_out == ["track 'harp': no place in a trio"]


@pytest.mark.parametrize(
    ("pitch", "folded"), [(23, 35), (24, 24), (67, 67), (68, 56), (80, 56 + 12), (0, 24), (127, 67)]
)
def test_notes_beyond_a_range_are_folded_in_by_octaves(pitch, folded):
    placed, _ = place(song(bass=[(0, 1, pitch, 80)]), TRIO)
    assert placed.pitch.tolist() == [folded - 12 * (folded > 67)]
    assert (placed.pitch - pitch).tolist()[0] % 12 == 0


def test_drums_beyond_the_range_are_dropped():
    placed, _ = place(song(drums=[(0, 1, 34, 80), (0, 1, 35, 80), (0, 1, 82, 80)]), TRIO)
    assert placed.pitch.tolist() == [35]


def test_a_song_without_a_place_is_an_error_that_says_why():
    with pytest.raises(MuseganError, match=r"no track has a place .*'harp': no place in a trio"):
        place(song(harp=[(0, 1, 60, 80)]), TRIO)


def test_notes_are_chosen_and_joined():
    notes = events((BASS, 0, 5, 40, 1), (BASS, 7, 5, 41, 2), (DRUMS, 9, 1, 42, 3))
    assert rows_of(notes.between(7, 9)) == [(BASS, 7, 5, 41, 2)]
    assert notes.between(0, 10) is notes
    assert rows_of(concatenate_events([notes[:1], notes[1:]])) == rows_of(notes)
    none = concatenate_events([])
    assert len(none) == 0
    assert none.drum.dtype == np.bool_


def test_tracks_can_be_seated_against_the_rules():
    songs = [
        song(harp=[(0, 1, 100, 80)], drums=[(0, 1, 36, 80)]),
        song(harp=[(0, 1, 100, 80)]),
        song(bass=[(2, 1, 40, 80), (1, 1, 20, 80)]),
    ]
    notes, sizes = seated(songs, TRIO, [[BASS, "not now"], [None], [BASS]])
    assert sizes.tolist() == [1, 0, 2]
    assert rows_of(notes) == [
        (BASS, 0, 480, 100 - 36, 80),
        (BASS, 960, 480, 40, 80),
        (BASS, 480, 480, 20 + 12, 80),
    ]
    assert songs[0].tracks[0].notes.pitch.tolist() == [100]
    assert [len(each) for each in seated([], TRIO, [])] == [0, 0]


def test_a_song_of_drums_that_the_ensemble_has_not_is_an_error():
    with pytest.raises(MuseganError, match="only drums that it does not have"):
        place(song(drums=[(0, 1, 20, 80)]), TRIO)
