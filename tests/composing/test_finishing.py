import pytest

from musegan.composing.finishing import finish_bar
from musegan.composing.generate import style_weights
from musegan.composing.pieces import Manner
from musegan.pianoroll import Phrases
from tests.models.toys import GRID

from .toys import toy_model

MODEL = toy_model(common_key=True)
MANNER = Manner(1, style_weights(MODEL.spec, None), 0)
DRUMS, BASS = range(2)
BEAT, BAR = GRID.steps_per_beat, GRID.steps_per_bar
LINE = [(BASS, beat * BEAT, BEAT, 40, 90) for beat in range(12)]


def song(*rows: tuple[int, int, int, int, int]) -> Phrases:
    return Phrases.of([list(rows)], GRID, 3).canonical()


def test_a_bar_that_stops_early_is_finished_by_those_who_play_in_it() -> None:
    hits = [(DRUMS, 0, 1, 36, 90)]
    given = song(*LINE[:9], (BASS, 2 * BAR + BEAT, 1, 43, 90), *hits)
    made, begin = finish_bar(MODEL, given, MANNER)
    assert begin == 2 * BAR + 2 * BEAT  # the beat that it stops in is its own
    (old,), (rows,) = given.rows(), made.rows()
    assert [row for row in rows if row[1] < begin] == old
    new = [row for row in rows if row[1] >= begin]
    assert new
    assert {row[0] for row in new} == {BASS}


@pytest.mark.parametrize(
    "rows",
    [
        LINE,
        [*LINE[:11], (BASS, 11 * BEAT, 1, 40, 90)],
        [row for row in LINE if row[1] % BAR < 2 * BEAT],  # as all its bars do
        [*LINE[:8], (BASS, 2 * BAR, BAR, 40, 90)],
    ],
)
def test_a_bar_that_sounds_as_long_as_others_is_finished(
    rows: list[tuple[int, int, int, int, int]],
) -> None:
    made, begin = finish_bar(MODEL, song(*rows), MANNER)
    assert begin == 3 * BAR
    assert made.rows() == song(*rows).rows()
