import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from musegan.composing.joining import begins_in, beside, room
from musegan.pianoroll import Grid, Phrases

GRID = Grid(4, 6)
FOREVER = np.iinfo(np.int64).max

spans = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(1, 12)), max_size=12)


def columns(notes: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    line, start, length = np.array(notes, np.int64).reshape(-1, 3).T
    return line, start, start + length


def by_hand(note: tuple[int, int, int], taken: list[tuple[int, int, int]]) -> int:
    line, start, _ = note
    others = [(begin, begin + length) for other, begin, length in taken if other == line]
    if any(begin <= start < end for begin, end in others):
        return start
    return min((begin for begin, _ in others if begin > start), default=FOREVER)


@given(spans, spans)
def test_room_is_what_the_others_leave(
    notes: list[tuple[int, int, int]], taken: list[tuple[int, int, int]]
) -> None:
    line, start, _ = columns(notes)
    expected = [by_hand(note, taken) for note in notes]
    assert room(line, start, *columns(taken)).tolist() == expected


def test_made_notes_make_room_for_given_ones() -> None:
    given_ = Phrases.of([[(1, 0, 10, 40, 90), (1, 20, 4, 43, 90)]], GRID, 2)
    made = Phrases.of([[(1, 4, 4, 40, 50), (1, 10, 4, 40, 50), (1, 16, 9, 43, 50)]], GRID, 2)
    assert beside(given_, made).rows() == [
        [(1, 0, 10, 40, 90), (1, 10, 4, 40, 50), (1, 16, 4, 43, 50), (1, 20, 4, 43, 90)]
    ]


def test_a_note_belongs_where_it_begins() -> None:
    notes = Phrases.of([[(0, 23, 9, 36, 1), (0, 24, 1, 36, 1), (1, 24, 1, 36, 1)]], GRID, 2)
    cells = np.array([[False, True], [False, False]])
    assert begins_in(notes, cells).tolist() == [False, True, False]
