import numpy as np
import pytest

from musegan.composing.swing import ENOUGH, in_groove, swings
from musegan.pianoroll import Grid, Phrases

GRID = Grid(4, 12)


def notes(*placed: tuple[int, int], grid: Grid = GRID) -> Phrases:
    """One phrase of a track: (start, duration) each, on pitches of their own."""
    rows = [(0, start, length, 40 + number, 80) for number, (start, length) in enumerate(placed)]
    return Phrases.of([rows], grid, 4)


def off_beats(step: int, count: int = ENOUGH) -> Phrases:
    return notes(*((12 * beat + step, 2) for beat in range(count)))


def test_late_off_beats_tell_of_swing() -> None:
    assert swings(off_beats(8))
    assert not swings(off_beats(8, ENOUGH - 1))
    assert not swings(off_beats(6))
    assert not swings(notes(*((12 * b + s, 2) for b in range(15) for s in (6, 8))))
    assert not swings(notes())


def test_where_songs_are_straight_nothing_moves() -> None:
    made = off_beats(6)
    assert in_groove(made, off_beats(6)) is made


def test_off_beats_swing_and_what_lies_elsewhere_stays() -> None:
    made = notes((0, 6), (3, 3), (6, 6), (9, 3), (12, 4), (16, 4), (20, 4), (41, 2))
    swung = in_groove(made, off_beats(8))
    found = list(zip(swung.start.tolist(), swung.duration.tolist(), strict=True))
    assert found == [(0, 8), (4, 4), (8, 4), (10, 2), (12, 4), (16, 4), (20, 4), (41, 2)]
    assert (swung.start // 12 == made.start // 12).all()


def test_notes_that_meet_become_one() -> None:
    rows = [(0, 6, 2, 40, 80), (0, 8, 2, 40, 90)]
    swung = in_groove(Phrases.of([rows], GRID, 4), off_beats(8))
    assert (swung.start.tolist(), swung.velocity.tolist()) == ([8], [90])


@pytest.mark.parametrize("beat", [4, 8])
def test_grids_without_thirds_do_not_swing(beat: int) -> None:
    grid = Grid(4, beat)
    given = notes(*((beat * b + beat * 2 // 3, 1) for b in range(12)), grid=grid)
    assert not swings(given)
    assert np.array_equal(in_groove(given, given).start, given.start)
