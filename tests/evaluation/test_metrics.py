"""The whole table, against a slow and independent reading of the definitions."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from musegan.evaluation import metrics
from musegan.evaluation.metrics import columns, measure
from musegan.pianoroll import ONSET, SUSTAIN, VELOCITY, Grid, Phrases, to_planes

from .hands import BASS, DRUMS, GRID, PIANO, TRIO, phrase, random_phrases


def slow(phrases: Phrases) -> dict[str, list[float]]:
    """Definitions (muspy's where it has one) read off planes, a phrase and track at a time."""
    grid, bars = phrases.grid, phrases.bars
    found: dict[str, list[float]] = {name: [] for name in columns(TRIO)}
    scales = [{(t + s) % 12 for s in (0, 2, 4, 5, 7, 9, 11)} for t in range(12)]
    for planes in to_planes(phrases, 3):
        onset, sustain = planes[:, ONSET].astype(bool), planes[:, SUSTAIN].astype(bool)
        pitches = [[p for _, p in np.argwhere(onset[t]).tolist()] for t in range(3)]
        everything = pitches[BASS] + pitches[PIANO]
        fits = [sum(p % 12 in scale for p in everything) for scale in scales]
        keys = [scale for scale, fit in zip(scales, fits, strict=True) if fit == max(fits)]
        for track, name in enumerate(TRIO.names):
            on = onset[track]
            roll = on if track == DRUMS else sustain[track]
            bar_rolls = np.split(roll, bars)
            bar_onsets = [{(s, p) for s, p in np.argwhere(b).tolist()} for b in np.split(on, bars)]
            sounding = [bar for bar in bar_rolls if bar.any()]
            velocity = planes[track, VELOCITY][on].astype(float)
            lengths = []
            for start, pitch in np.argwhere(on).tolist():
                end = start + 1
                while end < len(roll) and roll[end, pitch] and not on[end, pitch]:
                    end += 1
                lengths.append(end - start)

            def put(metric: str, value: float, applies: object, name: str = name) -> None:
                if f"{metric}/{name}" in found:
                    found[f"{metric}/{name}"].append(value if applies else np.nan)

            def mean(values: list[float]) -> float:
                return float(np.mean(values)) if len(values) else np.nan

            put("empty_bars", mean([not bar.any() for bar in bar_rolls]), True)
            put("density", on.sum() / max(len(sounding), 1), len(sounding))
            put("polyphony", roll.sum() / max(roll.any(axis=1).sum(), 1), len(sounding))
            used = [len({p % 12 for p in np.flatnonzero(bar.any(axis=0))}) for bar in sounding]
            put("pitch_classes", mean(used), len(used))
            put("note_length", mean(lengths) / grid.steps_per_beat, len(lengths))
            put("qualified_notes", mean([n * 8 >= grid.steps_per_beat for n in lengths]), lengths)
            inside = [mean([p % 12 in key for p in pitches[track]]) for key in keys]
            put("in_scale", mean(inside), pitches[track])
            steps = [int(s) for s, _ in np.argwhere(on)]
            put("drum_pattern", mean([s * 4 % grid.steps_per_beat == 0 for s in steps]), steps)
            later = sum(map(len, bar_onsets[1:]))
            again = sum(len(a & b) for a, b in pairwise(bar_onsets))
            put("repetition", again / max(later, 1), later)
            like = [len(a & b) / len(a | b) for a, b in combinations(bar_onsets, 2) if a | b]
            put("self_similarity", mean(like), like)
            vectors = [bar.any(axis=1) for bar in np.split(on, bars)]
            differ = [(a != b).mean() for a, b in pairwise(vectors)]
            put("groove_consistency", 1 - mean(differ), lengths)
            put("velocity_mean", mean(velocity), lengths)
            put("velocity_spread", float(np.std(velocity)) if lengths else np.nan, lengths)
        found["tonal_distance/bass-piano"].append(slow_tonal_distance(sustain, grid))
    return found


def slow_tonal_distance(sustain: np.ndarray, grid: Grid) -> float:
    turns = np.arange(12) * np.pi
    basis = np.stack(
        [
            radius * wave(turns * turn)
            for radius, turn in ((1, 7 / 6), (1, 3 / 2), (0.5, 2 / 3))
            for wave in (np.sin, np.cos)
        ]
    )
    distances = []
    for beat in np.split(sustain, sustain.shape[1] // grid.steps_per_beat, axis=1):
        chroma = np.stack([beat[:, :, pc::12].sum(axis=(1, 2)) for pc in range(12)], axis=1)
        if chroma[BASS].any() and chroma[PIANO].any():
            bass, piano = (basis @ (c / c.sum()) for c in (chroma[BASS], chroma[PIANO]))
            distances.append(np.linalg.norm(bass - piano))
    return float(np.mean(distances)) if distances else np.nan


@pytest.mark.parametrize(
    ("grid", "bars"), [(GRID, 3), (Grid(4, 12), 4), (Grid(3, 6), 2), (GRID, 1)]
)
def test_measure_agrees_with_the_slow_reading(grid, bars):
    phrases = random_phrases(40, grid, bars)
    fast, expected = measure(phrases, TRIO), slow(phrases)
    assert list(fast) == list(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(fast[name], values, atol=1e-12, err_msg=name)


def test_columns_fit_the_instruments():
    names = columns(TRIO)
    assert "drum_pattern/drums" in names
    assert "density/drums" in names
    assert "drum_pattern/bass" not in names
    assert "in_scale/drums" not in names
    assert "tonal_distance/bass-piano" in names
    assert len(names) == len(set(names)) == 8 + 2 * 12 + 1


def test_drums_have_no_part_in_the_key():
    alone = phrase((BASS, 0, 4, 36, 80), (BASS, 4, 4, 38, 80))
    noisy = phrase(
        (BASS, 0, 4, 36, 80),
        (BASS, 4, 4, 38, 80),
        *[(DRUMS, n, 1, 37 + n * 2, 80) for n in range(9)],
    )
    assert measure(noisy, TRIO)["in_scale/bass"] == measure(alone, TRIO)["in_scale/bass"] == 1


def test_chunks_change_nothing(monkeypatch):
    phrases = random_phrases(23, GRID, 3)
    whole = measure(phrases, TRIO)
    monkeypatch.setattr(metrics, "CHUNK", 5)
    for name, values in measure(phrases, TRIO).items():
        np.testing.assert_array_equal(values, whole[name], err_msg=name)


def test_no_phrases_have_columns_without_values():
    nothing = measure(Phrases.of([], GRID, 3), TRIO)
    assert list(nothing) == columns(TRIO)
    assert all(values.shape == (0,) for values in nothing.values())
