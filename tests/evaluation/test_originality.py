import numpy as np
import pytest

from musegan.evaluation.originality import originality
from musegan.pianoroll import Phrases, concatenate

from .hands import BASS, DRUMS, GRID, PIANO, TRIO, random_phrases, transposed


def test_nearest_of_each_track_and_of_the_whole():
    known = Phrases.of(
        [
            [(BASS, 0, 1, 40, 80), (BASS, 4, 1, 43, 80), (PIANO, 3, 1, 60, 80)],
            [(BASS, 0, 1, 40, 80), (BASS, 4, 1, 44, 80), (PIANO, 5, 1, 60, 80)],
            [(DRUMS, 0, 1, 36, 80)],
        ],
        GRID,
        3,
    )
    made = Phrases.of(
        [[(BASS, 0, 1, 41, 80), (BASS, 4, 1, 44, 80), (PIANO, 5, 1, 70, 80)], []], GRID, 3
    )
    got = originality(made, known, TRIO)
    assert got.likeness[0].tolist() == pytest.approx([np.nan, 1, 1], nan_ok=True)
    assert got.nearest[0].tolist() == [-1, 0, 1]
    assert got.whole[0] == pytest.approx(
        2 / 4
    )  # bass of the first, or a move and piano of the next
    assert got.runs[0].tolist() == [0, 2, 1]
    assert np.isnan(got.likeness[1]).all()
    assert np.isnan(got.whole[1])
    assert got.whole_nearest[1] == -1
    assert got.runs[1].tolist() == [0, 0, 0]


def test_a_copying_generator_is_found_out():
    known = random_phrases(60, seed=1)
    sounds = np.diff(known.offsets) > 20
    copies = transposed(known.select(sounds), 5)
    fresh = random_phrases(60, seed=2)
    got = originality(concatenate([copies, fresh]), known, TRIO)
    cut = len(copies)
    assert (got.whole[:cut] == 1).all()
    assert got.whole_nearest[:cut].tolist() == np.flatnonzero(sounds).tolist()
    assert np.nanmax(got.whole[cut:]) < 0.5
    assert got.runs[:cut].max(axis=1).mean() > 2 * got.runs[cut:].max(axis=1).mean()
