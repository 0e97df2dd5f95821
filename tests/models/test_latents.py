import torch

from musegan.models.latents import Latents, LatentSizes, sample_latents

from .toys import COMPOSER, HYBRID, JAMMING, toy_latents


def shapes(latents: Latents) -> list[tuple[int, ...]]:
    return [tuple(part.shape) for part in latents.parts]


def test_every_setting_has_its_own_latents_and_no_others():
    assert shapes(toy_latents(6, COMPOSER)) == [(6, 5), (6, 2, 3), (6, 2, 0), (6, 2, 2, 0)]
    assert shapes(toy_latents(6, JAMMING)) == [(6, 0), (6, 2, 0), (6, 2, 4), (6, 2, 2, 2)]
    assert shapes(toy_latents(6, HYBRID)) == [(6, 5), (6, 2, 3), (6, 2, 4), (6, 2, 2, 2)]


def test_the_same_seed_draws_the_same_latents():
    one, same, other = toy_latents(3, seed=1), toy_latents(3, seed=1), toy_latents(3, seed=2)
    assert all(map(torch.equal, one.parts, same.parts))
    assert not any(map(torch.equal, one.parts, other.parts))


def test_latents_are_standard_normal():
    random = torch.Generator().manual_seed(0)
    for part in sample_latents(200, LatentSizes(50, 50, 50, 50), 2, 2, random).parts:
        assert abs(part.mean()) < 0.05
        assert abs(part.std() - 1) < 0.05


def test_latents_move_to_a_device():
    moved = toy_latents(2).to("meta")
    assert {part.device.type for part in moved.parts} == {"meta"}


def test_scaled_latents_lie_so_many_times_as_far_from_0():
    latents = toy_latents(2)
    for part, scaled in zip(latents.parts, latents.scaled(0.5).parts, strict=True):
        assert torch.equal(2 * scaled, part)
