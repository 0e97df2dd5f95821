from functools import partial

import numpy as np
import pytest
import torch

from musegan.models.patches import PATCH_STEPS, to_patches
from musegan.pianoroll import PLANES
from musegan.training.growing import coarse_notes, coarse_phrases, grains_now, grown
from musegan.training.sections import GrowthRecipe
from tests.models.toys import LAYOUT, some_phrases

REAL = to_patches(some_phrases(4), LAYOUT)
GROWTH = GrowthRecipe(stages=((12, 12), (3, 4)), until=0.5)


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (0.0, ((12, 12), (3, 4), 0.0)),
        (0.125, ((12, 12), (3, 4), 0.0)),
        (0.1875, ((12, 12), (3, 4), 0.5)),
        (0.25, ((3, 4), (1, 1), 0.0)),
        (0.4375, ((3, 4), (1, 1), 0.5)),
        (0.5, ((1, 1), (1, 1), 0.0)),
        (1.0, ((1, 1), (1, 1), 0.0)),
    ],
)
def test_each_stage_is_heard_and_then_fades(progress, expected):
    assert grains_now(GROWTH, progress) == expected


def as_roll(patches: torch.Tensor) -> np.ndarray:
    """(batch, track, plane, step, pitch)."""
    parts = LAYOUT.split(patches).permute(0, 3, 4, 1, 5, 2, 6).numpy()
    return parts.reshape(len(patches), LAYOUT.tracks, PLANES, LAYOUT.times * PATCH_STEPS, -1)


@pytest.mark.parametrize("grain", [(12, 12), (3, 4), (1, 6), (6, 1)])
def test_what_is_coarse_is_the_mean_of_blocks_of_steps_and_pitches(grain):
    roll, coarse = as_roll(REAL), as_roll(coarse_phrases(REAL, grain, LAYOUT))
    steps, pitches = grain
    for step in range(0, roll.shape[3], steps):
        for pitch in range(0, roll.shape[4], pitches):
            block = np.s_[:, :, :, step : step + steps, pitch : pitch + pitches]
            mean = roll[block].mean((3, 4), keepdims=True)
            np.testing.assert_allclose(coarse[block], np.broadcast_to(mean, coarse[block].shape))


def test_notes_are_coarse_in_frames_and_rows():
    pictures = torch.arange(2 * 2 * 4 * 8).view(2, 2, 4, 8).float()
    coarse = coarse_notes(pictures, (8, 2))
    torch.testing.assert_close(
        coarse,
        pictures.unflatten(2, (2, 2))
        .mean((3, 4), keepdim=True)
        .expand(2, 2, 2, 2, 8)
        .flatten(2, 3),
    )


def heard(progress: float) -> torch.Tensor:
    return grown(REAL, GROWTH, progress, partial(coarse_phrases, layout=LAYOUT))


def test_what_has_grown_up_is_heard_as_it_is():
    assert heard(0.5) is REAL


def test_between_stages_both_are_heard():
    stages = (coarse_phrases(REAL, grain, LAYOUT) for grain in GROWTH.stages)
    torch.testing.assert_close(heard(0.1875), sum(stages) / 2)
