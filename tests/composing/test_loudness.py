import numpy as np
import pytest

from musegan.composing import loudness
from musegan.composing.loudness import as_loud
from musegan.pianoroll import Grid, Phrases

GRID = Grid(4, 6)
BARS = 4


def played(**tracks: list[list[int]]) -> Phrases:
    """Tracks `t0`, `t1` and so on, each with the velocities of its bars, a note a beat."""
    rows = [
        (int(name[1:]), bar * GRID.steps_per_bar + 6 * beat, 6, 40 + beat, loud)
        for name, bars in tracks.items()
        for bar, notes in enumerate(bars)
        for beat, loud in enumerate(notes)
    ]
    return Phrases.of([rows], GRID, BARS).canonical()


def velocities(notes: Phrases, track: int) -> list[int]:
    return [int(loud) for loud in notes.velocity[notes.track == track]]


def test_a_new_track_is_no_louder_than_the_song() -> None:
    soft = played(t0=[[50, 50], [60, 60]])
    made = as_loud(played(t1=[[100, 80], [40, 30]]), soft)
    assert velocities(made, 1) == [62, 50, 40, 30]  # a bar of 95 at 59, accents and all


def test_new_bars_lie_between_a_track_s_own() -> None:
    song = played(t0=[[120], [120]], t1=[[50, 50], [70, 70]])
    made = as_loud(played(t1=[[], [], [100, 100], [20, 20]]), song)
    assert velocities(made, 1) == [68, 68, 52, 52]


def test_ghost_notes_do_not_make_a_song_soft() -> None:
    drums = played(t0=[[110, 20, 110, 20]] * BARS)
    made = played(t1=[[100, 100]])
    assert as_loud(made, drums).rows() == made.rows()


def test_each_track_goes_by_its_own_range() -> None:
    song = played(t0=[[100]], t1=[[40]])
    made = as_loud(played(t0=[[], [60]], t1=[[], [60]]), song)
    assert (velocities(made, 0), velocities(made, 1)) == ([100], [40])


def test_velocities_stay_such() -> None:
    made = as_loud(played(t1=[[127, 1, 1, 1]]), played(t1=[[127, 127]]))
    assert made.velocity.min() >= 1
    assert made.velocity.max() <= 127


def test_without_a_song_nothing_changes() -> None:
    made, nothing = played(t0=[[90]]), played()
    assert as_loud(made, nothing).rows() == made.rows()
    assert not len(as_loud(nothing, made).track)
    assert np.array_equal(made.velocity, [90])


def test_the_song_is_heard_once_a_track_however_long_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []

    def range_of(given: Phrases, track: int) -> tuple[float, float]:
        heard.append(track)
        return 1.0, 127.0

    monkeypatch.setattr(loudness, "_range", range_of)
    bars = [[90, 80]] * 40
    as_loud(played(t1=bars, t2=bars), played(t0=bars))
    assert heard == [1, 2]
