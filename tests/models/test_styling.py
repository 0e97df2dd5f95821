import pytest
import torch
from torch.nn import functional as F

from musegan.models.blocks import across_bars, neighbours
from musegan.models.styling import ModulatedConv, Noise, StyleBlock, mix_styles, path_lengths


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).double()


@pytest.mark.parametrize("groups", [1, 2])
def test_one_bar_is_convolved_with_modulated_and_demodulated_weights(groups):
    torch.manual_seed(0)
    layer = ModulatedConv(neighbours(4, 6, groups), 5).double()
    torch.nn.init.normal_(layer.bias)
    x, context = normal(2, 8, 3, 4), normal(2, 1, groups, 5, seed=1)
    expected = []
    for row in range(2):
        style = 1 + layer.style(context[row, 0])  # (groups, inputs)
        weight = layer.conv.weight.unflatten(0, (groups, -1)) * style[:, None, :, None, None]
        weight = weight / (weight.square().sum((2, 3, 4), keepdim=True) + 1e-8).sqrt()
        picture = x[row].permute(2, 0, 1)[None]
        made = F.conv2d(picture, weight.flatten(0, 1), layer.bias, padding=1, groups=groups)
        expected.append(made[0].permute(1, 2, 0))
    torch.testing.assert_close(layer(x, context), torch.stack(expected))


def test_each_bar_has_its_own_style():
    torch.manual_seed(0)
    layer = ModulatedConv(neighbours(4, 4), 5).double()
    x, context = normal(1, 8, 3, 4), normal(1, 2, 1, 5, seed=1)
    other = context.clone()
    other[:, 1] += 1
    changed = (layer(x, context) != layer(x, other)).flatten(2).any(2)[0]
    assert not changed[:3].any()
    assert changed[4:].all()


def test_noise_is_silent_at_first_and_fixed_when_played():
    noise, x = Noise(3), torch.zeros(2, 4, 5, 3)
    assert torch.equal(noise(x), x)
    torch.nn.init.ones_(noise.loudness)
    one, other = noise(x), noise(x)
    assert not torch.equal(one, other)
    assert torch.equal(one[..., 0], one[..., 2])
    noise.eval()
    assert torch.equal(noise(x), noise(x))
    assert torch.equal(noise(x)[0], noise(x)[1])


def test_layers_play_noise_of_their_own_that_a_copy_plays_too():
    torch.manual_seed(0)
    one, other, copied, x = Noise(3), Noise(3), Noise(3), torch.zeros(1, 4, 5, 3)
    for noise in (one, other, copied):
        torch.nn.init.ones_(noise.loudness)
        noise.eval()
    copied.load_state_dict(one.state_dict())
    assert torch.equal(one(x), copied(x))
    assert (
        abs(torch.corrcoef(torch.stack([one(x)[..., 0].ravel(), other(x)[..., 0].ravel()]))[0, 1])
        < 0.6
    )


@pytest.mark.parametrize("groups", [1, 2])
def test_a_block_keeps_shape_and_scale(groups):
    torch.manual_seed(0)
    block = StyleBlock(8, 4, 5, groups, loop=True)
    x, context = normal(4, 8, 5, 8).float(), normal(4, 2, groups, 5, seed=1).float()
    made = block(x, context)
    assert made.shape == x.shape
    assert 0.5 < made.std() < 2
    assert torch.equal(block.eval()(x, context), block(x, context))


def test_a_bar_hears_the_bars_beside_it():
    torch.manual_seed(0)
    layer = ModulatedConv(across_bars(4, 4), 5)
    x, context = normal(1, 12, 2, 4).float(), normal(1, 3, 1, 5, seed=1).float()
    other = x.clone()
    other[:, 4] += 1
    changed = (layer(x, context) != layer(other, context)).flatten(2).any(2)[0]
    assert changed.nonzero().flatten().tolist() == [0, 4, 8]


@pytest.mark.parametrize(("share", "mixed"), [(0.0, 0), (0.5, 0.5), (1.0, 1)])
def test_a_share_of_rows_gets_the_style_of_another(share, mixed):
    style = torch.arange(2000.0)[:, None].expand(-1, 3)
    torch.manual_seed(0)
    found = mix_styles(style, share)
    other = (found != style).all(1)
    assert other.float().mean().item() == pytest.approx(mixed, abs=0.05)
    assert torch.equal(found[other], style.roll(1, 0)[other])


def test_paths_of_a_linear_map_are_as_long_as_its_jacobian_says():
    jacobian, style = normal(6, 4), normal(3, 4, seed=1).requires_grad_()
    noise = normal(3, 6, seed=2)
    lengths = path_lengths(style @ jacobian.T, style, noise)
    expected = [(jacobian.T @ row).norm() / 6**0.5 for row in noise]
    torch.testing.assert_close(lengths, torch.stack(expected))
    # over many directions the mean square is that of the whole jacobian
    many = normal(4000, 6, seed=3)
    rows = normal(4000, 4, seed=4).requires_grad_()
    squares = path_lengths(rows @ jacobian.T, rows, many).square().mean()
    assert squares.item() == pytest.approx(jacobian.square().sum().item() / 6, rel=0.05)
