from dataclasses import replace
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.composing.retelling import retell, untell
from musegan.pianoroll import Grid
from musegan.song import Meter, Multitrack, Tempo
from tests.composing.toys import TICKS, track

FOUR, THREE, SIX = Grid(4, 12), Grid(3, 12), Grid(6, 12, 8)
METERS = [(4, 4), (3, 4), (2, 4), (1, 4), (2, 2), (6, 8), (9, 8), (12, 8), (3, 8), (5, 4), (7, 8)]


def told_in(*meters: tuple[int, int, int], grid: Grid = FOUR) -> tuple[list[int], int]:
    """Where beats of a quarter lie when retold, and what a quarter then is."""
    song = Multitrack(
        (track("bass", [(0, 9000, 40, 80)]),), TICKS, (), tuple(map(Meter._make, meters))
    )
    telling = retell(song, grid)
    return (telling.there(np.arange(12) * TICKS)).tolist(), telling.ticks_per_quarter


def beats(*numbers: float, quarter: int = TICKS) -> tuple[list[int], int]:
    return [round(number * quarter) for number in numbers], quarter


def test_bars_of_three_rest_on_the_fourth_beat() -> None:
    assert told_in((0, 3, 4)) == beats(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14)


def test_dotted_beats_are_quarters_in_thirds() -> None:
    thirds = [number * 2 / 3 for number in range(12)]
    assert told_in((0, 12, 8)) == told_in((0, 6, 8)) == beats(*thirds, quarter=3 * TICKS)


def test_the_beats_of_nine_eighths_rest_too() -> None:
    lasting = [number * 2 / 3 + (number * 2 // 9) for number in range(12)]
    assert told_in((0, 9, 8)) == beats(*lasting, quarter=3 * TICKS)


def test_meters_follow_each_other() -> None:
    told = told_in((0, 4, 4), (4 * TICKS, 3, 4), (7 * TICKS, 2, 4), (9 * TICKS, 12, 8))
    assert told == beats(0, 1, 2, 3, 4, 5, 6, 8, 9, 12, 12 + 2 / 3, 12 + 4 / 3, quarter=3 * TICKS)


@pytest.mark.parametrize("meter", [(4, 4), (2, 2), (2, 4), (1, 4), (5, 4), (7, 8)])
def test_what_makes_up_the_meter_or_never_can_stays(meter: tuple[int, int]) -> None:
    assert told_in((0, *meter)) == beats(*range(12))


def test_a_bar_cut_short_between_whole_ones_rests_on_what_it_lacks() -> None:
    half = told_in((0, 4, 4), (4 * TICKS, 2, 4), (6 * TICKS, 4, 4))
    assert half == beats(0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13)
    three_halves = told_in((0, 3, 4), (3 * TICKS, 2, 4), (9 * TICKS, 4, 4))
    assert three_halves == beats(0, 1, 2, 4, 5, 6, 7, 8, 9, 12, 13, 14)
    single = told_in((0, 4, 4), (4 * TICKS, 1, 4), (5 * TICKS, 4, 4))
    assert single == beats(0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 14)


def test_pickups_and_last_bars_are_not_filled_up() -> None:
    assert told_in((0, 2, 4), (2 * TICKS, 4, 4)) == beats(*range(12))
    assert told_in((0, 4, 4), (8 * TICKS, 1, 4)) == beats(*range(12))


def test_models_of_dotted_beats_are_told_nothing() -> None:
    assert told_in((0, 3, 4), grid=SIX) == beats(*range(12))


def test_models_of_three_hear_two_with_a_rest() -> None:
    assert told_in((0, 2, 4), grid=THREE) == beats(0, 1, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16)


@given(
    st.lists(st.tuples(st.sampled_from(METERS), st.integers(1, 2000)), max_size=6),
    st.lists(st.integers(-50, 20_000), min_size=1),
    st.sampled_from([FOUR, THREE, SIX]),
    st.sampled_from([24, 96, 97, 480]),
)
def test_all_ticks_come_back_in_their_order(
    parts: list[tuple[tuple[int, int], int]], ticks: list[int], grid: Grid, quarter: int
) -> None:
    times = [0, *accumulate(length for _, length in parts)]
    meters = tuple(Meter(time, *meter) for (meter, _), time in zip(parts, times, strict=False))
    telling = retell(Multitrack((), quarter, (), meters), grid)
    given = np.unique(ticks)
    told = telling.there(given)
    assert (np.diff(told) >= np.diff(given)).all()
    assert telling.back(told).tolist() == given.tolist()
    assert not telling.rests(told).any()


def test_rests_are_the_bar_line_after_them() -> None:
    song = Multitrack((), TICKS, (), (Meter(0, 3, 4),))
    telling = retell(song, FOUR)
    early = TICKS // 24
    rests = np.array([3 * TICKS - early, 3 * TICKS, 4 * TICKS - early - 1])
    assert telling.rests(rests).all()
    assert telling.back(rests).tolist() == [3 * TICKS] * 3
    assert not telling.rests(np.array([3 * TICKS - early - 1, 4 * TICKS - early])).any()


def test_notes_early_for_a_bar_line_are_so_when_retold() -> None:
    telling = retell(Multitrack((), TICKS, (), (Meter(0, 3, 4),)), FOUR)
    assert telling.there(np.array([3 * TICKS - 2])).tolist() == [4 * TICKS - 2]


def test_what_is_held_to_the_bar_line_is_held_over_the_rest() -> None:
    notes = track("bass", [(2 * TICKS, TICKS, 40, 80), (3 * TICKS, TICKS // 2, 41, 80)])
    song = Multitrack((notes,), TICKS, (Tempo(3 * TICKS, 99),), (Meter(0, 3, 4),))
    told = retell(song, FOUR).song(song)
    assert told.tracks[0].notes.rows() == [
        (2 * TICKS, 2 * TICKS, 40, 80),
        (4 * TICKS, TICKS // 2, 41, 80),
    ]
    assert told.tempos == (Tempo(4 * TICKS, 99),)
    assert told.meters == (Meter(0, 4, 4),)


def test_musicians_are_told_of_bars_that_rest_and_thirds_are_heard_where_most_are() -> None:
    song = Multitrack((track("bass", [(0, 24 * TICKS, 40, 80)]),), TICKS)
    mixed = replace(song, meters=(Meter(0, 3, 4), Meter(9 * TICKS, 6, 8), Meter(21 * TICKS, 3, 4)))
    telling = retell(mixed, FOUR)
    assert telling.remarks == ("the model knows 4/4: its 3/4 is that without the last beat",)
    assert not telling.thirds
    assert retell(replace(song, meters=(Meter(0, 3, 4), *mixed.meters[1:2])), FOUR).thirds
    assert retell(song, FOUR).remarks == ()


def test_a_song_of_the_grid_is_put_in_another_meter() -> None:
    rows = [(n * TICKS, TICKS, 40, 80) for n in range(8)]
    four = Multitrack((track("bass", rows), track("drums", rows[3:4])), TICKS)
    waltz = untell(four, (3, 4), FOUR)
    assert waltz.meters == (Meter(0, 3, 4),)
    assert [part.name for part in waltz.tracks] == ["bass"]  # drums played on a fourth beat alone
    assert waltz.tracks[0].notes.rows() == [(n * TICKS, TICKS, 40, 80) for n in range(6)]
    jig = untell(four, (6, 8), FOUR)
    third = 3 * TICKS // 2
    assert jig.tracks[0].notes.rows() == [(n * third, third, 40, 80) for n in range(8)]
    assert untell(four, (4, 4), FOUR) == replace(four, meters=(Meter(0, 4, 4),))
    assert retell(waltz, FOUR).song(waltz).tracks[0].notes.start.tolist() == [
        n * TICKS for n in (0, 1, 2, 4, 5, 6)
    ]
