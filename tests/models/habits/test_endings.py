import pytest
import torch
from torch import Tensor

from musegan.models.habits.endings import LET_GO, ended, held_over, tails

STEPS, PITCHES = 12, 5


def begun(*notes: tuple[int, int], tracks: int = 1) -> Tensor:
    """(batch, tracks, steps, pitches) of notes of the first track that begin at (step, pitch)."""
    there = torch.zeros(1, tracks, STEPS, PITCHES, dtype=torch.bool)
    for step, pitch in notes:
        there[0, 0, step, pitch] = True
    return there


def going_on(**steps: int) -> Tensor:
    """(batch, tracks, steps, pitches) holds that say yes up to and with a step, by pitch."""
    holds = torch.full((1, 1, STEPS, PITCHES), -2.0)
    for pitch, last in steps.items():
        holds[0, 0, : last + 1, int(pitch[1:])] = 2.0
    return holds


def test_tails_reach_up_to_the_next_onset_or_the_end() -> None:
    after = tails(begun((2, 1), (2, 3), (5, 0)))
    _, _, step, pitch = (each.tolist() for each in after.at)
    assert list(zip(step, pitch, strict=True)) == [
        *((step, 1) for step in (3, 4, 5)),
        *((step, 3) for step in (3, 4, 5)),
        *((step, 0) for step in range(6, STEPS)),
    ]
    assert after.note.tolist() == [0] * 3 + [1] * 3 + [2] * 6
    assert after.reached.nonzero().flatten().tolist() == [2, 5]
    assert after.begun.tolist() == [[3]]


def test_tracks_do_not_end_each_others_notes() -> None:
    there = begun((0, 1), tracks=2)
    there[0, 1, 4, 2] = True
    after = tails(there)
    assert not after.reached.any()
    assert len(after.note) == (STEPS - 1) + (STEPS - 5)


@pytest.mark.parametrize(
    ("last", "share"), [(3, 0.0), (4, 0.0), (5, 0.5), (STEPS - 1, 0.5)], ids=str
)
def test_shares_of_notes_held_over_that_were_counted_by_hand(last: int, share: float) -> None:
    there = begun((2, 1), (5, 0))
    holds = going_on(p1=last, p0=STEPS - 1)
    after = tails(there)
    assert held_over(holds[after.at], after, there).tolist() == [[share]]


def test_what_stops_before_and_what_is_struck_again_is_not_held_over() -> None:
    there = begun((2, 1), (5, 1))
    holds = going_on(p1=STEPS - 1)
    after = tails(there)
    assert held_over(holds[after.at], after, there).tolist() == [[0]]
    there = begun((2, 1), (5, 0))
    holds[0, 0, 4, 1] = -1.0  # silent for a step, though it would go on after
    after = tails(there)
    assert held_over(holds[after.at], after, there).tolist() == [[0]]


def test_nothing_is_known_of_a_silent_track() -> None:
    after = tails(begun())
    assert held_over(torch.empty(0), after, begun()).isnan().all()
    assert ended(torch.empty(0), after, torch.tensor([[True]]), torch.ones(1)).shape == (0,)


def test_notes_of_a_chord_go_by_what_all_of_it_say() -> None:
    there = begun((0, 0), (0, 1), (0, 2), (6, 3))
    holds = going_on(p0=2, p1=4, p2=4, p3=9)
    after = tails(there)
    for unity, ends in ((0.0, [2, 4, 4]), (1.0, [4, 4, 4])):
        made = ended(holds[after.at], after, torch.tensor([[False]]), torch.tensor([unity]))
        for pitch, end in enumerate(ends):
            mine = (after.at[3] == pitch) & (after.at[2] <= 6)
            assert (made[mine] > 0).tolist() == [step <= end for step in range(1, 7)]


def test_a_clean_track_lets_go_where_its_next_note_begins() -> None:
    there = begun((0, 0), (6, 3))
    after = tails(there)
    holds = going_on(p0=STEPS - 1, p3=STEPS - 1)[after.at]
    made = ended(holds, after, torch.tensor([[True]]), torch.zeros(1))
    assert made[after.reached].tolist() == [LET_GO]
    assert torch.equal(made[~after.reached], holds[~after.reached])
    assert held_over(made, after, there).tolist() == [[0]]
