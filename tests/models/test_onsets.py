import torch

from musegan.models.onsets import along, by_bar, by_step, count, plane_of, put_along, put_plane
from musegan.models.patches import PatchLayout, to_patches
from musegan.pianoroll import ONSET, VELOCITY, Grid, Phrases

LAYOUT = PatchLayout(Grid(4, 3), bars=2, tracks=2, octaves=2)


def test_onsets_lie_at_their_track_step_and_pitch() -> None:
    phrases = Phrases.of([[(0, 4, 3, 24 + 14, 90), (1, 13, 2, 24, 70)], []], LAYOUT.grid, 2)
    onsets = plane_of(to_patches(phrases, LAYOUT), ONSET, LAYOUT)
    assert onsets.shape == (2, 2, 24, 24)
    assert onsets.nonzero().tolist() == [[0, 0, 4, 14], [0, 1, 13, 0]]
    assert count(onsets > 0)[0, 0].nonzero().tolist() == [[4]]
    assert by_bar(onsets, LAYOUT)[0, 1, 1, 1, 0] == 1


def test_what_is_put_is_found_and_nothing_else_changes() -> None:
    patches = torch.randn(LAYOUT.shape(3), generator=torch.Generator().manual_seed(0))
    before, onsets = LAYOUT.split(patches.clone()), plane_of(patches, ONSET, LAYOUT)
    put_plane(patches, ONSET, onsets + 1, LAYOUT)
    assert torch.equal(plane_of(patches, ONSET, LAYOUT), onsets + 1)
    after = LAYOUT.split(patches)
    assert torch.equal(after[..., ONSET + 1 :, :, :], before[..., ONSET + 1 :, :, :])


def test_single_places_of_a_plane_are_read_and_written_where_the_whole_plane_has_them() -> None:
    patches = torch.rand(LAYOUT.shape(2), generator=torch.Generator().manual_seed(0))
    at = tuple(torch.tensor(each) for each in ([0, 1, 1], [1, 0, 1], [0, 13, 23], [23, 0, 12]))
    assert torch.equal(
        along(patches, VELOCITY, at, LAYOUT), plane_of(patches, VELOCITY, LAYOUT)[at]
    )
    wanted = plane_of(patches, VELOCITY, LAYOUT)
    wanted[at] = torch.tensor([2.0, 3.0, 4.0])
    others = plane_of(patches, ONSET, LAYOUT)
    put_along(patches, VELOCITY, at, torch.tensor([2.0, 3.0, 4.0]), LAYOUT)
    assert torch.equal(plane_of(patches, VELOCITY, LAYOUT), wanted)
    assert torch.equal(plane_of(patches, ONSET, LAYOUT), others)


def test_a_cell_has_all_the_steps_of_its_bar() -> None:
    cells = torch.tensor([[[True, False], [False, True]]])
    steps = by_step(cells, LAYOUT)
    assert steps.shape == (1, 2, 24)
    assert torch.equal(by_bar(steps, LAYOUT), cells[..., None].expand(-1, -1, -1, 12))
