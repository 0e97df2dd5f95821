from dataclasses import replace

import numpy as np
import pytest
import torch

from musegan.composing.generate import style_weights
from musegan.composing.study import between, fill_windows, windows_of
from musegan.errors import MuseganError
from musegan.models.latents import Latents
from musegan.pianoroll import Phrases
from musegan.song import Key, Meter, Multitrack
from tests.models.toys import GRID, toy_latents

from .toys import BAR, TICKS, learn, quiet_model, track

MODEL = quiet_model(common_key=True)
STEPS = GRID.steps_per_bar


def tune(bars: int, by: int = 0) -> Multitrack:
    """A D major tune with drums, each bar alike."""
    degrees = (0, 4, 7, 9)
    rows = [(b * TICKS, TICKS // 2, 38 + by + degrees[b % 4], 80) for b in range(4 * bars)]
    hits = [(b * TICKS, 20, 36, 80) for b in range(4 * bars)]
    return Multitrack((track("drums", hits), track("bass", rows)), TICKS)


@pytest.mark.parametrize(("bars", "windows"), [(1, 1), (2, 1), (3, 2), (4, 2)])
def test_a_song_is_learnt_window_by_window(bars: int, windows: int) -> None:
    known = learn(MODEL, tune(bars))
    assert known.where.bars == known.notes.bars == bars
    assert {len(part) for part in known.latents.parts} == {windows}
    assert known.plays.shape == (2, bars)
    assert known.plays.all()


def test_it_is_heard_in_the_key_the_model_knows() -> None:
    assert learn(MODEL, tune(2)).home.tolist() == [2]
    assert learn(MODEL, tune(2), key=Key(0, 4, False)).home.tolist() == [4]
    any_key = quiet_model(common_key=False)
    assert learn(any_key, tune(2)).home.tolist() == [0]


def test_a_song_of_two_meters_is_an_error() -> None:
    song = tune(12)
    meters = (Meter(0, 4, 4), Meter(4 * BAR, 5, 4), Meter(4 * BAR + 15 * TICKS, 4, 4))
    with pytest.raises(MuseganError, match=r"changes its meter \(.*5/4.*\)"):
        learn(MODEL, replace(song, meters=meters))


def test_windows_hold_all_notes_and_end_in_silence() -> None:
    song = Phrases.of([[(1, bar * STEPS, 4, 40 + bar, 80) for bar in range(3)]], GRID, 3)
    windows = windows_of(song, 2)
    assert windows.bars == 2
    assert [[row[3] for row in rows] for rows in windows.rows()] == [[40, 41], [42]]


def test_only_the_cells_asked_for_are_made() -> None:
    song = Phrases.of([[(1, bar * STEPS, 4, 40 + bar, 80) for bar in range(3)]], GRID, 3)
    cells = np.array([[True, False, True], [False, False, True]])
    made = fill_windows(MODEL, song, cells, toy_latents(2), style_weights(MODEL.spec, None))
    assert made.bars == 3
    assert len(made) == 1
    where = set(zip(made.track.tolist(), (made.start // STEPS).tolist(), strict=True))
    assert where == {(0, 0), (0, 2), (1, 2)}
    rows = made.rows()[0]
    assert rows == sorted(rows, key=lambda row: (row[0], row[1], row[3]))


def test_latents_between_two_lie_on_the_way_at_a_size_between() -> None:
    one, other = toy_latents(3, seed=1), toy_latents(3, seed=2)
    for share, end in ((0.0, one), (1.0, other)):
        for part, expected in zip(between(one, other, share).parts, end.parts, strict=True):
            assert torch.allclose(part, expected, atol=1e-6)
    half = between(one, other, 0.5)
    for part, a, b in zip(half.parts, one.parts, other.parts, strict=True):
        size = (a.norm(dim=-1) + b.norm(dim=-1)) / 2
        assert torch.allclose(part.norm(dim=-1), size, atol=1e-5)


def test_opposite_latents_do_no_harm() -> None:
    one = toy_latents(1)
    middle = between(one, Latents(*(-part for part in one.parts)), 0.5)
    assert all(torch.isfinite(part).all() for part in middle.parts)
