from dataclasses import replace

import pytest

from musegan.instruments import Ensemble
from musegan.pianoroll import Phrases
from musegan.training.calibration.harmony import (
    MOST_CONSONANCE,
    set_consonance,
    set_harmony,
    set_heed,
)
from tests.training.toys import DUET, SHORT, beside, duettists, together


@pytest.mark.parametrize(("apart", "least", "most"), [(0, 2.3, 2.5), (6, 0.0, 0.2)])
def test_tracks_go_to_chords_as_far_as_they_agree(apart: int, least: float, most: float) -> None:
    made = duettists()
    set_harmony(made, beside(together(apart), DUET, 8))
    assert least <= made.planner.in_chord.min()
    assert made.planner.in_chord.max() <= most


@pytest.mark.parametrize(("apart", "least", "most"), [(0, 0.98, 1), (6, 0.0, 0.02)])
def test_tracks_agree_on_notes_as_far_as_real_ones(apart: int, least: float, most: float) -> None:
    made = duettists()
    set_consonance(made, beside(together(apart), DUET, 8))
    found = made.habits.consonance / MOST_CONSONANCE
    assert least <= found.min() <= found.max() <= most


def test_tracks_that_never_sound_together_need_not_agree() -> None:
    made = duettists()
    alone = Phrases.of([[(0, 0, 24, 60, 90)]] * 8, SHORT, 2)
    set_consonance(made, beside(alone, DUET, 8))
    assert not made.habits.consonance.any()


def test_drums_agree_with_none() -> None:
    made = duettists()
    drums = replace(DUET.tracks[0], is_drum=True)
    set_consonance(made, beside(together(0), Ensemble("pair", (drums, DUET.tracks[1])), 8))
    assert made.habits.consonance[0] == 0


@pytest.mark.parametrize(("apart", "least", "most"), [(0, 19, 20), (6, 0, 1)])
def test_given_tracks_are_heeded_as_far_as_tracks_agree(
    apart: int, least: float, most: float
) -> None:
    made = duettists()
    learnt = made.planner.heed.clone()
    set_heed(made, beside(together(apart), DUET, 8))
    times = made.planner.heed / learnt
    assert least <= times.min()
    assert times.max() <= most


def test_drums_tell_no_chords() -> None:
    made = duettists()
    drums = replace(DUET.tracks[0], is_drum=True)
    set_heed(made, beside(together(0), Ensemble("pair", (drums, DUET.tracks[1])), 8))
    assert made.planner.heed[0] == 0
    assert made.planner.heed[1] > 0
