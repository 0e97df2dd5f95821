import numpy as np
import pytest

from musegan.evaluation import tracks
from musegan.pianoroll import Grid

from .hands import BASS, DRUMS, PIANO, events

# bass:  ####.... ........ ........      piano (three pitches): 64 ..####.. ##...... ........
#                                                               60 ..#..... ........ ........
# a drum in the last bar                                        67 ........ .######. ........
SOME = events(
    (BASS, 0, 4, 40, 100),
    (PIANO, 2, 4, 64, 60),
    (PIANO, 2, 1, 60, 90),
    (PIANO, 8, 2, 64, 60),
    (PIANO, 9, 6, 67, 70),
    (DRUMS, 17, 1, 38, 1),
)
EVERY = (
    tracks.density,
    tracks.polyphony,
    tracks.note_length,
    tracks.qualified_notes,
    tracks.velocity_mean,
    tracks.velocity_spread,
)


def test_empty_bars():
    assert tracks.empty_bars(SOME)[0] == pytest.approx([2 / 3, 2 / 3, 1 / 3])


def test_a_held_note_fills_the_bars_it_sounds_in():
    held = events((BASS, 7, 2, 40, 100))
    assert tracks.empty_bars(held)[0] == pytest.approx([1, 1 / 3, 1])
    assert tracks.density(held)[0, BASS] == pytest.approx(0.5)


def test_density_counts_only_bars_that_sound():
    assert tracks.density(SOME)[0] == pytest.approx([1, 1, 2])


def test_polyphony():
    # piano: pitch-steps 4 + 1 + 2 + 6 = 13; steps 2..5 and 8..14 sound: 11
    assert tracks.polyphony(SOME)[0] == pytest.approx([1, 1, 13 / 11])


def test_note_length_in_beats():
    assert tracks.note_length(SOME)[0] == pytest.approx([0.25, 1, (4 + 1 + 2 + 6) / 4 / 4])


def test_qualified_notes_last_a_thirty_second():
    fine = Grid(beats_per_bar=4, steps_per_beat=24)  # the paper's 96 steps a bar
    notes = [(BASS, 10 * n, length, 40, 80) for n, length in enumerate((1, 2, 3, 4, 24))]
    assert tracks.qualified_notes(events(*notes, grid=fine))[0, BASS] == pytest.approx(3 / 5)
    twelfths = Grid(beats_per_bar=4, steps_per_beat=12)  # a thirty-second is a step and a half
    assert tracks.qualified_notes(events(*notes, grid=twelfths))[0, BASS] == pytest.approx(4 / 5)
    eighths = Grid(beats_per_bar=6, steps_per_beat=12, beat_unit=8)  # here it is three steps
    assert tracks.qualified_notes(events(*notes, grid=eighths))[0, BASS] == pytest.approx(3 / 5)


def test_velocities():
    assert tracks.velocity_mean(SOME)[0] == pytest.approx([1, 100, 70])
    # deviations -10, 20, -10, 0
    assert tracks.velocity_spread(SOME)[0] == pytest.approx([0, 0, np.sqrt(600 / 4)])


def test_empty_tracks_have_only_empty_bars():
    nothing = events()
    assert tracks.empty_bars(nothing)[0].tolist() == [1, 1, 1]
    for metric in EVERY:
        assert np.isnan(metric(nothing)).all(), metric.__name__
