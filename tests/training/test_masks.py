import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.training.masks import KINDS, random_masks


def masks_of(kind: str, tracks: int = 4, bars: int = 3, batch: int = 400) -> np.ndarray:
    return random_masks(batch, tracks, bars, {kind: 0.3}, np.random.default_rng(0))


@given(
    st.integers(1, 5),
    st.integers(1, 5),
    st.sampled_from(KINDS),
    st.integers(0, 2**32),
)
def test_something_is_always_left_to_be_made(tracks, bars, kind, seed):
    masks = random_masks(8, tracks, bars, {kind: 1.0}, np.random.default_rng(seed))
    assert masks.shape == (8, tracks, bars)
    assert masks.dtype == np.float32
    assert set(np.unique(masks)) <= {0, 1}
    assert (masks == 0).any((1, 2)).all()


def test_nothing_is_nothing():
    assert not masks_of("nothing").any()


def test_tracks_are_given_whole():
    masks = masks_of("tracks")
    assert (masks == masks[:, :, :1]).all()
    assert set(masks[:, :, 0].sum(1)) == {1, 2, 3}
    assert masks.any((0, 2)).all()


def test_bars_are_given_whole():
    masks = masks_of("bars")
    assert (masks == masks[:, :1]).all()
    assert set(masks[:, 0].sum(1)) == {1, 2}


def test_cells_are_given_one_by_one():
    masks = masks_of("cells")
    assert set(masks.sum((1, 2))) == set(range(1, 12))
    whole = (masks == masks[:, :, :1]).all((1, 2)) | (masks == masks[:, :1]).all((1, 2))
    assert whole.mean() < 0.3


def test_kinds_come_by_their_chances():
    chances = {"nothing": 3.0, "cells": 1.0}
    masks = random_masks(4000, 2, 2, chances, np.random.default_rng(1))
    assert (masks.sum((1, 2)) == 0).mean() == pytest.approx(0.75, abs=0.03)


def test_the_same_numbers_give_the_same_masks():
    assert (masks_of("cells") == masks_of("cells")).all()
