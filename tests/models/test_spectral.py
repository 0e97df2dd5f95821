import pytest
import torch
from torch import nn

from musegan.models.critic import Critic
from musegan.models.patches import to_patches
from musegan.models.spectral import LAYERS, normalise

from .toys import LAYOUT, some_phrases, styles_of

PATCHES, STYLE, MASK = to_patches(some_phrases(3), LAYOUT), styles_of(0, 1, 2), torch.zeros(3, 2, 2)


def toy_critic() -> Critic:
    torch.manual_seed(0)
    return normalise(Critic(LAYOUT, 2, 4))


def test_no_layer_stretches_anything():
    critic = toy_critic()
    with torch.no_grad():
        for _ in range(60):
            critic(PATCHES, STYLE, MASK)
    layers = [each for each in critic.modules() if isinstance(each, LAYERS)]
    assert len(layers) > 10
    for layer in layers:
        stretch = torch.linalg.matrix_norm(layer.weight.flatten(1), ord=2).item()
        assert stretch == pytest.approx(1, abs=0.05)


def test_scores_of_a_dense_network_are_no_further_apart_than_what_is_scored():
    torch.manual_seed(0)
    network = normalise(nn.Sequential(nn.Linear(6, 9), nn.LeakyReLU(0.2), nn.Linear(9, 1)))
    with torch.no_grad():
        for _ in range(60):
            network(torch.zeros(1, 6))
    network.eval()
    one, other = 10 * torch.randn(200, 6), 10 * torch.randn(200, 6)
    apart = (network(one) - network(other)).abs().squeeze(1)
    assert (apart <= (one - other).norm(dim=1) * 1.001).all()
    assert apart.max() > 1


def test_it_is_kept_with_its_weights():
    critic, other = toy_critic(), normalise(Critic(LAYOUT, 2, 4))
    critic(PATCHES, STYLE, MASK)
    other.load_state_dict(critic.state_dict())
    assert torch.equal(*(each.eval()(PATCHES, STYLE, MASK).score for each in (critic, other)))
