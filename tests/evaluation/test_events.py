import numpy as np
import pytest

from musegan.evaluation.events import Events, known_mean, ratio
from musegan.pianoroll import Phrases

from .hands import BASS, DRUMS, GRID, PIANO, events, phrase


def test_notes_are_canonical_and_lines_count_tracks_within_phrases():
    two = Phrases.of(
        [[(PIANO, 0, 9, 60, 80), (PIANO, 4, 9, 60, 70)], [(BASS, 20, 99, 40, 1)]], GRID, 3
    )
    got = Events.of(two, 3)
    assert got.line.tolist() == [2, 2, 4]
    assert got.duration.tolist() == [4, 9, 4]  # cut by the restrike, and by the phrase's end
    assert got.bar.tolist() == [0, 0, 2]
    assert got.track.tolist() == [PIANO, PIANO, BASS]
    assert got.total().tolist() == [[0, 0, 2], [0, 1, 0]]
    assert got.total(got.duration).tolist() == [[0, 0, 13], [0, 4, 0]]


def test_pieces_cut_notes_at_units():
    note, place, steps = events((BASS, 6, 11, 40, 80), (BASS, 8, 8, 43, 80)).pieces(8)
    assert note.tolist() == [0, 0, 0, 1]
    assert place.tolist() == [0, 1, 2, 1]
    assert steps.tolist() == [2, 8, 1, 8]


def test_keep_leaves_the_lines_as_they_are():
    some = events((DRUMS, 0, 1, 36, 80), (PIANO, 3, 1, 60, 80))
    kept = some.keep(some.track != DRUMS)
    assert kept.total().tolist() == [[0, 0, 1]]


def test_a_note_on_a_track_that_is_not_there_is_an_error():
    with pytest.raises(ValueError, match="track 2, but there are 2"):
        Events.of(phrase((PIANO, 0, 1, 60, 80)), 2)


def test_ratio_of_nothing_does_not_apply():
    assert np.array_equal(ratio(np.array([1.0, 0.0]), np.array([2.0, 0.0])), [0.5, np.nan], True)


def test_means_leave_out_what_does_not_apply():
    values = np.array([[1.0, np.nan, np.nan], [2.0, 5.0, np.nan]])
    assert np.array_equal(known_mean(values), [1.5, 5.0, np.nan], True)
    assert np.isnan(known_mean(values[:0])).all()
