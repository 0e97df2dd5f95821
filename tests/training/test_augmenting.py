import pytest
import torch

from musegan.models.patches import to_patches
from musegan.pianoroll import ONSET, SUSTAIN, VELOCITY
from musegan.training.augmenting import AUGMENTS, LOUDER
from musegan.training.chance import Chance
from tests.models.toys import LAYOUT, some_phrases

REAL = to_patches(some_phrases(8), LAYOUT)
MASK = torch.arange(4.0).view(1, 2, 2).expand(8, 2, 2)
ALL, NONE = torch.ones(8, dtype=torch.bool), torch.zeros(8, dtype=torch.bool)


def changed(kind: str, hit: torch.Tensor = ALL, seed: int = 0):
    return AUGMENTS[kind](REAL, MASK, hit, LAYOUT, Chance(seed, of=8))


@pytest.mark.parametrize("kind", AUGMENTS)
def test_only_phrases_that_are_hit_are_changed(kind):
    hit = torch.arange(8) % 2 == 0
    patches, mask = changed(kind, hit)
    assert torch.equal(patches[~hit], REAL[~hit])
    assert torch.equal(mask[~hit], MASK[~hit])
    assert not torch.equal(patches[hit], REAL[hit])
    assert torch.equal(changed(kind, NONE)[0], REAL)


@pytest.mark.parametrize("kind", AUGMENTS)
def test_changes_follow_the_seed_and_pass_gradients(kind):
    assert torch.equal(changed(kind)[0], changed(kind)[0])
    x = REAL.clone().requires_grad_()
    AUGMENTS[kind](x, MASK, ALL, LAYOUT, Chance(0, of=8))[0].sum().backward()
    assert (x.grad > 0).float().mean() > 0.5


def test_of_two_bars_a_turn_begins_with_the_second():
    patches, mask = changed("rotate")
    half = LAYOUT.times // 2
    assert torch.equal(patches, torch.cat([REAL[:, half:], REAL[:, :half]], 1))
    assert torch.equal(mask, MASK[:, :, [1, 0]])


def test_a_silenced_cell_is_one_bar_of_one_track():
    patches, mask = changed("silence")
    lost = (LAYOUT.split(patches) != LAYOUT.split(REAL)).unflatten(1, (2, -1))
    cells = lost.flatten(2, 3).any(2).flatten(3).any(3)  # (phrase, bar, track)
    assert cells.flatten(1).sum(1).max() == 1
    assert cells.any(0).sum() >= 3
    assert ((patches == REAL) | (patches == 0)).all()
    assert torch.equal(mask, MASK)


def test_louder_phrases_have_the_same_notes_and_velocities_in_proportion():
    before, after = LAYOUT.split(REAL), LAYOUT.split(changed("loudness")[0])
    for plane in (ONSET, SUSTAIN):
        assert torch.equal(after[:, :, :, :, plane], before[:, :, :, :, plane])
    for old, new in zip(before[:, :, :, :, VELOCITY], after[:, :, :, :, VELOCITY], strict=True):
        factors = (new / old)[old > 0]
        if len(factors):
            torch.testing.assert_close(factors, factors[:1].expand_as(factors))
            assert factors[0].log().abs() <= LOUDER + 1e-5
