import pytest

from musegan.composing.told import bars_at_once, told_as, usual_meter
from musegan.errors import MuseganError
from musegan.pianoroll import Grid
from musegan.song import Meter, Multitrack
from tests.composing.toys import TICKS, track

FOUR = Grid(4, 12)


@pytest.mark.parametrize(
    ("meter", "bars"),
    [((4, 4), 1), ((2, 2), 1), ((2, 4), 2), ((3, 4), 1), ((6, 8), 2), ((9, 8), 1), ((12, 8), 1)],
)
def test_short_bars_are_told_two_at_once(meter: tuple[int, int], bars: int) -> None:
    assert bars_at_once(meter, FOUR) == bars


def test_what_cannot_be_told_is_an_error_that_says_what_can() -> None:
    for meter in ((5, 4), (7, 8), (15, 8)):
        assert told_as(meter, FOUR) is None
        with pytest.raises(MuseganError, match="knows 4/4, and can tell 2/4, 3/4, 6/8, 9/8, 12/8"):
            bars_at_once(meter, FOUR)
    with pytest.raises(MuseganError, match="knows 6/8, and can tell no other in it"):
        bars_at_once((4, 4), Grid(6, 12, 8))


def test_the_usual_meter_is_that_of_most_of_the_song() -> None:
    meters = (Meter(0, 4, 4), Meter(4 * TICKS, 3, 4), Meter(9 * TICKS, 5, 4))
    song = Multitrack((track("bass", [(0, 10 * TICKS, 40, 80)]),), TICKS, (), meters)
    assert usual_meter(song) == (3, 4)
    assert usual_meter(Multitrack(())) == (4, 4)
