import numpy as np
import pytest

from musegan.evaluation.events import Events
from musegan.instruments import Ensemble, EnsembleTrack
from musegan.models.motion import CHORDS, FAR, LINE
from musegan.pianoroll import Phrases
from musegan.training.measures import (
    known_quantiles,
    mean_repetition,
    mean_tonal_distance,
    moves,
    share_of_lines,
    share_repeated,
)
from tests.models.toys import GRID

from .toys import DUET, SHORT, bass, together

BAR = GRID.steps_per_bar


def test_repetition_of_hand_counted_hits_and_held() -> None:
    loop = [(0, bar + 3 * i, 1, 36 + i, 90) for bar in (0, 12) for i in range(4)]
    tune = [(1, 3 * i, 2, 50 + i % 4 // 3, 90) for i in range(8)]
    found = mean_repetition(Events.of(Phrases.of([loop + tune] * 2, SHORT, 2), 3))
    assert found[:2].tolist() == [1, 1]
    assert np.isnan(found[2])


def test_tonal_distance_of_hand_counted_hits_and_held() -> None:
    assert mean_tonal_distance(Events.of(together(12), 2), DUET) == pytest.approx(0)
    assert mean_tonal_distance(Events.of(together(6), 2), DUET) == pytest.approx(2**1.5)
    alone = Phrases.of([[(0, 0, 24, 60, 90)]], SHORT, 2)
    assert np.isnan(mean_tonal_distance(Events.of(alone, 2), DUET))


def test_tonal_distance_of_made_to_given_tracks_alone() -> None:
    trio = Ensemble("trio", (*DUET.tracks, EnsembleTrack("three", 0, False, 36, 83)))
    notes = [[(0, 0, 24, 60, 90), (1, 0, 24, 66, 90), (2, 0, 24, 72, 90)]]
    events = Events.of(Phrases.of(notes, SHORT, 2), 3)
    for given, wanted in (([1, 0, 0], 2**0.5), ([1, 0, 1], 2**1.5), ([0, 0, 0], np.nan)):
        found = mean_tonal_distance(events, trio, np.array([given], bool))
        assert found == pytest.approx(wanted, nan_ok=True)
    solo, alone = Ensemble("solo", DUET.tracks[:1]), Phrases.of([[(0, 0, 24, 60, 90)]], SHORT, 2)
    assert np.isnan(mean_tonal_distance(Events.of(alone, 1), solo, np.array([[True]])))


def test_shares_of_lines_of_hand_counted_phrases() -> None:
    line = [(0, 6 * beat, 3, 40, 90) for beat in range(4)]
    chord = [*line, (0, 0, 3, 43, 90)]
    rare = [(0, step, 1, 40, 90) for step in range(24)] + [(0, 0, 1, 43, 90)]
    found = share_of_lines(Events.of(Phrases.of([line, chord, rare, []], GRID, 2), 2))
    assert found[0] == pytest.approx(2 / 3)
    assert np.isnan(found[1])


def test_shares_of_repeated_bars_that_were_counted_by_hand() -> None:
    same = bass((0, 40), (6, 43), (BAR, 40), (BAR + 6, 43))
    rhythm = bass((0, 40), (6, 43), (BAR, 41), (BAR + 6, 45))
    chord = bass((0, 40), (6, 43), (BAR, 40), (BAR + 6, 43), (BAR + 6, 47))
    other = bass((0, 40), (6, 43), (BAR, 40))
    rests = bass((0, 40))
    events = Events.of(Phrases.of([same, rhythm, chord, other, rests], GRID, 2), 2)
    assert share_repeated(events, notes=True)[1] == pytest.approx(1 / 4)
    assert share_repeated(events, notes=False)[1] == pytest.approx(3 / 4)
    assert np.isnan(share_repeated(events, notes=True)[0])


def test_moves_of_hand_counted_voices() -> None:
    line = bass((0, 40), (6, 42), (12, 42), (18, 66 + 1))
    chords = bass((0, 40), (0, 47), (6, 41), (6, 45), (12, 50))
    found = moves(Events.of(Phrases.of([line, chords, []], GRID, 2), 2))
    assert not found[0].any()
    assert {int(i) - FAR: found[1, LINE, i] for i in found[1, LINE].nonzero()[0]} == {
        2: 1,
        0: 1,
        FAR: 1,
    }
    assert {int(i) - FAR: found[1, CHORDS, i] for i in found[1, CHORDS].nonzero()[0]} == {
        -2: 1,
        5: 1,
    }


def test_quantiles_are_of_what_is_known() -> None:
    values = np.array([[3.0, np.nan, 1.0], [1.0, np.nan, 2.0], [np.nan, np.nan, 3.0]])
    found = known_quantiles(values, np.array([0.5, 0.5, np.nan]), -1.0)
    assert found.tolist() == [2, -1, -1]
