import pytest
import torch

from musegan.audio.partials.layout import DETUNE, LEVEL, hertz_of
from musegan.models.timbres.patches import (
    PATCH_SIZE,
    from_patches,
    pitch_features,
    silence_inaudible,
    to_patches,
)

from .toys import LAYOUT

PICTURES = torch.rand(3, 2, LAYOUT.rows, LAYOUT.frames, generator=torch.Generator().manual_seed(0))


def test_a_patch_holds_neighbours_in_time_and_rows():
    patches = to_patches(PICTURES)
    assert patches.shape == (3, LAYOUT.frames // 8, LAYOUT.rows // 4, PATCH_SIZE)
    expected = PICTURES[1, :, 8:12, 8:16].reshape(-1)
    assert torch.equal(patches[1, 1, 2], expected)


def test_patches_give_the_pictures_back():
    assert torch.equal(from_patches(to_patches(PICTURES)), PICTURES)


@pytest.mark.parametrize("pitch", [40, 84, 100])
def test_partials_beyond_the_rate_and_detuned_noise_are_silenced_and_all_else_stays(pitch):
    heard = silence_inaudible(PICTURES, torch.full((3,), float(pitch)), LAYOUT)
    count, noise = LAYOUT.audible(hertz_of(pitch)), LAYOUT.partials
    assert torch.equal(heard[:, :, :count], PICTURES[:, :, :count])
    assert (heard[:, LEVEL, count:noise] == -1).all()
    assert (heard[:, DETUNE, count:] == 0).all()
    assert torch.equal(heard[:, LEVEL, noise:], PICTURES[:, LEVEL, noise:])


def test_all_midi_pitches_have_features_of_their_own():
    features = pitch_features(torch.arange(128.0))
    distances = torch.cdist(features, features) + torch.eye(128)
    assert distances.min() > 0.01
