import pytest
import torch
from torch import Tensor

from musegan.models.crowding import HARDLY, make_room
from musegan.models.patches import PatchLayout
from musegan.pianoroll import ONSET, Grid

LAYOUT = PatchLayout(Grid(4, 3), bars=1, tracks=2, octaves=2)
FREE, FULL = torch.zeros(2), torch.tensor([0.0, 2.0])


def logits(seed: int = 0) -> Tensor:
    return 2 * torch.randn(LAYOUT.shape(3), generator=torch.Generator().manual_seed(seed)) - 2


def onsets(patches: Tensor) -> Tensor:
    """(batch, time, step, track, pitch)."""
    return LAYOUT.split(patches)[..., ONSET, :, :].permute(0, 1, 4, 3, 2, 5).flatten(4)


def test_without_crowding_nothing_changes() -> None:
    assert torch.equal(make_room(logits(), LAYOUT, FREE), logits())


def test_only_onsets_of_crowded_tracks_change() -> None:
    made = make_room(logits(), LAYOUT, FULL)
    before, after = LAYOUT.split(logits()), LAYOUT.split(made)
    assert torch.equal(after[:, :, :, 0], before[:, :, :, 0])
    assert torch.equal(after[:, :, :, 1, ONSET + 1 :], before[:, :, :, 1, ONSET + 1 :])
    assert not torch.equal(after[:, :, :, 1, ONSET], before[:, :, :, 1, ONSET])


def test_the_surest_stay_and_others_make_room_for_all_that_are_surer() -> None:
    said = torch.full(LAYOUT.shape(1), -9.0)
    LAYOUT.split(said)[0, 0, 1, 1, ONSET, 2, :3] = torch.tensor([0.5, 4.0, 2.0])
    LAYOUT.split(said)[0, 0, 0, 1, ONSET, 0, 0] = 3.0  # alone at its step
    made = LAYOUT.split(make_room(said, LAYOUT, FULL))
    high, middle = torch.tensor([4.0, 2.0]).sigmoid().tolist()
    found = made[0, 0, 1, 1, ONSET, 2, :3].tolist()
    assert found == pytest.approx([0.5 - 2 * (high + middle), 4.0, 2 - 2 * high], abs=1e-5)
    assert made[0, 0, 0, 1, ONSET, 0, 0] == 3.0


def test_no_note_is_added_and_the_surest_of_each_step_is_still_played() -> None:
    before, after = onsets(logits()), onsets(make_room(logits(), LAYOUT, FULL))
    assert torch.all(after <= before)
    surest = before.amax(4)
    assert torch.equal(after.amax(4)[surest > HARDLY], surest[surest > HARDLY])


def test_gradients_pass() -> None:
    said = logits().requires_grad_(True)
    make_room(said, LAYOUT, FULL).sum().backward()
    assert said.grad is not None
    assert said.grad.isfinite().all()
    assert not torch.equal(said.grad, torch.ones_like(said))
