import pytest
import torch

from musegan.models.code_critic import CodeCritic, outlined
from musegan.models.coder import on_sphere
from musegan.models.mixing import TrackLinear

from .toys import styles_of

BATCH, BARS, TRACKS, CODE = 3, 2, 2, 6


def critic() -> CodeCritic:
    torch.manual_seed(0)
    outline = TrackLinear(CODE, 24 + 4, TRACKS).requires_grad_(False)
    return CodeCritic(TRACKS, BARS, 2, CODE, width=8, blocks=1, outline=outline)


def some_codes() -> torch.Tensor:
    torch.manual_seed(1)
    return on_sphere(torch.randn(BATCH, BARS, TRACKS, CODE))


def test_each_phrase_has_a_score_of_its_own():
    codes, free = some_codes(), torch.zeros(BATCH, TRACKS, BARS)
    changed = codes.clone()
    changed[1, 0, 0] *= -1
    before, after = (critic()(each, styles_of(0, 1, 2), free) for each in (codes, changed))
    assert before.shape == (BATCH,)
    assert (before != after).tolist() == [False, True, False]


@pytest.mark.parametrize("what", ["style", "mask"])
def test_style_and_mask_are_heard(what):
    codes, style, mask = some_codes(), styles_of(0, 1, 2), torch.zeros(BATCH, TRACKS, BARS)
    before = critic()(codes, style, mask)
    if what == "style":
        style = styles_of(1, 2, 0)
    else:
        mask[:, 0, 1] = 1
    assert (critic()(codes, style, mask) != before).all()


def test_every_weight_learns():
    judge = critic()
    mask = torch.zeros(BATCH, TRACKS, BARS)
    mask[:, 0] = 1
    judge(some_codes(), styles_of(0, 1, 2), mask).sum().backward()
    for name, weight in judge.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.any(), name


def test_likenesses_of_hand_made_codes():
    judge = critic()
    with torch.no_grad():
        for layer in (judge.beside, judge.before):
            layer.weight.copy_(torch.ones_like(layer.weight))
    codes = torch.zeros(1, BARS, TRACKS, CODE)
    codes[0, :, 0, 0] = torch.tensor([1.0, 2.0])
    codes[0, :, 1, 1] = torch.tensor([3.0, 0.0])
    ways, width = 4, 24
    found = judge.likenesses(codes).mul(width**-0.5)[0]
    tracks, bars = found.split([ways * TRACKS * TRACKS, ways * TRACKS], 1)
    assert tracks[0].view(ways, TRACKS, TRACKS)[2].tolist() == [
        pytest.approx([1, 3]),
        pytest.approx([3, 9]),
    ]
    # `bars` are laid out track by track
    assert bars.view(BARS, TRACKS, ways)[:, 0, 0].tolist() == pytest.approx([2, 2])
    assert bars.view(BARS, TRACKS, ways)[:, 1, 0].tolist() == pytest.approx([0, 0])


def test_likenesses_of_hand_made_outlines():
    told = torch.zeros(1, BARS, TRACKS, 24 + 4)
    told[0, :, 0, 0] = told[0, :, 0, 4] = 0.5  # two pitch classes in the first half of both bars
    told[0, 0, 1, 4] = 1.0
    told[0, 1, 1, 24] = 1.0
    found = outlined(told)[0]
    tracks, held, steady = found.split([2 * TRACKS * TRACKS, 2 * TRACKS, TRACKS], 1)
    half = 2**-0.5
    first = tracks.view(BARS, 2, TRACKS, TRACKS)[:, 0]
    assert first[0].flatten().tolist() == pytest.approx([1, half, half, 1])
    assert first[1].flatten().tolist() == pytest.approx([1, 0, 0, 0])
    assert tracks.view(BARS, 2, -1)[:, 1].abs().max() == 0
    assert held.view(BARS, 2, TRACKS)[:, 0].flatten().tolist() == pytest.approx([1, 0, 1, 0])
    assert steady.abs().max() == 0
