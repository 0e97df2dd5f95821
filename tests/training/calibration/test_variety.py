import pytest

from musegan.pianoroll import Phrases
from musegan.training.calibration.variety import set_variety
from tests.training.toys import DUET, SHORT, beside, duettists, rolls


@pytest.mark.parametrize("planning", [False, True], ids=["rolls", "codes"])
def test_bars_of_a_track_without_notes_differ_as_learnt(planning: bool) -> None:
    made = duettists() if planning else rolls()
    level = made.planner.recall.own if planning else made.track_spread
    learnt = level.clone()
    tune = [(0, 3 * i, 2, 50 + i, 90) for i in range(8)]
    set_variety(made, beside(Phrases.of([tune] * 8, SHORT, 2), DUET, 8))
    assert (level != learnt).tolist() == [True, False]
