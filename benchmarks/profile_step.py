"""Where the time of a CPU train step goes, and how far it is from what arithmetic alone takes.

One thread takes steps of a recipe of rolls on random phrases. The profiler tells the share of
each kind of operation; the floating-point operations of its matrix products and convolutions are
counted, and a large matrix product tells how many of them this core does a second at best. Time is
the process's own, so that others on the machine do not count.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch.profiler import ProfilerActivity, profile
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry
from training_gpu import random_phrases

from musegan.composing.model import load_model
from musegan.training.game import Game
from musegan.training.kinds import make_task
from musegan.training.memory import keep_memory
from musegan.training.recipe import Recipe
from musegan.training.recipe_files import find_recipe
from musegan.training.state import new_state
from musegan.training.step import train_step
from pipelines import recipes

CPU = torch.device("cpu")
KINDS = {
    "convolutions": ("conv", "slow_conv", "mkldnn"),
    "matrix products": ("mm", "addmm", "bmm", "baddbmm", "linear"),
    "optimisers and the average": ("fused_adam", "_foreach", "lerp_"),
    "moving and copying": (
        "copy",
        "cat",
        "clone",
        "fill",
        "zero",
        "index",
        "gather",
        "roll",
        "flip",
    ),
}


class CountedWork(TorchDispatchMode):
    """Counts the floating-point operations of products and convolutions, backwards ones too."""

    total = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> object:
        """Run an operation and count it. PyTorch's own counter stumbles over second derivatives."""
        out = func(*args, **(kwargs or {}))
        formula = flop_registry.get(func._overloadpacket)
        if formula is not None:
            self.total += formula(*args, **(kwargs or {}), out_val=out)
        return out


def seconds(work: Callable[[], object], count: int) -> float:
    """Processor time of one of `count` calls."""
    begin = time.process_time()
    for _ in range(count):
        work()
    return (time.process_time() - begin) / count


def best_rate() -> float:
    """Floating-point operations a second of a large matrix product."""
    one, other = torch.randn(1024, 1024), torch.randn(1024, 1024)
    torch.mm(one, other)
    return 2 * 1024**3 / min(seconds(lambda: torch.mm(one, other), 3) for _ in range(5))


def kind_of(name: str) -> str:
    """Which of `KINDS` an operation is."""
    short = name.removeprefix("aten::")
    for kind, names in KINDS.items():
        if any(short == each or short.startswith((each, f"_{each}")) for each in names):
            return kind
    return "element by element, sums, the rest"


def steps_of(recipe: Recipe) -> tuple[Callable[[], object], int]:
    """A step that can be taken again and again, and its state's weights."""
    data = random_phrases(load_model(None).spec.ensemble)
    task = make_task(data, recipe, "speed", 0, CPU)
    generator, critic = task.build()
    state = new_state(generator, critic, recipe)
    feeder = task.feeder(state.generator)
    batches = feeder.batches(0)

    def step() -> object:
        return train_step(Game(state, task.contest, recipe), batches, feeder.chances(state.step))

    weights = sum(p.numel() for network in (generator, critic) for p in network.parameters())
    return step, weights


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recipe", default="family/r3gan")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--steps", type=int, default=8)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    keep_memory()
    recipe = find_recipe(chosen.recipe, recipes.FOLDER, batch=chosen.batch, steps=1 << 30)
    if not isinstance(recipe, Recipe):
        parser.error(f"{chosen.recipe} is not a recipe of phrases")
    step, weights = steps_of(recipe)
    for _ in range(3):
        step()
    each = seconds(step, chosen.steps)
    with CountedWork() as counted:  # type: ignore[no-untyped-call]  # torch leaves modes untyped
        for _ in range(chosen.steps):
            step()
    work = counted.total / chosen.steps
    best = best_rate()
    print(f"{chosen.recipe}, batch {chosen.batch}, {weights:,} weights, one thread")
    print(f"step                                {1e3 * each:8.1f} ms")
    print(f"products and convolutions           {work / 1e9:8.2f} GFLOP")
    print(f"done at                             {work / each / 1e9:8.1f} GFLOP/s")
    print(f"a large matrix product              {best / 1e9:8.1f} GFLOP/s")
    print(f"share of the arithmetic limit       {work / each / best:8.0%}")
    with profile(activities=[ProfilerActivity.CPU]) as seen:
        for _ in range(chosen.steps):
            step()
    spent: Counter[str] = Counter()
    single: Counter[str] = Counter()
    for event in seen.key_averages():
        if event.key.startswith("aten::"):
            spent[kind_of(event.key)] += event.self_cpu_time_total
            single[event.key] += event.self_cpu_time_total
    total = sum(spent.values())
    for title, table in (("kind", spent), ("operation", single)):
        print(f"\n{title:36} share")
        for name, taken in table.most_common(12):
            print(f"{name:36} {taken / total:5.1%}")


if __name__ == "__main__":
    main()
