import numpy as np
import pytest

from musegan.composing.restating import restated
from musegan.composing.songs import passages
from musegan.song import Meter, Multitrack
from tests.composing.toys import BAND, TICKS, track
from tests.data.test_beats import played
from tests.models.toys import GRID

BASS = 1


def song_of(start: np.ndarray, length: np.ndarray, pitch: np.ndarray, *meter: int) -> Multitrack:
    columns = (start * TICKS).round(), (length * TICKS).round(), pitch - 12, pitch * 0 + 80
    rows = np.stack(columns, 1).astype(int).tolist()
    return Multitrack((track("bass", rows),), TICKS, (), (Meter(0, *meter),))


@pytest.mark.parametrize(("meter", "half"), [((2, 4), 2), ((1, 4), 2), ((1, 4), 3)])
def test_beats_left_between_bars_are_a_bar_and_the_song_is_one(
    meter: tuple[int, int], half: int
) -> None:
    start, length, pitch = played(bars=20)
    start = start + np.where(start >= 40, half, 0)
    song = song_of(start + 2, length, pitch, *meter)
    told = restated(song, (BASS,), BAND, GRID)
    assert told.meters == (
        Meter(0, 1, 4),
        Meter(2 * TICKS, 4, 4),
        Meter(42 * TICKS, half, 4),
        Meter((42 + half) * TICKS, 4, 4),
    )
    (where,), others = passages(song, (BASS,), BAND, GRID)
    assert others == ""
    assert where.bars == 21
    assert np.diff(where.lines).tolist() == [4 * TICKS] * 10 + [half * TICKS] + [4 * TICKS] * 10


def test_a_waltz_of_single_beats_gets_its_bars() -> None:
    song = song_of(*played(bars=12, beats=3), 1, 4)
    assert restated(song, (BASS,), BAND, GRID).meters == (Meter(0, 3, 4),)


def test_what_meters_say_of_bars_is_believed() -> None:
    for meter in ((4, 4), (3, 4), (5, 4)):
        song = song_of(*played(bars=12), *meter)
        assert restated(song, (BASS,), BAND, GRID) == song
    kazoo = song_of(*played(bars=12), 1, 4)
    assert restated(kazoo, ("no place",), BAND, GRID) == kazoo


def test_a_map_that_beats_do_not_lie_on_is_restated() -> None:
    start, length, pitch = played(bars=12)
    song = song_of(start + 3.25, length, pitch, 4, 4)
    assert restated(song, (BASS,), BAND, GRID).meters[-1] == Meter(round(3.25 * TICKS), 4, 4)
