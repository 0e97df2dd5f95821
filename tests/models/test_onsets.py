import torch

from musegan.models.onsets import by_bar, count, onsets_of, put_onsets
from musegan.models.patches import PatchLayout, to_patches
from musegan.pianoroll import ONSET, Grid, Phrases

LAYOUT = PatchLayout(Grid(4, 3), bars=2, tracks=2, octaves=2)


def test_onsets_lie_at_their_track_step_and_pitch() -> None:
    phrases = Phrases.of([[(0, 4, 3, 24 + 14, 90), (1, 13, 2, 24, 70)], []], LAYOUT.grid, 2)
    onsets = onsets_of(to_patches(phrases, LAYOUT), LAYOUT)
    assert onsets.shape == (2, 2, 24, 24)
    assert onsets.nonzero().tolist() == [[0, 0, 4, 14], [0, 1, 13, 0]]
    assert count(onsets > 0)[0, 0].nonzero().tolist() == [[4]]
    assert by_bar(onsets, LAYOUT)[0, 1, 1, 1, 0] == 1


def test_what_is_put_is_found_and_nothing_else_changes() -> None:
    patches = torch.randn(LAYOUT.shape(3), generator=torch.Generator().manual_seed(0))
    before, onsets = LAYOUT.split(patches.clone()), onsets_of(patches, LAYOUT)
    put_onsets(patches, onsets + 1, LAYOUT)
    assert torch.equal(onsets_of(patches, LAYOUT), onsets + 1)
    after = LAYOUT.split(patches)
    assert torch.equal(after[..., ONSET + 1 :, :, :], before[..., ONSET + 1 :, :, :])
