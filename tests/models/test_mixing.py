import pytest
import torch

from musegan.models.mixing import BarBlock, Recall, TrackLinear


def test_each_group_has_weights_of_its_own():
    torch.manual_seed(0)
    layer = TrackLinear(3, 2, groups=2)
    x = torch.randn(4, 5, 2, 3)
    with torch.no_grad():
        layer.bias.normal_()
        found = layer(x)
    for group in range(2):
        wanted = x[:, :, group] @ layer.weight[group] + layer.bias[group]
        torch.testing.assert_close(found[:, :, group], wanted)


def test_a_block_hears_the_bars_beside_and_no_other_group():
    torch.manual_seed(0)
    block, x = BarBlock(4, groups=2), torch.randn(1, 4, 2, 4)
    nudged = x.clone()
    nudged[0, 0, 1] += 1
    moved = (block(x) != block(nudged)).any(3)[0]
    assert moved.tolist() == [[False, True], [False, True], [False, False], [False, False]]


def test_a_block_listens_to_its_context():
    torch.manual_seed(0)
    block, x = BarBlock(4, context=3), torch.randn(1, 2, 1, 4)
    context = torch.randn(1, 2, 1, 3)
    assert (block(x, context) != block(x, -context)).all()


def test_bars_keep_their_own_ideas_unless_they_like_another():
    torch.manual_seed(0)
    recall, ideas = Recall(4, groups=1), torch.randn(1, 3, 1, 5)
    with torch.no_grad():
        recall.own.fill_(10)
        kept = recall(torch.zeros(1, 3, 1, 4), ideas)
        torch.testing.assert_close(kept, ideas, atol=1e-4, rtol=1e-4)
        recall.own.fill_(-10)
        others = recall(torch.zeros(1, 3, 1, 4), ideas)
    torch.testing.assert_close(others[0, 0, 0], ideas[0, 1:, 0].mean(0), atol=1e-4, rtol=1e-4)


def test_silence_is_not_taken_up():
    recall, ideas = Recall(4, groups=1), torch.zeros(1, 3, 1, 2)
    ideas[0, 1, 0] = torch.tensor([1.0, 2.0])
    with torch.no_grad():
        taken = recall(torch.zeros(1, 3, 1, 4), ideas)
    for bar in range(3):
        assert taken[0, bar, 0].tolist() == pytest.approx([1, 2])
