import numpy as np
import pytest

from musegan.data.beats import LONG, Offset, beat_offsets, downbeats
from musegan.data.runs import Runs


def played(
    bars: int = 16, seed: int = 0, beats: int = 4
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Onsets, weights and pitches of a piano: bass and a new chord on the first of the beats."""
    random = np.random.default_rng(seed)
    rows = []
    for bar in range(bars):
        root = int(random.integers(0, 12))
        first = beats * bar
        rows.append((first, beats, 36 + root))
        rows += [(first + n, 1, 60 + root + third) for n in range(beats) for third in (0, 4, 7)]
        rows += [(first + 0.5 + n, 0.5, 72 + root) for n in range(beats)]
        rows += [(first + 0.25 + n, 0.25, 79 + root) for n in range(1, beats, 2)]
    start, duration, pitch = np.array(rows, float).T
    return start, np.minimum(duration, LONG), pitch.astype(np.int64)


def beat_offset(start: np.ndarray, weight: np.ndarray, counts_bars: bool = True) -> Offset:
    (found,) = beat_offsets(start, weight, Runs.of([start]), [counts_bars])
    return found


def bars_of(
    start: np.ndarray, weight: np.ndarray, pitch: np.ndarray, unit: int = 1
) -> list[tuple[int, int]]:
    (found,) = downbeats(start, weight, pitch, Runs.of([start]), 4, [unit], [True])
    assert found.beats == 4
    return found.rows


def test_beats_on_the_map_are_believed():
    start, weight, _ = played()
    assert beat_offset(start, weight) == (0.0, False)


@pytest.mark.parametrize("late", [0.05, 0.083, 0.125, 0.3, 0.5, 0.72, 0.9])
def test_beats_between_those_of_the_map_are_found(late):
    start, weight, _ = played()
    found = beat_offset(start + late, weight)
    assert found.overrules
    assert (found.beats - late + 0.5) % 1 - 0.5 == pytest.approx(0, abs=0.01)


def test_a_player_behind_the_beat_does_not_overrule_the_map():
    start, weight, _ = played()
    late = 0.045 + np.random.default_rng(1).normal(0, 0.03, len(start))
    found = beat_offset(start + late, weight)
    assert not found.overrules
    assert found.beats == pytest.approx(0.045, abs=0.02)


def test_swing_is_no_other_place_of_the_beat():
    swung = np.concatenate([np.arange(64), np.arange(64) + 2 / 3])
    assert beat_offset(swung, np.repeat([1.0, 0.3], 64)) == (0.0, False)


def test_syncopation_moves_the_beat_only_where_nothing_speaks_for_the_map():
    start = np.concatenate([np.arange(64), np.arange(64) + 0.5])
    weight = np.repeat([1.0, 2.0], 64)
    assert beat_offset(start, weight, counts_bars=True) == (0.0, False)
    assert beat_offset(start, weight, counts_bars=False) == (0.5, True)
    assert beat_offset(start, np.repeat([0.2, 2.0], 64), counts_bars=True) == (0.5, True)


@pytest.mark.parametrize("pickup", [0, 1, 2, 3])
def test_bars_begin_with_the_bass_and_a_new_harmony(pickup):
    start, weight, pitch = played(bars=12)
    heard = np.append(start + pickup, 0.0)
    runs = bars_of(heard, np.append(weight, 1.0), np.append(pitch, 84))
    assert runs == [(pickup, 12)]


def test_bars_are_heard_before_tick_0():
    start, weight, pitch = played(bars=12)
    assert bars_of(start - 0.1, weight, pitch) == [(0, 12)]
    assert bars_of(start - 3, weight, pitch) == [(-3, 12)]


def test_a_short_bar_in_the_middle_moves_the_bar_lines_after_it():
    start, weight, pitch = played(bars=32)
    moved = np.where(start >= 64, start + 2, start)
    runs = bars_of(moved, weight, pitch)
    assert runs == [(0, 16), (66, 16)]


def test_bars_begin_on_multiples_of_the_unit_only():
    start, weight, pitch = played(bars=12)
    heard = np.append(start + 1, 0.0)
    ((first, _),) = bars_of(heard, np.append(weight, 1.0), np.append(pitch, 84), unit=2)
    assert first % 2 == 0


def beats_heard(start, weight, pitch, beats: int, stated: bool = False) -> int:
    (found,) = downbeats(start, weight, pitch, Runs.of([start]), beats, [1], [stated])
    assert bool(found.rows) == (found.beats == beats)
    return found.beats


@pytest.mark.parametrize(("beats", "other"), [(4, 3), (3, 4), (4, 5), (3, 5)])
def test_bars_are_as_long_as_the_notes_have_them(beats, other):
    music = played(bars=12, beats=beats)
    assert beats_heard(*music, beats) == beats
    assert beats_heard(*music, other) == beats


def test_bars_that_are_not_usual_are_heard_where_asked_for():
    assert beats_heard(*played(bars=12, beats=5), 5) == 5


def test_bars_are_as_long_as_the_map_states():
    assert beats_heard(*played(bars=12, beats=3), 4, stated=True) == 4


def test_halves_and_doubles_of_bars_fit_where_bars_do():
    assert [beats_heard(*played(bars=12), beats) for beats in (2, 8, 6)] == [2, 8, 4]
    assert [beats_heard(*played(bars=12, beats=3), beats) for beats in (2, 6)] == [3, 6]


def test_notes_that_tell_nothing_are_in_four():
    start = np.arange(48.0)
    same = start, np.ones(48), np.full(48, 60)
    assert [beats_heard(*same, beats) for beats in (3, 4, 5)] == [4, 4, 4]


def test_each_song_is_heard_alone():
    songs = [played(bars=10 + seed, seed=seed) for seed in range(4)]
    starts = [songs[n][0] + late for n, late in enumerate([0.0, 0.3, 0.0, 0.5])]
    weights, pitches = [weight for _, weight, _ in songs], [pitch for _, _, pitch in songs]
    counts_bars, units = [True, True, False, False], [1, 1, 2, 1]
    start, weight, runs = np.concatenate(starts), np.concatenate(weights), Runs.of(starts)
    assert beat_offsets(start, weight, runs, counts_bars) == [
        beat_offset(*song) for song in zip(starts, weights, counts_bars, strict=True)
    ]
    stated = [False, True, False, True]
    found = downbeats(start, weight, np.concatenate(pitches), runs, 4, units, stated)
    assert [bars.rows for bars in found] == [
        bars_of(*song) for song in zip(starts, weights, pitches, units, strict=True)
    ]
