import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from musegan.models.batchwise import BatchNorm, PlainBlock, deviation

from .joined_norm import batch, look


def test_deviation_is_the_mean_over_features_of_spreads_within_groups():
    x = torch.randn(8, 3, 5, generator=torch.Generator().manual_seed(0)).double()
    expected = [np.std(x[rows].numpy(), axis=0).mean() for rows in (slice(4), slice(4, 8))]
    found = deviation(x)
    assert found.shape == (8, 1)
    np.testing.assert_allclose(found[:, 0], np.repeat(expected, 4), rtol=1e-6)


def test_rows_that_make_no_whole_groups_are_one():
    x = torch.randn(6, 2, generator=torch.Generator().manual_seed(0)).double()
    np.testing.assert_allclose(deviation(x)[:, 0], np.full(6, np.std(x.numpy(), axis=0).mean()))


def test_rows_that_are_alike_have_no_deviation_and_a_slope_that_is_a_number():
    x = torch.ones(4, 3, requires_grad=True)
    found = deviation(x)
    assert found.max() < 2e-4
    found.sum().backward()
    assert x.grad.isfinite().all()


def test_its_slope_is_that_of_finite_differences():
    x = torch.randn(4, 3, generator=torch.Generator().manual_seed(1)).double()
    assert torch.autograd.gradcheck(deviation, x.requires_grad_())


@pytest.mark.parametrize("shape", [(6, 3), (4, 5, 2, 3)])
def test_batch_norm_is_that_of_the_channels_wherever_they_stand(shape):
    x = 3 + 2 * torch.randn(shape, generator=torch.Generator().manual_seed(0))
    layer = BatchNorm(3)
    expected = nn.functional.batch_norm(
        x.movedim(-1, 1), None, None, layer.weight, layer.bias, training=True
    )
    torch.testing.assert_close(layer(x), expected.movedim(1, -1))
    assert layer(x).flatten(0, -2).mean(0).abs().max() < 1e-5


def test_a_plain_block_is_normalised_over_the_batch_and_hears_no_style():
    torch.manual_seed(0)
    block, x = PlainBlock(6, 4, 5, groups=2, loop=True), 3 + torch.randn(4, 8, 3, 6)
    made = block(x, torch.zeros(4, 2, 2, 5))
    assert made.shape == x.shape
    assert (made >= 0).all()
    assert torch.equal(made, block(x, torch.ones(4, 2, 2, 5)))
    block.eval()
    alone = torch.cat([block(row, torch.zeros(1, 2, 2, 5)) for row in x.split(1)])
    torch.testing.assert_close(block(x, torch.zeros(4, 2, 2, 5)), alone)


def test_batch_norm_of_two_processes_is_that_of_their_joined_batch(tmp_path):
    root = Path(__file__).resolve().parents[2]
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    script = str(root / "tests" / "models" / "joined_norm.py")
    env = {"PYTHONPATH": str(root), "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, *launch, script, str(tmp_path)], env=env, check=True)
    halves = [torch.load(tmp_path / f"{rank}.pt") for rank in range(2)]
    whole = look(batch())
    for name in ("out", "slope", "again"):
        torch.testing.assert_close(torch.cat([half[name] for half in halves]), whole[name])
    for name in ("mean", "variance"):
        assert torch.equal(halves[0][name], halves[1][name])
        torch.testing.assert_close(halves[0][name], whole[name])
