import numpy as np

from musegan.data.runs import Runs

RUNS = Runs.of(["abc", "d", "ef"])
COLUMN = np.array([3, 1, 2, 0, 2, 2])


def test_runs_lie_end_to_end():
    assert len(RUNS) == 3
    assert RUNS.first.tolist() == [0, 3, 4]
    assert [COLUMN[rows].tolist() for rows in RUNS.slices] == [[3, 1, 2], [0], [2, 2]]
    assert RUNS.spread([7.5, 8.5, 9.5]).tolist() == [7.5, 7.5, 7.5, 8.5, 9.5, 9.5]


def test_a_column_is_summed_up_by_runs():
    assert RUNS.least(COLUMN).tolist() == [1, 0, 2]
    assert RUNS.most(COLUMN).tolist() == [3, 0, 2]
    assert RUNS.total(COLUMN).tolist() == [6, 0, 4]
    assert RUNS.total(COLUMN > 1).tolist() == [2, 0, 2]


def test_values_are_counted_and_weighed_by_runs():
    cells = RUNS.cells(COLUMN, 4)
    assert cells.tolist() == [3, 1, 2, 4, 10, 10]
    assert RUNS.count(cells, 4).tolist() == [[0, 1, 1, 1], [1, 0, 0, 0], [0, 0, 2, 0]]
    weight = np.arange(6) / 2
    assert RUNS.count(cells, 4, weight).tolist() == [[0, 0.5, 1, 0], [1.5, 0, 0, 0], [0, 0, 4.5, 0]]


def test_there_may_be_no_runs():
    none, nothing = Runs.of([]), np.zeros(0, np.int64)
    assert none.slices == []
    assert none.least(nothing).tolist() == none.total(nothing).tolist() == []
    assert none.count(none.cells(nothing, 4), 4).shape == (0, 4)
