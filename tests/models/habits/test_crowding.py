import pytest
import torch
from torch import Tensor

from musegan.models.habits.crowding import HARDLY, make_room

FREE, FULL = torch.zeros(2), torch.tensor([0.0, 2.0])


def onsets(seed: int = 0) -> Tensor:
    """(batch, tracks, steps, pitches)."""
    return 2 * torch.randn(3, 2, 12, 24, generator=torch.Generator().manual_seed(seed)) - 2


def test_without_crowding_nothing_changes() -> None:
    assert torch.equal(make_room(onsets(), FREE), onsets())


def test_only_crowded_tracks_change() -> None:
    before, after = onsets(), make_room(onsets(), FULL)
    assert torch.equal(after[:, 0], before[:, 0])
    assert not torch.equal(after[:, 1], before[:, 1])


def test_the_surest_stay_and_others_make_room_for_all_that_are_surer() -> None:
    said = torch.full((1, 2, 12, 24), -9.0)
    said[0, 1, 2, 12:15] = torch.tensor([0.5, 4.0, 2.0])
    said[0, 1, 0, 0] = 3.0  # alone at its step
    made = make_room(said.clone(), FULL)
    high, middle = torch.tensor([4.0, 2.0]).sigmoid().tolist()
    found = made[0, 1, 2, 12:15].tolist()
    assert found == pytest.approx([0.5 - 2 * (high + middle), 4.0, 2 - 2 * high], abs=1e-5)
    assert made[0, 1, 0, 0] == 3.0


def test_no_note_is_added_and_the_surest_of_each_step_is_still_played() -> None:
    before, after = onsets(), make_room(onsets(), FULL)
    assert torch.all(after <= before)
    surest = before.amax(3)
    assert torch.equal(after.amax(3)[surest > HARDLY], surest[surest > HARDLY])
