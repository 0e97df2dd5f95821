import pytest
import torch

from musegan.models.coder import Coder, on_sphere, outlines, sounding, sounds
from musegan.models.patches import to_patches
from musegan.pianoroll import Phrases

from .toys import LAYOUT, some_phrases

STEPS = LAYOUT.grid.steps_per_bar
torch.manual_seed(0)
CODER = Coder(LAYOUT, 6, width=4, hidden=8, blocks=1)


def two_cells() -> torch.Tensor:
    """Patches with a note in bar 0 of track 0 and one in bar 1 of track 1."""
    notes = [(0, 0, 2, 40, 90), (1, STEPS + 3, 4, 60, 70)]
    return to_patches(Phrases.of([notes], LAYOUT.grid, LAYOUT.bars), LAYOUT)


def test_codes_lie_on_a_sphere_and_silence_at_its_middle():
    codes = CODER.encoder(two_cells())
    assert codes.shape == (1, LAYOUT.bars, LAYOUT.tracks, 6)
    size = codes.square().mean(3).sqrt()[0]
    assert size.tolist() == [[pytest.approx(1, abs=0.02), 0], [0, pytest.approx(1, abs=0.02)]]


def test_a_cell_hears_no_other():
    one, other = (to_patches(some_phrases(1, seed=seed), LAYOUT) for seed in (4, 5))
    mixed = one.clone()
    later = slice(LAYOUT.patches_per_bar, None)
    mixed[:, later] = other[:, later]
    apart = (CODER.encoder(mixed) - CODER.encoder(one)).abs().amax((0, 3))
    assert apart[0].max() == 0
    assert apart[1].min() > 0.01


def test_a_tracks_code_moves_that_track_alone():
    codes = on_sphere(torch.randn(1, LAYOUT.bars, LAYOUT.tracks, 6))
    nudged = codes.clone()
    nudged[:, 0, 1] += 0.5
    moved = (CODER.decoder(codes) != CODER.decoder(nudged)).unflatten(3, (LAYOUT.tracks, -1))
    assert moved.any(4).any(2).any(1).tolist() == [[False, True]]


def test_cells_that_sound():
    assert sounding(two_cells(), LAYOUT).tolist() == [[[1, 0], [0, 1]]]
    assert sounds(CODER.encoder(two_cells()))[..., 0].tolist() == [[[1, 0], [0, 1]]]


def test_a_note_held_into_a_bar_sounds_there_too():
    notes = [(0, STEPS - 2, 4, 40, 90)]
    patches = to_patches(Phrases.of([notes], LAYOUT.grid, LAYOUT.bars), LAYOUT)
    assert sounding(patches, LAYOUT).tolist() == [[[1, 1], [0, 0]]]


def test_outlines_of_a_hand_written_bar():
    half = STEPS // 2
    notes = [(0, 0, half, 36, 90), (0, 0, half, 48, 90), (0, half, half // 2, 43, 90)]
    patches = to_patches(Phrases.of([notes], LAYOUT.grid, LAYOUT.bars), LAYOUT)
    told = outlines(patches, LAYOUT)
    assert told.shape == (1, LAYOUT.bars, LAYOUT.tracks, 24 + LAYOUT.patches_per_bar)
    harmony, rhythm = told[0, 0, 0].split([24, LAYOUT.patches_per_bar])
    assert {int(at): float(harmony[at]) for at in harmony.nonzero()} == {0: 1, 12 + 7: 0.5}
    assert rhythm.nonzero().flatten().tolist() == [0, LAYOUT.patches_per_bar // 2]
    assert told[0, 1].sum() == told[0, 0, 1].sum() == 0
