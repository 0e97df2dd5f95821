import numpy as np
import pytest

from musegan.evaluation.copies import Copies
from musegan.pianoroll import Phrases, concatenate

from .hands import BASS, DRUMS, GRID, PIANO, TRIO, random_phrases, transposed

TRAINING = random_phrases(80, seed=1)
LONG = TRAINING.select(np.diff(TRAINING.offsets) > 25)


@pytest.fixture(name="copies")
def learnt() -> Copies:
    return Copies.learn(TRAINING, random_phrases(80, seed=2), TRIO)


def test_the_limits_are_what_held_out_songs_owe(copies: Copies) -> None:
    notes, hits, likeness = copies.limits
    assert 1 < notes < 6
    assert 1 <= hits < 6
    assert 0 < likeness < 0.3


def test_fresh_phrases_are_no_copies_but_one_in_a_few(copies: Copies) -> None:
    fresh = random_phrases(80, seed=3)
    assert copies.among(fresh).mean() < 0.2


@pytest.mark.parametrize("by", [0, 5, -7])
def test_training_phrases_are_copies_in_any_key(copies: Copies, by: int) -> None:
    assert copies.among(transposed(LONG, by)).all()


def test_a_copied_track_is_enough(copies: Copies) -> None:
    fresh = random_phrases(len(LONG), seed=4)
    stolen = LONG.keep(LONG.track == BASS)
    own = fresh.keep(fresh.track == PIANO)
    rows = [[*a, *b] for a, b in zip(stolen.rows(), own.rows(), strict=True)]
    enough = np.bincount(stolen.phrase, minlength=len(LONG)) > 8
    assert enough.any()
    assert copies.among(Phrases.of(rows, GRID, 3)).take(np.flatnonzero(enough)).all()


def test_silence_copies_nothing(copies: Copies) -> None:
    silence = Phrases.of([[]], GRID, 3)
    assert copies.among(concatenate([silence, LONG])).tolist() == [False] + [True] * len(LONG)


def test_copied_drums_count_apart() -> None:
    beat = [(DRUMS, step, 1, 36 + step % 5, 90) for step in range(24)]
    tune = [(PIANO, 3 * index, 1, 60 + index * index % 7, 90) for index in range(8)]
    training = Phrases.of([beat + tune], GRID, 3)
    copies = Copies(training, TRIO, np.array([20.0, 10.0, 1.0]))
    assert copies.among(Phrases.of([beat, tune, beat[:10], beat[:11]], GRID, 3)).tolist() == [
        True,
        False,
        False,
        True,
    ]
