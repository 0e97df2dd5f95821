import pytest
import torch
from torch import Tensor

from musegan.models.monophony import ENOUGH, NEVER, one_at_a_time, share_of_chords
from musegan.models.patches import PatchLayout
from musegan.pianoroll import ONSET, Grid

LAYOUT = PatchLayout(Grid(4, 3), bars=2, tracks=2, octaves=2)
FREE = torch.zeros(1, 2, 2)
NOTHING = torch.zeros(LAYOUT.shape(1))
ALWAYS, NOT_AT_ALL = torch.ones(2), torch.full((2,), NEVER)


def said(*onsets: tuple[int, int, int, float]) -> Tensor:
    """Logits where onsets of (track, step, pitch) are that sure and all others most unlikely."""
    logits = torch.full(LAYOUT.shape(1), -9.0)
    for track, step, pitch, sure in onsets:
        cell(logits, track, step, pitch).fill_(sure)
    return logits


def cell(patches: Tensor, track: int, step: int, pitch: int) -> Tensor:
    octave, pitch = divmod(pitch, 12)
    return LAYOUT.split(patches)[0, step // 3, octave, track, ONSET, step % 3, pitch]


def given(*onsets: tuple[int, int, int]) -> Tensor:
    patches = NOTHING.clone()
    for onset in onsets:
        cell(patches, *onset).fill_(1)
    return patches


def heard(logits: Tensor) -> set[tuple[int, int, int]]:
    """(track, step, pitch) of the onsets that are played."""
    begun = LAYOUT.split(logits)[0, ..., ONSET, :, :] > 0
    return {
        (track, 3 * time + step, 12 * octave + pitch)
        for time, octave, track, step, pitch in begun.nonzero().tolist()
    }


CHORD = ((0, 3, 4, 1.0), (0, 3, 16, 2.0), (0, 3, 8, 0.5))
LINE = tuple((0, step, 5, 1.0) for step in (6, 9, 12))


def test_shares_of_hand_counted_steps() -> None:
    shares = share_of_chords(said(*CHORD, *LINE), FREE, LAYOUT)
    assert shares[0, 0] == pytest.approx(1 / 4)
    assert shares[0, 1].isnan()


def test_given_bars_do_not_count() -> None:
    mask = FREE.clone()
    mask[0, 0, 0] = 1
    shares = share_of_chords(said(*CHORD, (0, 12, 5, 1.0)), mask, LAYOUT)
    assert shares[0, 0] == 0


@pytest.mark.parametrize(("most", "left"), [(0.3, {16}), (0.2, {4, 8, 16})])
def test_a_track_with_few_chords_keeps_the_surest_of_each(most: float, left: set[int]) -> None:
    made = one_at_a_time(said(*CHORD, *LINE), NOTHING, FREE, LAYOUT, torch.full((2,), most))
    assert heard(made) == {(0, 3, pitch) for pitch in left} | {onset[:3] for onset in LINE}


def test_what_is_no_line_and_all_but_onsets_stay() -> None:
    logits = torch.randn(LAYOUT.shape(3), generator=torch.Generator().manual_seed(0))
    mask = FREE.expand(3, -1, -1)
    assert torch.equal(one_at_a_time(logits, NOTHING, mask, LAYOUT, NOT_AT_ALL), logits)
    alone = one_at_a_time(logits, NOTHING, mask, LAYOUT, ALWAYS)
    before, after = LAYOUT.split(logits), LAYOUT.split(alone)
    assert torch.equal(after[..., ONSET + 1 :, :, :], before[..., ONSET + 1 :, :, :])
    begun = (after[..., ONSET, :, :] > 0).sum((2, 5))
    assert torch.equal(begun, (before[..., ONSET, :, :] > 0).sum((2, 5)).clamp(max=1))


@pytest.mark.parametrize("most", [ALWAYS, NOT_AT_ALL], ids=["always", "never"])
@pytest.mark.parametrize("chordal", [False, True])
def test_a_track_is_what_it_is_in_given_bars(most: Tensor, chordal: bool) -> None:
    mask = FREE.clone()
    mask[0, 0, 0] = 1
    notes = [(0, 3 * beat, 5 + 4 * extra) for beat in range(ENOUGH) for extra in range(1 + chordal)]
    logits = said((0, 12, 4, 1.0), (0, 12, 8, 2.0))
    made = one_at_a_time(logits, given(*notes), mask, LAYOUT, most)
    assert heard(made) == {(0, 12, 8)} | ({(0, 12, 4)} if chordal else set())


def test_too_few_given_notes_tell_nothing() -> None:
    notes = [(0, 3 * beat, 5) for beat in range(ENOUGH - 1)]
    logits = said((0, 12, 4, 1.0), (0, 12, 8, 2.0))
    assert len(heard(one_at_a_time(logits, given(*notes), FREE, LAYOUT, NOT_AT_ALL))) == 2


def test_gradients_pass() -> None:
    logits = torch.randn(LAYOUT.shape(1)).requires_grad_(True)
    one_at_a_time(logits, NOTHING, FREE, LAYOUT, ALWAYS).sum().backward()
    assert logits.grad is not None
    assert torch.equal(logits.grad, torch.ones_like(logits))
