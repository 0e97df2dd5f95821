import torch

from musegan.models.head import HELD, MEZZO_FORTE, QUIET, RollHead
from musegan.pianoroll import ONSET, PLANES, SUSTAIN, VELOCITY
from tests.models.toys import LAYOUT


def test_rolls_are_quiet_at_first() -> None:
    head = RollHead(LAYOUT, 4)
    for plane, level in ((ONSET, QUIET), (SUSTAIN, HELD), (VELOCITY, MEZZO_FORTE)):
        assert torch.all(head.of(plane)[1] == level)


def test_what_says_a_plane_is_set_in_place_and_moves_no_other() -> None:
    head = RollHead(LAYOUT, 4)
    features = torch.randn(
        1, LAYOUT.times, LAYOUT.octaves, 8, generator=torch.Generator().manual_seed(0)
    )
    before = LAYOUT.split(head(features).detach())
    weight, bias = head.of(VELOCITY)
    weight[1] *= 2
    bias[1] *= 2
    after = LAYOUT.split(head(features).detach())
    changed = (after != before).flatten(5).any(5).flatten(0, 2).any(0)
    assert changed.nonzero().tolist() == [[1, VELOCITY]]
    assert torch.allclose(after[..., 1, VELOCITY, :, :], 2 * before[..., 1, VELOCITY, :, :])
    assert changed.shape == (LAYOUT.tracks, PLANES)
