import torch
from torch import Tensor

from musegan.models.coder import on_sphere
from musegan.training.blurring import blur


def codes() -> Tensor:
    """Eight phrases of 4 bars, 2 tracks; the second is silent in the last bar."""
    made = on_sphere(torch.randn(8, 4, 2, 32, generator=torch.Generator().manual_seed(0)))
    made[:, 3, 1] = 0
    return made


def test_blurred_codes_are_nearest_to_what_they_were() -> None:
    before, after = codes(), blur(codes(), torch.Generator().manual_seed(1))
    for track in range(2):
        own, heard = (each[:, :3, track].flatten(0, 1) for each in (before, after))
        likeness = torch.nn.functional.cosine_similarity(heard[:, None], own, dim=2)
        right = likeness.argmax(1) == torch.arange(len(own))
        assert right.float().mean() > 0.9
        assert likeness.diagonal().mean() < 0.95


def test_some_are_blurred_more_than_others() -> None:
    far = (blur(codes(), torch.Generator().manual_seed(1)) - codes())[:, :3].square().mean((1, 3))
    assert far.max() > 4 * far.min()


def test_silence_stays_and_is_mixed_with_none() -> None:
    after = blur(codes(), torch.Generator().manual_seed(1))
    assert not after[:, 3, 1].any()
    alone = torch.zeros(1, 4, 2, 32)
    alone[0, 0] = 1
    kept = blur(alone, torch.Generator().manual_seed(2))
    # nothing to be mixed with but itself: what is left is noise around it
    assert torch.all((kept[0, 0] - 1).mean(1).abs() < 0.5)
    assert not kept[0, 1:].any()


def test_the_same_chance_blurs_alike() -> None:
    one, other = (blur(codes(), torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(one, other)
