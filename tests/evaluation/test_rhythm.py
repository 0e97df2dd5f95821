import numpy as np
import pytest

from musegan.evaluation import rhythm
from musegan.pianoroll import Grid

from .hands import BASS, DRUMS, PIANO, events

# drums  k.s.k.k.   piano  C and E at 0, C at 5
#        k.s.k...          C at 0
#        k.h.k...          C and E at 0
SOME = events(
    *[(DRUMS, step, 1, 36, 80) for step in (0, 4, 6, 8, 12, 16, 20)],
    *[(DRUMS, step, 1, 38, 80) for step in (2, 10)],
    (DRUMS, 18, 1, 42, 80),
    *[(PIANO, step, 2, 60, 80) for step in (0, 5, 8, 16)],
    *[(PIANO, step, 2, 64, 80) for step in (0, 16)],
)


def test_repetition():
    # drums: bar 2 all 3 of 3, bar 3 kicks 2 of 3; piano: bar 2 1 of 1, bar 3 1 of 2
    assert rhythm.repetition(SOME)[0, [DRUMS, PIANO]] == pytest.approx([5 / 6, 2 / 3])


def test_self_similarity():
    # drums: 1-2 3/4, 2-3 2/4, 1-3 2/5; piano: 1-2 1/3, 2-3 1/2, 1-3 2/3
    expected = [(3 / 4 + 2 / 4 + 2 / 5) / 3, (1 / 3 + 1 / 2 + 2 / 3) / 3]
    assert rhythm.self_similarity(SOME)[0, [DRUMS, PIANO]] == pytest.approx(expected)


def test_self_similarity_sees_what_comes_back_after_a_bar():
    back = events((BASS, 0, 1, 40, 80), (BASS, 9, 1, 43, 80), (BASS, 16, 1, 40, 80))
    assert rhythm.self_similarity(back)[0, BASS] == pytest.approx(1 / 3)
    assert rhythm.repetition(back)[0, BASS] == 0


def test_groove_consistency_sees_steps_not_pitches():
    # drums: steps 0246, 024, 024: one of 16 differs; piano: 05, 0, 0: one of 16
    expected = [15 / 16, 15 / 16]
    assert rhythm.groove_consistency(SOME)[0, [DRUMS, PIANO]] == pytest.approx(expected)


def test_drum_pattern_is_the_sixteenths_of_the_bar():
    twelfths = Grid(beats_per_bar=4, steps_per_beat=12)
    hits = [(DRUMS, step, 1, 36, 80) for step in (0, 3, 4, 6, 7, 9, 8, 12, 24, 47, 48)]
    got = rhythm.drum_pattern(events(*hits, grid=twelfths))
    assert got[0, DRUMS] == pytest.approx(7 / 11)
    sixths = Grid(beats_per_bar=4, steps_per_beat=6)  # no sixteenths here, but eighths
    hits = [(DRUMS, step, 1, 36, 80) for step in (0, 1, 2, 3, 6)]
    assert rhythm.drum_pattern(events(*hits, grid=sixths))[0, DRUMS] == pytest.approx(3 / 5)
    compound = Grid(beats_per_bar=6, steps_per_beat=6, beat_unit=8)  # two sixteenths a beat
    assert rhythm.drum_pattern(events(*hits, grid=compound))[0, DRUMS] == pytest.approx(3 / 5)


def test_empty_tracks_do_not_apply():
    metrics = (rhythm.repetition, rhythm.self_similarity, rhythm.groove_consistency)
    for metric in (*metrics, rhythm.drum_pattern):
        assert np.isnan(metric(SOME)[0, BASS]), metric.__name__
        assert np.isnan(metric(events())).all(), metric.__name__


def test_one_bar_repeats_nothing():
    one = events((BASS, 0, 1, 40, 80), bars=1)
    for metric in (rhythm.repetition, rhythm.self_similarity, rhythm.groove_consistency):
        assert np.isnan(metric(one)).all(), metric.__name__
