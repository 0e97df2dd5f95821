import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.composing.windows import Window, cut_out, recalled, windows
from musegan.pianoroll import Grid, Phrases

GRID = Grid(4, 6)


def planned(wanted: str, length: int = 4) -> list[Window]:
    return list(windows(np.array([bar == "x" for bar in wanted]), length))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("xxxx", [(0, 0, 4)]),
        ("xxxxxxx", [(0, 0, 4), (2, 4, 6), (3, 6, 7)]),
        ("....", []),
        ("..xx", [(0, 2, 4)]),
        ("....xxxx....", [(2, 4, 6), (5, 6, 8)]),
        (".....x......", [(3, 5, 6)]),
        ("xx......", [(0, 0, 2)]),
        ("....xx..x...", [(3, 4, 6), (6, 8, 9)]),
    ],
)
def test_windows_stand_amid_what_is_finished(
    wanted: str, expected: list[tuple[int, int, int]]
) -> None:
    assert planned(wanted) == expected


@given(st.text("x.", min_size=4, max_size=40), st.integers(1, 4))
def test_every_bar_is_made_once_within_a_window(wanted: str, length: int) -> None:
    plan = planned(wanted, length)
    made = [bar for _, begin, end in plan for bar in range(begin, end)]
    assert made == [bar for bar, mark in enumerate(wanted) if mark == "x"]
    for first, begin, end in plan:
        assert 0 <= first <= begin < end <= first + length <= len(wanted)


@pytest.mark.parametrize(
    ("wanted", "before"),
    [
        ("xxxxxx", [0, 2]),
        ("xxxxxxxxxxxxxx", [0, 2, 4, 2, 8, 2]),
        ("....xxxxxxxxxx", [2, 4, 2, 8, 2]),
        ("....xx....xx", [3, 8]),
        (".xxxxxxxxx", [0, 1, 3, 1, 6]),  # one bar before the first is not enough
    ],
)
def test_every_phrase_hears_again_how_its_run_began(wanted: str, before: list[int]) -> None:
    assert [first for _, first in recalled(planned(wanted), 4)] == before


def test_cut_out_strikes_again_what_is_held_for_a_beat_or_more() -> None:
    rows = [(1, 0, 30, 40, 90), (1, 0, 29, 43, 90), (0, 23, 1, 36, 80), (1, 30, 60, 47, 70)]
    song = Phrases.of([rows], GRID, 5)
    assert cut_out(song, 1, 2).rows() == [[(1, 0, 6, 40, 90), (1, 6, 42, 47, 70)]]


def test_the_whole_song_can_be_cut_out() -> None:
    song = Phrases.of([[(0, 3, 1, 36, 80), (1, 30, 60, 47, 70)]], GRID, 5)
    assert cut_out(song, 0, 5).rows() == song.rows()
