import numpy as np
import pytest

from musegan.composing.looping import looping
from musegan.pianoroll import Grid, Phrases

GRID = Grid(4, 6)
PHRASE = 4
DRUMS = np.array([True, False])
PITCHES = {"a": (40,), "b": (43,), "c": (40, 43), ".": ()}


def song(bars: str) -> Phrases:
    """Both tracks play the same, a letter a bar."""
    rows = [
        (track, bar * GRID.steps_per_bar + 3, 6, pitch, 80)
        for track in (0, 1)
        for bar, letter in enumerate(bars)
        for pitch in PITCHES[letter]
    ]
    return Phrases.of([rows], GRID, len(bars)).canonical()


def loops(bars: str, given: int = 0, last: bool = True) -> bool:
    """Whether the second track loops before the last bar, where the first ones are given."""
    made = np.ones((2, len(bars)), bool)
    made[:, :given] = False
    made[:, -1] = last
    drums, found = looping(song(bars), made, len(bars) - 1, PHRASE, DRUMS).tolist()
    assert not drums
    return bool(found)


@pytest.mark.parametrize("bars", ["aaaaa.", "baaaaa.", "ababab.", "bcacaca."])
def test_a_phrase_of_nothing_new_is_a_loop(bars: str) -> None:
    assert loops(bars)


@pytest.mark.parametrize("bars", ["aaaa.", "aaaaab.", "abcabc.", "aaaa..", ".....", "aacaa."])
def test_new_bars_and_rests_are_none(bars: str) -> None:
    assert not loops(bars)


def test_only_what_is_made_loops() -> None:
    assert loops("aaaaaaa.", given=3)
    assert not loops("aaaaaaa.", given=4)
    assert not loops("aaaaa.", last=False)
