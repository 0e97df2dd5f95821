"""One of two processes that normalise halves of a batch together; argv[1] is where to."""

import sys

import torch

from musegan.models.batchwise import BatchNorm

ROWS, CHANNELS = 6, 3


def batch() -> torch.Tensor:
    random = torch.Generator().manual_seed(0)
    return 3 + 2 * torch.randn(ROWS, 4, CHANNELS, generator=random, dtype=torch.float64)


def look(x: torch.Tensor) -> dict[str, torch.Tensor]:
    """The layer's output, slopes of a sum over it, and slopes of those slopes' squares."""
    layer = BatchNorm(CHANNELS).double()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([0.5, 1.0, 2.0]))
    x = x.clone().requires_grad_()
    out = layer(x)
    (slope,) = torch.autograd.grad(out.pow(3).sum(), x, create_graph=True)
    (again,) = torch.autograd.grad(slope.square().sum(), x)
    return {
        "out": out.detach(),
        "slope": slope.detach(),
        "again": again,
        "mean": layer.running_mean,
        "variance": layer.running_var,
    }


if __name__ == "__main__":
    torch.distributed.init_process_group("gloo")
    rank = torch.distributed.get_rank()
    torch.save(look(batch().chunk(2)[rank]), f"{sys.argv[1]}/{rank}.pt")
    torch.distributed.destroy_process_group()
