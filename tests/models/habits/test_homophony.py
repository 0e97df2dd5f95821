import pytest
import torch
from torch import Tensor

from musegan.models.habits.homophony import ALWAYS, as_blocks, blocks
from musegan.models.habits.monophony import ENOUGH


def begun(*counts: int) -> Tensor:
    """(batch, tracks, steps) how many notes begin at each of a track's first steps."""
    row = torch.zeros(1, 1, 12, dtype=torch.long)
    row[0, 0, : len(counts)] = torch.tensor(counts)
    return row


@pytest.mark.parametrize(("least", "is_block"), [(0.7, True), (0.8, False), (ALWAYS, False)])
def test_a_track_of_many_chords_plays_blocks(least: float, is_block: bool) -> None:
    assert blocks(begun(3, 2, 1, 4), begun(), torch.tensor([least])).tolist() == [[is_block]]


@pytest.mark.parametrize("chordal", [False, True])
def test_a_track_plays_them_where_it_does_in_given_bars(chordal: bool) -> None:
    told = begun(*[1 + chordal] * ENOUGH)
    for least in (0.0, ALWAYS):
        assert blocks(begun(2, 1), told, torch.tensor([least])).tolist() == [[chordal]]


def test_what_never_plays_plays_no_blocks() -> None:
    assert blocks(begun(), begun(), torch.zeros(1)).tolist() == [[False]]


def test_chords_are_of_one_size_and_single_notes_make_room_for_them() -> None:
    counts = begun(3, 1, 0, 4, 1, 1, 0, 2).view(1, 1, 3, 4)
    made = as_blocks(counts, torch.tensor([[True]]))[0, 0]
    # the second bar has a chord at its last step, the third has nothing
    assert made.tolist() == [[3, 0, 0, 3], [0, 0, 0, 3], [0, 0, 0, 0]]
    assert torch.equal(as_blocks(counts, torch.tensor([[False]])), counts)


def test_a_bar_without_chords_is_not_silenced() -> None:
    made = as_blocks(begun(2, 0, 2, 1, 0, 1, 0, 1).view(1, 1, 2, 6), torch.tensor([[True]]))
    assert made[0, 0].tolist() == [[2, 0, 2, 0, 0, 0], [0, 2, 0, 0, 0, 0]]
    alone = as_blocks(begun(1, 0, 1).view(1, 1, 2, 6), torch.tensor([[True]]))
    assert alone[0, 0, 0].tolist() == [2, 0, 2, 0, 0, 0]
