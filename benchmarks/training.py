"""Training steps a second on the CPU: MuseGAN's notebook networks, by our step and by a plain loop.

The networks are those of the PyTorch notebook that MuseGAN's authors publish (314k and 204k
parameters, batch 16, 5 tracks × 4 bars × 16 steps × 72 pitches, WGAN-GP, one critic step). Three
processes train them and take turns, a few steps each, so that a busy moment meets all and no
allocator setting helps another:

- a plain PyTorch loop;
- our training step on the very same modules (which keeps an averaged generator besides);
- our training step on the same weights, but with what our own networks are made of: channels last,
  and convolutions that stride over patches as matrix products.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from musegan_notebook import (
    BARS,
    BATCH,
    BETAS,
    LATENT,
    PENALTY,
    PITCHES,
    RATE,
    STEPS,
    Critic,
    Generator,
    LayerNorm,
    Notebook,
)
from torch import Tensor, nn
from torch.nn import functional as F

from musegan.training.chance import Chance
from musegan.training.contest import Contest, Verdict
from musegan.training.game import Game
from musegan.training.matching import Traits
from musegan.training.memory import keep_memory
from musegan.training.recipe import Recipe
from musegan.training.state import new_state
from musegan.training.step import train_step

TRACKS = 5
PARAMETERS = (313_951, 204_321)
WAYS = {
    "plain": "plain loop",
    "step": "our step, same modules",
    "patches": "our step, patches as matrix products",
}
LIMIT = 1.5
ADAM = {"rate": RATE, "betas": BETAS}
RECIPE = {
    "loss": "wasserstein",
    "penalties": [{"kind": "two_sided", "weight": PENALTY}],
    "generator_adam": ADAM,
    "critic_adam": ADAM,
}


class PatchConv3d(nn.Conv3d):
    """A convolution that strides over patches, as one matrix product."""

    def forward(self, x: Tensor) -> Tensor:
        """As `nn.Conv3d`."""
        a, b, c = self.kernel_size
        patches = x.movedim(1, 4).unflatten(3, (-1, c)).unflatten(2, (-1, b)).unflatten(1, (-1, a))
        patches = patches.permute(0, 1, 3, 5, 2, 4, 6, 7).flatten(4)
        weight = self.weight.movedim(1, 4).flatten(1)
        return F.linear(patches, weight, self.bias).movedim(4, 1)


class PatchConvTranspose3d(nn.ConvTranspose3d):
    """The same the other way round: each place becomes a patch."""

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        """As `nn.ConvTranspose3d`."""
        patches = x.movedim(1, 4) @ self.weight.movedim(1, 4).flatten(1)
        patches = patches.unflatten(4, (*self.kernel_size, self.out_channels))
        if self.bias is not None:
            patches = patches + self.bias
        grown: Tensor = patches.permute(0, 1, 4, 2, 5, 3, 6, 7)
        return grown.flatten(5, 6).flatten(3, 4).flatten(1, 2).movedim(4, 1)


class LastLayerNorm(LayerNorm):
    """The normalisation of tensors whose channels are last in memory."""

    def forward(self, x: Tensor) -> Tensor:
        """As `LayerNorm`."""
        last = x.movedim(1, 4)
        levelled = F.layer_norm(last, last.shape[1:])
        scaled: Tensor = torch.addcmul(self.shift, levelled, self.scale)
        return scaled.movedim(4, 1)


def as_patches(network: nn.Module) -> None:
    """Let the layers of a network work as our own do, on the weights they have."""
    for layer in network.modules():
        if isinstance(layer, LayerNorm):
            layer.__class__ = LastLayerNorm
        elif isinstance(layer, nn.Conv3d) and layer.kernel_size == layer.stride:
            layer.__class__ = PatchConv3d
        elif isinstance(layer, nn.ConvTranspose3d) and layer.kernel_size == layer.stride:
            layer.__class__ = PatchConvTranspose3d


@dataclass(frozen=True)
class Rolls:
    """A batch: real rolls, and latents for the made ones."""

    real: Tensor
    latents: Tensor


NOTEBOOK: Contest[Generator, Critic, Rolls, Recipe] = Contest(
    make=lambda generator, batch, recipe: generator(batch.latents),
    judge=lambda critic, rolls, batch: Verdict(critic(rolls).squeeze(1)),
    traits=lambda critic, rolls, batch: [Traits(rolls.flatten(1, 2))],
)


def our_step(generator: Generator, critic: Critic, real: Tensor) -> Callable[[], object]:
    """The same by `musegan.training`."""
    recipe = Recipe.model_validate(RECIPE)
    state = new_state(generator, critic, recipe)
    chance = Chance(0, BATCH)

    def step() -> object:
        batch = Rolls(real, torch.randn(BATCH, LATENT))
        return train_step(Game(state, NOTEBOOK, recipe), [batch], [chance])

    return step


def work(way: str, threads: int) -> None:
    """Train in one way: for each number on stdin, so many steps, and their seconds on stdout."""
    if way != "plain":
        keep_memory()
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    notebook = Notebook(TRACKS)
    generator, critic = notebook.generator, notebook.critic
    sizes = tuple(sum(p.numel() for p in network.parameters()) for network in (generator, critic))
    if sizes != PARAMETERS:
        raise ValueError(f"these are not the notebook's networks: {sizes} parameters")
    if way == "patches":
        latents = torch.randn(BATCH, LATENT)
        expected = generator(latents), critic(generator(latents))
        as_patches(generator)
        as_patches(critic)
        found = generator(latents), critic(generator(latents))
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)
    real = (torch.rand(BATCH, TRACKS, BARS * STEPS, PITCHES) < 0.03).float()
    step = partial(notebook.step, real) if way == "plain" else our_step(generator, critic, real)
    for line in sys.stdin:
        begin = time.perf_counter()
        for _ in range(int(line)):
            step()
        print(time.perf_counter() - begin, flush=True)


def start(way: str, threads: int) -> subprocess.Popen[str]:
    """A process that trains in one way when it is told to."""
    command = [sys.executable, __file__, "--way", way, "--threads", str(threads)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def train_for(process: subprocess.Popen[str], steps: int) -> float:
    """Seconds a step of the next `steps` steps of a process."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process has no pipes")
    print(steps, file=process.stdin, flush=True)
    return float(process.stdout.readline()) / steps


def main() -> None:
    """Take turns and print steps a second, the median over the rounds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--steps", type=int, default=4, help="steps in a turn")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--way", choices=WAYS, help="used by the benchmark itself")
    chosen = parser.parse_args()
    if chosen.way:
        work(chosen.way, chosen.threads)
        return
    processes = {way: start(way, chosen.threads) for way in WAYS}
    for process in processes.values():
        train_for(process, 3)  # the first steps prepare what the others find ready
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(chosen.rounds):
        for way, process in processes.items():
            times[way].append(train_for(process, chosen.steps))
    for process in processes.values():
        process.communicate()
    medians = {way: sorted(taken)[chosen.rounds // 2] for way, taken in times.items()}
    print(f"{chosen.threads} threads, {chosen.rounds} rounds of {chosen.steps} steps")
    for way, title in WAYS.items():
        pairs = sorted(p / t for p, t in zip(times["plain"], times[way], strict=True))
        ratio = pairs[chosen.rounds // 2]
        print(f"{title:38} {1 / medians[way]:6.2f} steps/s   x {ratio:4.2f}")
    print(f"limit for our step: x {LIMIT}")


if __name__ == "__main__":
    main()
