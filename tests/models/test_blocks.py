import pytest
import torch
from torch.nn import functional as F

from musegan.models.blocks import (
    Conv,
    ResidualBlock,
    across_bars,
    activate,
    level,
    linear,
    modulate,
)


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def test_a_convolution_is_the_ordinary_one_with_channels_last():
    layer = Conv(6, 4, (3, 1), stride=(2, 1), padding=(1, 0), groups=2)
    x = torch.randn(3, 8, 5, 6)
    plain = F.conv2d(
        x.permute(0, 3, 1, 2).contiguous(),
        layer.weight.contiguous(),
        layer.bias,
        stride=(2, 1),
        padding=(1, 0),
        groups=2,
    )
    torch.testing.assert_close(layer(x), plain.permute(0, 2, 3, 1))


@pytest.mark.parametrize("gain", [1.0, 0.3])
def test_layers_keep_the_size_of_what_they_hear_times_their_gain(gain):
    x = activate(torch.randn(4000, 1, 1, 256))
    for layer in (linear(256, 256, gain), Conv(256, 256, (1, 1), gain=gain)):
        ratio = activate(layer(x)).square().mean() / x.square().mean()
        assert ratio.sqrt().item() == pytest.approx(gain, rel=0.1)
        assert layer.bias.count_nonzero() == 0


def test_a_look_across_bars_hears_the_same_place_of_the_neighbours_alone():
    layer = across_bars(2, per_bar=4)
    x = torch.zeros(1, 16, 3, 2)
    x[0, 5, 1] = 1  # second place of the second bar
    reached = (layer(x) - layer(torch.zeros_like(x))).abs().sum(3)[0] > 0
    assert reached.nonzero().tolist() == [[1, 1], [5, 1], [9, 1]]


def test_in_a_loop_the_end_leads_to_the_beginning():
    torch.manual_seed(0)
    block = ResidualBlock(4, 6, loop=True)
    x = torch.randn(2, 24, 3, 4)
    for places in (1, 6, 17):
        torch.testing.assert_close(block(x.roll(places, 1)), block(x).roll(places, 1))
    assert not torch.allclose(ResidualBlock(4, 6)(x.roll(1, 1)), ResidualBlock(4, 6)(x).roll(1, 1))


def test_a_block_keeps_the_shape_and_begins_near_the_identity():
    x = torch.randn(2, 8, 3, 6)
    branch = ResidualBlock(6, per_bar=4)(x) - x
    assert branch.shape == x.shape
    assert 0 < branch.std() < 0.7


def test_groups_of_a_block_do_not_hear_each_other():
    block = ResidualBlock(6, per_bar=4, context=5, groups=2)
    x, context = torch.randn(2, 8, 3, 6), torch.randn(2, 2, 2, 5)
    before = block(x, context)
    x[..., :3] += torch.randn(2, 8, 3, 3)
    context[:, :, 0] += 1
    after = block(x, context)
    assert torch.equal(before[..., 3:], after[..., 3:])
    assert (before[..., :3] != after[..., :3]).all()


def test_a_context_speaks_to_its_bar_and_through_it_to_the_neighbours():
    block = ResidualBlock(4, per_bar=4, context=5)
    x, context = torch.randn(1, 16, 2, 4), torch.randn(1, 4, 1, 5)
    before = block(x, context)
    context[:, 0] += 1
    moved = (block(x, context) - before).abs().sum((0, 2, 3)) > 0
    assert moved[:8].all()
    assert not moved[9:].any()  # a 3 × 3 convolution carries the second bar's change one place on


def test_levelling_brings_each_group_to_unit_size():
    x = torch.randn(2, 4, 3, 10) * torch.tensor([0.1] * 5 + [100.0] * 5)
    sizes = level(x, groups=2).unflatten(3, (2, 5)).square().mean(4)
    torch.testing.assert_close(sizes, torch.ones_like(sizes), rtol=0.01, atol=0)


def test_modulation_scales_and_shifts_channel_by_channel():
    h, film = torch.randn(2, 6, 3, 4), torch.randn(2, 3, 2, 4)
    result = modulate(h, film)
    for batch in range(2):
        for time in range(6):
            for channel in range(4):
                group, inside = divmod(channel, 2)
                scale = 1 + film[batch, time // 2, group, inside]
                shift = film[batch, time // 2, group, 2 + inside]
                expected = h[batch, time, :, channel] * scale + shift
                torch.testing.assert_close(result[batch, time, :, channel], expected)
