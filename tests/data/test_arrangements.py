import numpy as np

from musegan.data.arrangements import from_text, playing, to_text
from musegan.pianoroll import Grid, Phrases

GRID = Grid(4, 3)


def test_a_track_plays_in_the_bars_it_sounds_in() -> None:
    # bars of 12 steps: one note inside bar 1, one held from bar 0 over bar 1 into bar 2
    phrases = Phrases.of([[(0, 12, 3, 60, 90), (1, 10, 15, 64, 90)], []], GRID, 4)
    heard = playing(phrases, 3)
    assert heard.tolist() == [
        [[0, 1, 0, 0], [1, 1, 1, 0], [0, 0, 0, 0]],
        [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
    ]


def test_a_note_over_the_end_plays_to_the_last_bar() -> None:
    phrases = Phrases.of([[(0, 40, 100, 60, 90)]], GRID, 4)
    assert playing(phrases, 1).tolist() == [[[0, 0, 0, 1]]]


def test_a_note_that_ends_with_a_bar_does_not_play_in_the_next() -> None:
    phrases = Phrases.of([[(0, 0, 12, 60, 90)]], GRID, 4)
    assert playing(phrases, 1).tolist() == [[[1, 0, 0, 0]]]


def test_text_comes_back() -> None:
    arrangement = np.array([[1, 1, 0, 0], [0, 0, 1, 1]], np.float32)
    assert to_text(arrangement) == "1100 0011"
    assert (from_text("1100 0011") == arrangement).all()
