import pytest

from musegan.rendering.bars import begins_with_pickup, song_bars
from musegan.song import Meter, Multitrack, Notes, Track


def of(end: int, *meters: Meter) -> Multitrack:
    return Multitrack((Track(Notes.of([(0, end, 60, 90)])),), 100, meters=meters)


@pytest.mark.parametrize(("end", "count"), [(1, 1), (400, 1), (499, 1), (500, 2), (1600, 4)])
def test_bars_reach_to_the_last_note_but_for_less_than_a_quarter(end: int, count: int) -> None:
    bars = song_bars(of(end))
    assert [bar.start for bar in bars] == [400 * number for number in range(count)]
    assert bars[-1].end == 400 * count


def test_a_bar_in_which_a_note_begins_counts_however_short_it_is() -> None:
    rows = [(0, 100, 60, 90), (400, 1, 60, 90)]
    assert len(song_bars(Multitrack((Track(Notes.of(rows)),), 100))) == 2


def test_bars_are_as_many_as_asked_for() -> None:
    assert len(song_bars(of(10), 4)) == 4


def test_a_pick_up_and_a_change_of_meter_open_new_bars() -> None:
    bars = song_bars(of(1000, Meter(0, 1, 4), Meter(100, 3, 4), Meter(550, 6, 8)))
    spans = [(bar.start, bar.end) for bar in bars]
    assert spans == [(0, 100), (100, 400), (400, 550), (550, 850), (850, 1150)]
    assert bars[1].beats() == [200, 300]
    assert bars[3].beats() == [600, 650, 700, 750, 800]


def test_a_pick_up_is_a_first_bar_that_is_shorter() -> None:
    assert begins_with_pickup(song_bars(of(1000, Meter(0, 1, 4), Meter(100, 3, 4))))
    assert not begins_with_pickup(song_bars(of(1000, Meter(0, 4, 4), Meter(800, 3, 4))))
    assert not begins_with_pickup(song_bars(of(100, Meter(0, 1, 4))))


def test_a_meter_that_comes_late_follows_on_4_4() -> None:
    starts = [bar.start for bar in song_bars(of(700, Meter(400, 3, 4), Meter(9000, 5, 4)))]
    assert starts == [0, 400]
