import pytest
import torch
from torch import Tensor

from musegan.models.habits.monophony import ENOUGH, NEVER, lines, share_of_chords

ALWAYS, NOT_AT_ALL = torch.ones(1), torch.full((1,), NEVER)


def begun(*counts: int) -> Tensor:
    """(batch, tracks, steps) how many notes begin at each of a track's first steps."""
    row = torch.zeros(1, 1, 12, dtype=torch.long)
    row[0, 0, : len(counts)] = torch.tensor(counts)
    return row


def test_shares_of_hand_counted_steps() -> None:
    shares = share_of_chords(torch.cat([begun(3, 1, 0, 1, 1), begun()], 1))
    assert shares[0, 0] == pytest.approx(1 / 4)
    assert shares[0, 1].isnan()


@pytest.mark.parametrize(("most", "is_line"), [(0.3, True), (0.2, False)])
def test_a_track_with_few_chords_is_a_line(most: float, is_line: bool) -> None:
    found = lines(begun(3, 1, 1, 1), begun(), torch.tensor([most]))
    assert found.tolist() == [[is_line]]


@pytest.mark.parametrize("most", [ALWAYS, NOT_AT_ALL], ids=["always", "never"])
@pytest.mark.parametrize("chordal", [False, True])
def test_a_track_is_what_it_is_in_given_bars(most: Tensor, chordal: bool) -> None:
    told = begun(*[1 + chordal] * ENOUGH)
    assert lines(begun(2, 2), told, most).tolist() == [[not chordal]]


def test_too_few_given_notes_tell_nothing() -> None:
    assert lines(begun(2, 2), begun(*[1] * (ENOUGH - 1)), NOT_AT_ALL).tolist() == [[False]]


def test_what_never_plays_is_no_line() -> None:
    assert lines(begun(), begun(), ALWAYS).tolist() == [[False]]
