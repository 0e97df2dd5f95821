import numpy as np
import pytest

from musegan.data.bars import Stretch, find_stretches
from musegan.data.events import concatenate_events, place
from musegan.data.meters import bar_ticks
from musegan.data.runs import Runs
from musegan.pianoroll import Grid
from musegan.song import Multitrack
from tests.data.music import FOUR, TICKS, TRIO, scale, song
from tests.data.test_beats import played


def stretches_of(music: Multitrack, grid: Grid, least: int) -> tuple[list[Stretch], str]:
    events, _ = place(music, TRIO)
    (found,) = find_stretches([music], events, Runs.of([events]), grid, least)
    return found


def stretches(
    music: Multitrack, grid: Grid = FOUR, least: int = 1
) -> tuple[list[tuple[float, int]], str]:
    """First quarter note and bars of each stretch, and the words for the rest."""
    found, unused = stretches_of(music, grid, least)
    return [(s.start / music.ticks_per_quarter, s.bars) for s in found], unused


def test_no_meter_is_four_four():
    assert stretches(song(piano=scale(5))) == ([(0, 5)], "")


def test_the_song_may_rest_in_its_last_bar():
    assert stretches(song([(0, 4, 4)], piano=[(0, 1, 60, 80), (12.5, 1, 62, 80)])) == ([(0, 4)], "")


@pytest.mark.parametrize(
    ("numerator", "denominator", "quarters"), [(1, 4, 1), (2, 4, 2), (1, 8, 0.5)]
)
def test_bars_begin_after_a_pick_up(numerator, denominator, quarters):
    music = song(
        [(0, numerator, denominator), (quarters, 4, 4)],
        piano=[(0, 0.25, 72, 80), *scale(6, first=quarters)],
    )
    assert stretches(music) == ([(quarters, 6)], "")


def test_a_pick_up_of_whole_bars_belongs_to_the_stretch():
    music = song([(0, 2, 4), (10, 4, 4)], piano=scale(8, first=0))
    assert stretches(music) == ([(2, 8)], "")


def test_a_bar_of_another_length_parts_two_stretches():
    music = song([(0, 4, 4), (16, 2, 4), (18, 4, 4)], piano=scale(4) + scale(5, first=18))
    assert stretches(music) == ([(0, 4), (18, 5)], "")


def test_other_meters_are_told_by_their_bars():
    meters = [(0, 4, 4), (16, 3, 4), (22, 4, 4), (30, 3, 4), (33, 5, 8)]
    music = song(meters, piano=scale(4) + scale(2, 16, beats=3) + scale(5, 22) + scale(1, 42))
    assert stretches(music) == ([(0, 4), (22, 2)], "3 bars of 3/4, 5 bars of 5/8")


def test_stretches_that_are_too_short_are_told_too():
    music = song([(0, 4, 4), (8, 3, 4), (11, 4, 4)], piano=scale(2) + scale(1, 8) + scale(6, 11))
    assert stretches(music, least=4) == ([(11, 6)], "1 bar of 3/4, 2 bars of 4/4")
    assert stretches(music, least=8) == ([], "1 bar of 3/4, 8 bars of 4/4")


def test_a_stretch_does_not_reach_into_another_meter():
    music = song([(0, 4, 4), (10, 3, 4)], piano=[*scale(2), (8, 1, 60, 80), (10, 1, 61, 80)])
    assert stretches(music) == ([(0, 2)], "1 bar of 3/4")


def test_a_meter_said_again_parts_nothing():
    assert stretches(song([(0, 4, 4), (8, 4, 4)], piano=scale(6))) == ([(0, 6)], "")


def test_a_meter_said_again_within_a_bar_begins_a_new_one():
    assert stretches(song([(0, 4, 4), (9, 4, 4)], piano=scale(6))) == ([(0, 2), (9, 4)], "")


def test_bars_of_equal_length_and_kind_of_beat_are_the_same():
    assert stretches(song([(0, 2, 2)], piano=scale(4))) == ([(0, 4)], "")
    assert stretches(song([(0, 4, 4)], piano=scale(4)), Grid(2, 12, 2)) == ([(0, 4)], "")


def test_three_beats_are_not_two_of_three_eighths():
    waltz, jig = (song([meter], piano=scale(4, beats=3)) for meter in [(0, 3, 4), (0, 6, 8)])
    in_three, in_two = Grid(3, 12), Grid(6, 6, 8)
    assert stretches(waltz, in_three) == stretches(jig, in_two) == ([(0, 4)], "")
    assert stretches(jig, in_three) == ([], "4 bars of 6/8")
    assert stretches(waltz, in_two) == ([], "4 bars of 3/4")


def test_other_grids_find_their_meter():
    music = song([(0, 3, 4)], piano=scale(8, beats=3))
    assert stretches(music, Grid(3, 12)) == ([(0, 8)], "")
    eighths = song([(0, 7, 8), (7, 4, 4)], piano=scale(5))
    assert stretches(eighths, Grid(7, 6, 8)) == ([(0, 2)], "3 bars of 4/4")
    assert bar_ticks(eighths, Grid(7, 6, 8)) == 7 * TICKS // 2


def as_song(start: np.ndarray, weight: np.ndarray, pitch: np.ndarray, *meters) -> Multitrack:
    rows = zip(start.tolist(), weight.tolist(), pitch.tolist(), strict=True)
    return song(meters, piano=[(s, d, p, 80) for s, d, p in rows])


@pytest.mark.parametrize("meters", [[(0, 1, 4)], [(0, 4, 4), (0, 1, 4)]])
def test_a_map_that_only_counts_beats_leaves_the_bars_to_the_notes(meters):
    start, weight, pitch = played(bars=12)
    music = as_song(np.append(start + 3, 0), np.append(weight, 1), np.append(pitch, 84), *meters)
    found, unused = stretches_of(music, FOUR, 4)
    assert found == [Stretch(3 * TICKS, 12, heard=True)]
    assert unused == ""


@pytest.mark.parametrize("meters", [[(0, 1, 4)], [(0, 4, 4), (0, 1, 4)]])
def test_a_map_that_only_counts_beats_leaves_the_meter_to_the_notes(meters):
    in_four = as_song(*played(bars=12), *meters)
    in_three = as_song(*played(bars=12, beats=3), *meters)
    assert stretches_of(in_three, Grid(3, 12), 4) == ([Stretch(0, 12, heard=True)], "")
    assert stretches_of(in_three, FOUR, 4) == ([], "12 bars of 3/4")
    assert stretches_of(in_four, Grid(3, 12), 4) == ([], "12 bars of 4/4")


@pytest.mark.parametrize("grid", [Grid(6, 6, 8), Grid(12, 6, 8)])
def test_quarters_are_no_beats_of_three_eighths(grid):
    found, unused = stretches(as_song(*played(bars=12, beats=3), (0, 1, 4)), grid)
    assert found == []
    assert unused == "36 bars of 1/4"


@pytest.mark.parametrize("late", [0.53, 2.1, 3.36])
def test_a_map_beside_the_beat_is_overruled_by_the_notes(late):
    start, weight, pitch = played(bars=12)
    music = as_song(start + late, weight, pitch, (0, 4, 4))
    (stretch,), _ = stretches_of(music, FOUR, 4)
    assert stretch.heard
    assert stretch.bars == 12
    assert stretch.start / TICKS == pytest.approx(late, abs=0.02)


def test_drums_play_on_before_and_after_the_pitched_tracks():
    start, weight, pitch = played(bars=12)
    piano = zip((start + 9.5).tolist(), weight.tolist(), pitch.tolist(), strict=True)
    hits = [(1.5 + beat, 0.1, 36, 100) for beat in range(64)]
    music = song([(0, 4, 4)], piano=[(s, d, p, 80) for s, d, p in piano], drums=hits)
    assert stretches(music) == ([(1.5, 16)], "")


def test_drums_alone_keep_to_the_map():
    hits = [(0.25 + beat, 0.1, 36, 100) for beat in range(32)]
    found, _ = stretches(song([(0, 1, 4)], drums=hits))
    assert found == [(0.25, 8)]


def test_songs_side_by_side_have_the_stretches_each_has_alone():
    start, weight, pitch = played(bars=12)
    songs = [
        as_song(start + 0.53, weight, pitch, (0, 4, 4)),
        song([(0, 3, 4)], piano=scale(2, beats=3)),
        song([(0, 4, 4), (16, 2, 4), (18, 4, 4)], piano=scale(4) + scale(5, first=18)),
        as_song(start, weight, pitch, (0, 1, 4)),
        song([(0, 4, 4), (8, 3, 4), (11, 4, 4)], piano=scale(2) + scale(1, 8)),
    ]
    for some in (songs, songs[:1] + songs[3:4]):
        parts = [place(music, TRIO)[0] for music in some]
        found = find_stretches(some, concatenate_events(parts), Runs.of(parts), FOUR, 2)
        assert found == [stretches_of(music, FOUR, 2) for music in some]
