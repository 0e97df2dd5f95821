import numpy as np
import pytest

from musegan.evaluation.distances import ABSENT
from musegan.evaluation.metrics import columns, measure
from musegan.evaluation.typical import mix_levels, strangeness, typical_levels
from musegan.pianoroll import Phrases, concatenate

from .hands import BASS, DRUMS, GRID, PIANO, TRIO, phrase, random_phrases


def test_levels_are_the_means_and_spreads_of_real_phrases():
    phrases = random_phrases(60)
    levels = typical_levels(phrases, TRIO)
    measured = measure(phrases, TRIO)
    assert set(levels) == {name for name in columns(TRIO) if not name.startswith("empty_bars")}
    for name, (mean, spread) in levels.items():
        known = measured[name][~np.isnan(measured[name])]
        assert mean == pytest.approx(known.mean(), rel=1e-4)
        assert spread == pytest.approx(max(known.std(), 0.01 * max(abs(known.mean()), 1)), rel=1e-4)


def test_columns_that_few_phrases_have_are_left_out():
    bass = [phrase((BASS, 0, 1, 40 + index, 80)) for index in range(12)]
    piano = [phrase((PIANO, 0, 1, 60, 80))] * 9
    levels = typical_levels(concatenate([*bass, *piano]), TRIO)
    assert "density/bass" in levels
    assert "density/piano" not in levels


def test_a_mix_is_what_phrases_of_both_kinds_have_together():
    calm, wild = random_phrases(40, seed=1), random_phrases(80, seed=2)
    mixed = mix_levels([typical_levels(calm, TRIO), typical_levels(wild, TRIO)], [1, 2])
    both = typical_levels(concatenate([calm, wild]), TRIO)
    assert mixed["density/bass"] == pytest.approx(both["density/bass"], rel=0.05)
    assert mix_levels([{"a": (0, 1)}, {"a": (4, 1)}], [1, 1]) == {"a": (2, pytest.approx(5**0.5))}
    assert mix_levels([{"a": (0, 1)}, {"b": (4, 1)}], [1, 3]) == {"a": (0, 1), "b": (4, 1)}
    assert mix_levels([{"a": (0, 1)}, {"a": (4, 1)}], [0, 1]) == {"a": (4, 1)}
    assert mix_levels([{"a": (0, 1)}], [0]) == {}


def test_strangeness_is_the_mean_distance_in_spreads():
    two_a_bar = phrase(*[(BASS, step, 1, 40, 80) for step in (0, 4, 8, 12, 16, 20)])
    levels = {"density/bass": (5.0, 2.0), "velocity_mean/bass": (80.0, 1.0)}
    assert strangeness(two_a_bar, TRIO, levels).tolist() == [[pytest.approx(1.5 / 2)]]


def test_silence_never_pays():
    levels = {"density/bass": (2.0, 1.0), "density/piano": (2.0, 1.0)}
    bass = [(BASS, step, 1, 40, 80) for step in (0, 4, 8, 12, 16, 20)]
    piano = [(PIANO, step, 1, 60, 80) for step in (0, 8)]
    both, alone, nothing = phrase(*bass, *piano), phrase(*bass), Phrases.of([[]], GRID, 3)
    ((of_both, of_alone, of_nothing),) = strangeness(
        concatenate([both, alone, nothing]), TRIO, levels, 3
    )
    assert of_both == pytest.approx(0.5)  # the piano is one spread off
    assert of_alone == pytest.approx(ABSENT / 2)
    assert of_nothing == np.inf
    # among phrases that all lack the piano, it does not count
    ((of_alone, _),) = strangeness(concatenate([alone, alone]), TRIO, levels, 2)
    assert of_alone == 0


def test_nothing_known_of_what_is_typical_makes_all_alike():
    phrases = phrase((DRUMS, 0, 1, 36, 80))
    assert strangeness(phrases, TRIO, {}).tolist() == [[0]]


def test_real_phrases_are_less_strange_than_ruined_ones():
    real = random_phrases(200, seed=3)
    levels = typical_levels(real, TRIO)
    fresh = random_phrases(100, seed=4)
    fresh = fresh.select(np.diff(fresh.offsets) > 10)
    ruined = Phrases.of(
        [[(t, s, 1, p, 127) for t, s, _, p, _ in rows for s in (0, 1, s)] for rows in fresh.rows()],
        GRID,
        3,
    )
    assert strangeness(ruined, TRIO, levels).mean() > 1.5 * strangeness(fresh, TRIO, levels).mean()
