import numpy as np
import pytest

from musegan.evaluation.events import Events
from musegan.instruments import Ensemble, EnsembleTrack
from musegan.models.habits.motion import CHORDS, FAR, LINE
from musegan.pianoroll import Phrases
from musegan.training.calibration.measures import (
    known_quantiles,
    mean_repetition,
    mean_tonal_distance,
    mean_width,
    moves,
    pitches_of,
    share_clean,
    share_ended_together,
    share_of_blocks,
    share_of_lines,
    share_repeated,
)
from tests.models.toys import GRID
from tests.training.toys import DUET, SHORT, bass, together

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


def test_shares_of_blocks_of_hand_counted_phrases() -> None:
    chords = [(0, 6 * beat, 3, pitch, 90) for beat in range(4) for pitch in (40, 43)]
    mixed = [*chords, (0, 3, 3, 40, 90)]
    found = share_of_blocks(Events.of(Phrases.of([chords, mixed, []], GRID, 2), 2))
    assert found[0] == pytest.approx(1 / 2)
    assert np.isnan(found[1])


def test_widths_of_registers_that_were_counted_by_hand() -> None:
    drums = [(0, step, 1, pitch, 90) for step, pitch in ((0, 36), (3, 38), (6, 36), (9, 42))]
    rows = [drums + bass((0, 40), (6, 44)), drums[:1] + bass((0, 50))]
    counts = pitches_of(Events.of(Phrases.of(rows, GRID, 2), 2))
    assert counts[0, 0].nonzero()[0].tolist() == [36, 38, 42]
    assert mean_width(counts, np.array([True, False])).tolist() == [2, 1]
    assert np.isnan(mean_width(counts[:0], np.array([True, False]))).all()


def test_shares_of_notes_that_end_together_that_were_counted_by_hand() -> None:
    begun = [(1, 0, 6, 40, 90), (1, 0, 6, 44, 90), (1, 0, 5, 47, 90), (1, 9, 2, 40, 90)]
    found = share_ended_together(Events.of(Phrases.of([begun], GRID, 2), 2))
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(2 / 3)


def test_shares_of_phrases_where_notes_let_go_that_were_counted_by_hand() -> None:
    clean = [(1, 0, 6, 40, 90), (1, 6, 3, 41, 90), (1, 24, 24, 43, 90)]
    blurred = [(1, 0, 7, 40, 90), (1, 6, 3, 41, 90)]
    chords = [(1, 0, 6, 40, 90), (1, 0, 6, 44, 90), (1, 6, 42, 41, 90)]
    # what ends a phrase does not sound on into the next
    found = share_clean(Events.of(Phrases.of([clean, blurred, clean, chords], GRID, 2), 2))
    assert np.isnan(found[0]).all()
    assert found[1].tolist() == [pytest.approx(2 / 3), 1]


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
