import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.training.masks import KINDS, heard_alone, random_masks


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


def heard_of(plays: np.ndarray, share: float, rows: range | None = None, seed: int = 0):
    rows, random = rows or range(len(plays)), np.random.default_rng(seed)
    return heard_alone(plays[rows.start : rows.stop], rows, len(plays), share, random)


@given(st.integers(1, 6), st.integers(0, 2**32), st.floats(0, 1))
def test_all_is_heard_or_one_or_two_tracks_that_play(tracks, seed, share):
    plays = np.random.default_rng(seed).random((12, tracks, 2)) < 0.4
    plays[:, 0, 0] = True  # there is no phrase in which nothing sounds
    heard = heard_of(plays.astype(np.float32), share, seed=seed)
    for row, playing in zip(heard, plays.any(2), strict=True):
        assert row.all() or (1 <= row.sum() <= 2 and (row <= playing).all())


def test_tracks_are_heard_alone_as_often_as_asked_and_each_in_its_turn():
    plays = np.ones((4000, 5, 2), np.float32)
    assert heard_of(plays, 0.0).all()
    heard = heard_of(plays, 0.25)
    few = heard[~heard.all(1)]
    assert len(few) / len(heard) == pytest.approx(0.25, abs=0.03)
    assert (few.sum(1) == 1).mean() == pytest.approx(0.5, abs=0.05)
    assert few.mean(0) == pytest.approx(1.5 / 5, abs=0.05)


def test_rows_are_heard_as_in_the_whole_batch():
    plays = np.random.default_rng(1).random((8, 4, 2)).round().astype(np.float32)
    whole = heard_of(plays, 0.7)
    assert (heard_of(plays, 0.7, range(2, 5)) == whole[2:5]).all()
