import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from musegan.models.habits.motion import CANDIDATES, FAR, choose

PITCHES = 6


def still(tracks: int = 1) -> Tensor:
    return torch.zeros(1, tracks, 2 * FAR + 1)


def best_by_trying_all(onsets: Tensor, counts: list[int], motion: Tensor) -> float:
    """The greatest worth that any notes have, of all that there are."""
    steps = [step for step, count in enumerate(counts) if count]
    choices = [list(itertools.combinations(range(PITCHES), counts[step])) for step in steps]
    return max(
        worth(onsets, dict(zip(steps, notes, strict=True)), motion)
        for notes in itertools.product(*choices)
    )


def worth(onsets: Tensor, notes: dict[int, tuple[int, ...]], motion: Tensor) -> float:
    tops = [max(chord) for chord in notes.values()]
    sure = sum(onsets[step, pitch].item() for step, chord in notes.items() for pitch in chord)
    return sure + sum(motion[b - a + FAR].item() for a, b in itertools.pairwise(tops))


@given(st.lists(st.integers(0, 2), min_size=1, max_size=4), st.integers(0, 2**32))
def test_no_other_notes_are_worth_more(counts, seed):
    random = torch.Generator().manual_seed(seed)
    onsets = torch.randn(1, 1, len(counts), PITCHES, generator=random)
    motion = torch.randn(1, 1, 2 * FAR + 1, generator=random)
    chosen = choose(onsets, torch.tensor([[counts]]), motion)[0, 0]
    assert chosen.sum(1).tolist() == counts
    if not any(counts):
        return
    notes = {
        step: tuple(row.nonzero()[:, 0].tolist()) for step, row in enumerate(chosen) if row.any()
    }
    found = worth(onsets[0, 0], notes, motion[0, 0])
    assert found == pytest.approx(best_by_trying_all(onsets[0, 0], counts, motion[0, 0]), abs=1e-4)


def test_where_all_motion_is_alike_the_surest_notes_begin():
    random = torch.Generator().manual_seed(0)
    onsets = torch.randn(3, 2, 16, 30, generator=random)
    counts = (onsets > 1.5).sum(3)
    assert counts.max() <= CANDIDATES
    assert torch.equal(choose(onsets, counts, still(2).expand(3, -1, -1)), onsets > 1.5)


def test_melodies_go_step_by_step_where_that_is_likely():
    onsets = torch.full((1, 1, 3, 30), -5.0)
    onsets[0, 0, 0, 12] = onsets[0, 0, 2, 14] = 3.0
    onsets[0, 0, 1, [1, 13, 25]] = torch.tensor([1.0, 0.5, 0.8])
    counts = torch.ones(1, 1, 3, dtype=torch.long)
    leaping = choose(onsets, counts, still())
    assert leaping[0, 0].nonzero()[:, 1].tolist() == [12, 1, 14]
    steps = still()
    steps[..., [FAR - 1, FAR + 1]] = 1.0
    assert choose(onsets, counts, steps)[0, 0].nonzero()[:, 1].tolist() == [12, 13, 14]


def test_wide_intervals_count_as_the_widest():
    onsets = torch.full((1, 1, 2, 60), -5.0)
    onsets[0, 0, 0, 0] = 3.0
    onsets[0, 0, 1, [20, 50]] = torch.tensor([1.0, 1.5])
    motion = still()
    motion[..., -1] = -1.0
    counts = torch.ones(1, 1, 2, dtype=torch.long)
    assert choose(onsets, counts, motion)[0, 0].nonzero()[:, 1].tolist() == [0, 20]


def test_rows_of_other_lengths_do_not_move_each_other():
    random = torch.Generator().manual_seed(1)
    onsets, counts = torch.randn(1, 3, 8, 20, generator=random), torch.zeros(1, 3, 8).long()
    counts[0, 0, :8], counts[0, 1, 3:5] = 1, 2
    motion = torch.randn(1, 3, 2 * FAR + 1, generator=random)
    together = choose(onsets, counts, motion)
    for track in range(3):
        own = (slice(None), slice(track, track + 1))
        assert torch.equal(together[own], choose(onsets[own], counts[own], motion[own]))
    assert not together[0, 2].any()
