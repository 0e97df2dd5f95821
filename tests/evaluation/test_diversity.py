import math
from dataclasses import replace

import numpy as np
import pytest

from musegan.evaluation import diversity as module
from musegan.evaluation.distances import features
from musegan.evaluation.diversity import coverage, distinct_share, diversity
from musegan.evaluation.metrics import measure
from musegan.pianoroll import Phrases, concatenate

from .hands import BASS, GRID, PIANO, TRIO, random_phrases, transposed


def lines(*tunes: list[int]) -> Phrases:
    """A bass phrase a tune, a note every second step."""
    rows = [[(BASS, 2 * n, 1, pitch, 80) for n, pitch in enumerate(tune)] for tune in tunes]
    return Phrases.of(rows, GRID, 3)


def test_pairs_by_hand():
    tune = [40, 41, 43, 40, 47, 40, 45, 44, 42]
    # nine moves; the second lacks the last (8/9 alike), the third shares but the first (1/17)
    some = lines(tune, tune[:-1], [40, 44, 40, 49, 45, 50, 44, 50, 41])
    got = diversity(some, TRIO)
    likes = [8 / 9, 1 / 17, 1 / 16]
    assert got.distance == pytest.approx(1 - sum(likes) / 3)
    assert got.near_pairs == pytest.approx(1 / 3)
    assert got.nearest == pytest.approx((8 / 9 + 8 / 9 + 1 / 16) / 3)
    assert got.distinct == 1


def test_exact_copies_are_counted_once_whatever_their_velocity():
    some = lines([40, 41], [40, 43], [50, 53])
    louder = replace(some, velocity=some.velocity + np.uint8(1))
    assert distinct_share(concatenate([some, louder, some])) == pytest.approx(3 / 9)
    assert math.isnan(distinct_share(lines()))


def test_a_single_phrase_has_no_pairs():
    got = diversity(lines([40]), TRIO)
    assert got.distinct == 1
    assert math.isnan(got.distance)
    assert math.isnan(got.near_pairs)
    assert math.isnan(got.nearest)


def collapsed(count: int, modes: int) -> Phrases:
    """A generator that knows few phrases, moves them about and jitters their loudness."""
    draw = np.random.default_rng(9)
    known = random_phrases(200, seed=3)
    known = known.select(np.flatnonzero(np.diff(known.offsets) > 25)[:modes])
    made = concatenate(
        [
            transposed(known.select([draw.integers(modes)]), int(draw.integers(12)))
            for _ in range(count)
        ]
    )
    loud = draw.integers(60, 100, len(made.velocity))
    return replace(made, velocity=loud.astype(np.uint8))


def test_a_planted_collapse_is_noticed():
    healthy = diversity(random_phrases(200, seed=1), TRIO)
    sick = diversity(collapsed(200, modes=4), TRIO)
    assert sick.near_pairs == pytest.approx(1 / 4, abs=0.05)
    assert healthy.near_pairs < 0.01
    assert sick.nearest == 1
    assert healthy.nearest < 0.4
    assert sick.distance < healthy.distance - 0.2
    assert sick.distinct <= 4 * 12 / 200 < 0.9 < healthy.distinct


def test_coverage_by_hand():
    real = np.array([[0.0], [1], [2], [3], [4], [5], [100]])
    songs = np.arange(7)
    # the fifth neighbour of 0 is 5 away, of 1 is 4, of 2 is 3, of 100 is 99
    made = np.array([[-4.0], [-2.5]])
    assert coverage(made, real, songs).tolist() == [1, 1, 0, 0, 0, 0, 0]
    assert coverage(np.array([[50.0]]), real, songs).tolist() == [0, 0, 0, 0, 0, 0, 1]


def test_coverage_leaves_out_phrases_of_the_same_song(monkeypatch):
    monkeypatch.setattr(module, "CHUNK", 2)
    real = np.array([[0.0], [0], [0], [10], [11], [12], [13], [14]])
    songs = np.array([1, 1, 1, 2, 2, 3, 4, 4])
    # the noughts reach to 14 (among all phrases it would be 12), 13 to the noughts, 14 too
    assert coverage(np.array([[-13.5]]), real, songs).tolist() == [1, 1, 1, 0, 0, 0, 0, 0]
    assert coverage(np.array([[27.0]]), real, songs).tolist() == [0, 0, 0, 0, 0, 0, 0, 1]


def test_coverage_notices_the_collapse():
    measured = [
        measure(phrases, TRIO)
        for phrases in (random_phrases(200, seed=1), random_phrases(200, seed=2), collapsed(200, 4))
    ]
    real, fresh, sick = (features(one, measured[0]) for one in measured)
    assert coverage(fresh, real, np.arange(200)).mean() > 0.8
    assert coverage(sick, real, np.arange(200)).mean() < 0.5


def test_coverage_needs_other_songs():
    with pytest.raises(ValueError, match="5 phrases of other songs"):
        coverage(np.zeros((1, 1)), np.zeros((9, 1)), np.array([0, 0, 0, 0, 0, 1, 1, 2, 3]))


def test_silence_over_and_over_is_a_collapse():
    got = diversity(lines([], [], [], [40]), TRIO)
    assert got.near_pairs == pytest.approx(3 / 6)
    assert got.distinct == pytest.approx(2 / 4)


def test_the_piano_alone_can_repeat():
    some = Phrases.of([[(PIANO, 0, 1, 60, 80)], [(PIANO, 0, 1, 64, 80)]], GRID, 3)
    assert diversity(some, TRIO).near_pairs == 1  # the same up to transposition
