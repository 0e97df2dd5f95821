"""The GPU's numbers: steps against a plain loop, how busy the GPU is, phrases a second.

Three rows, each by one part of this file, on the first CUDA device:

- MuseGAN's notebook networks (see `musegan_notebook`, WGAN-GP, batch 16): a plain PyTorch loop
  against our step, recorded as CUDA graphs, on the same modules; and the same at float32 and TF32
  as PyTorch sets them, so that arithmetic is alike. The loops take turns.
- The R3GAN recipe at --batch on random phrases: the share of a step's time in which kernels run,
  by the profiler, with batches made ahead as in a training; recorded, and step by step.
- The shipped model: phrases a second from latents to notes held by recurrence, as tensors.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from musegan_notebook import BATCH, LATENT, Notebook
from torch.profiler import ProfilerActivity, profile
from training import NOTEBOOK, RECIPE, TRACKS, Rolls

from musegan.composing.model import load_model
from musegan.data.store import PhraseSet
from musegan.instruments import Ensemble
from musegan.models.latents import sample_latents
from musegan.models.sounding import sound
from musegan.pianoroll import Grid, Phrases
from musegan.training.chance import Chance
from musegan.training.game import Game
from musegan.training.kinds import make_task
from musegan.training.ranks import ALONE
from musegan.training.recipe import Recipe
from musegan.training.recipe_files import find_recipe
from musegan.training.recording import RecordedStep, obstacle
from musegan.training.state import State, new_state
from musegan.training.step import train_step
from musegan.training.task import Task
from pipelines import recipes

CUDA = torch.device("cuda")
LEAST_RATIO, LEAST_BUSY, LEAST_RATE = 3.0, 0.9, 20_000.0
WARM = 12  # steps before time is taken; recordings are made in them


def seconds(step: Callable[[], object], count: int) -> float:
    """Wall time of one of `count` steps, with all their kernels done."""
    torch.cuda.synchronize()
    begin = time.perf_counter()
    for _ in range(count):
        step()
    torch.cuda.synchronize()
    return (time.perf_counter() - begin) / count


def notebook_steps() -> tuple[Callable[[], object], Callable[[], object]]:
    """A plain step and ours, on equal networks of their own and the same real rolls."""
    with CUDA:  # a tutorial's loop, moved to the GPU
        plain, same = Notebook(TRACKS), Notebook(TRACKS)
        real = (torch.rand(BATCH, TRACKS, 64, 72) < 0.03).float()
    recipe = Recipe.model_validate(RECIPE)
    state = new_state(same.generator, same.critic, recipe)
    take = RecordedStep(Game(state, NOTEBOOK, recipe))
    number = iter(range(1 << 60))

    def plain_step() -> None:
        with CUDA:
            plain.step(real)

    def our_step() -> None:
        batch = Rolls(real, torch.randn(BATCH, LATENT, device=CUDA))
        take([batch], [Chance(next(number), BATCH, CUDA)])

    return plain_step, our_step


def measure_steps(rounds: int, steps: int) -> None:
    """Steps a second of both, medians over turns."""
    plain, ours = notebook_steps()
    for step in (plain, ours):
        seconds(step, WARM)
    turns = [(seconds(plain, steps), seconds(ours, steps)) for _ in range(rounds)]
    theirs, own = (float(np.median(column)) for column in zip(*turns, strict=True))
    ratio = float(np.median([there / here for there, here in turns]))
    print(f"{'notebook networks, plain loop':42} {1 / theirs:9.1f} steps/s")
    print(
        f"{'notebook networks, our step':42} {1 / own:9.1f} steps/s   x {ratio:5.2f}   "
        f"at least {LEAST_RATIO:g}"
    )


def random_phrases(ensemble: Ensemble, count: int = 256) -> PhraseSet:
    """Some hundred notes a phrase at random: speed does not depend on the music."""
    draw, grid, bars, notes = np.random.default_rng(0), Grid(4, 12), 4, 120
    phrases = []
    for _ in range(count):
        track = draw.integers(len(ensemble.tracks), size=notes)
        pitch = [draw.integers(t.low, t.high + 1) for t in (ensemble.tracks[i] for i in track)]
        start = draw.integers(grid.steps_per_bar * bars - 12, size=notes)
        length, loud = draw.integers(1, 12, size=notes), draw.integers(40, 120, size=notes)
        columns = (column.tolist() for column in (track, start, length, np.array(pitch), loud))
        phrases.append(list(zip(*columns, strict=True)))
    return PhraseSet(
        Phrases.of(phrases, grid, bars).canonical(),
        ensemble,
        ("any",),
        np.zeros(count, np.int64),
        np.full(count, 120, np.float32),
        np.arange(count),
        tuple(f"{number}.mid" for number in range(count)),
        np.arange(count),
        np.zeros(count, np.int32),
    )


def reference_steps(batch: int, graphs: bool) -> Iterator[None]:
    """Endless steps of the R3GAN recipe, as the training loop takes them."""
    ensemble = load_model(None).spec.ensemble
    recipe = find_recipe("family/r3gan", recipes.FOLDER, batch=batch, steps=1 << 30)
    if not isinstance(recipe, Recipe):
        raise TypeError("the recipe is not of phrases")
    task: Task[Any, Any, Any, Any] = make_task(random_phrases(ensemble), recipe, "speed", 0, CUDA)
    generator, critic = task.build()
    state: State[Any, Any] = new_state(generator.to(CUDA), critic.to(CUDA), recipe)
    feeder = task.feeder(state.generator)
    take = RecordedStep(Game(state, task.contest, recipe)) if graphs else None
    with feeder.ahead(0, recipe.steps, depth=4) as steps:
        for batches in steps:
            chances = feeder.chances(state.step)
            if take is not None:
                take(batches, chances)
            else:
                train_step(Game(state, task.contest, recipe), batches, chances)
            yield


def busy_share(events: list[tuple[float, float]], wall: float) -> float:
    """The share of `wall` covered by (begin, end) intervals, overlaps counted once."""
    covered, reached = 0.0, -1.0
    for begin, end in sorted(events):
        covered += max(0.0, end - max(begin, reached))
        reached = max(reached, end)
    return covered / wall


def measure_busy(batch: int, steps: int, graphs: bool) -> None:
    """How much of the time of default steps kernels run."""
    flow = reference_steps(batch, graphs)
    for _ in range(4 * WARM):
        next(flow)
    plain = seconds(lambda: next(flow), steps)
    activities = [ProfilerActivity.CPU, ProfilerActivity.CUDA]
    with profile(activities=activities) as seen:
        wall = seconds(lambda: next(flow), steps) * steps * 1e6
    ranges = [
        (event.time_range.start, event.time_range.end)
        for event in seen.events() or []
        if event.device_type.name == "CUDA"
    ]
    share = busy_share(ranges, wall)
    name = f"R3GAN recipe, batch {batch}, {'recorded' if graphs else 'step by step'}"
    print(
        f"{name:42} {1 / plain:9.1f} steps/s   busy {share:4.0%} (profiled)   "
        f"at least {LEAST_BUSY:.0%}"
    )


def measure_generating(batch: int, count: int) -> None:
    """Phrases a second of the shipped model, from latents to binary tensors."""
    model = load_model(None)
    generator = model.generator.to(CUDA)
    layout = generator.layout
    random = torch.Generator(CUDA).manual_seed(0)
    style = torch.zeros(batch, generator.styles + 1, device=CUDA)
    style[:, -1] = 1
    given = torch.zeros(layout.shape(batch), device=CUDA)
    mask = torch.zeros(batch, layout.tracks, layout.bars, device=CUDA)

    def make() -> None:
        with torch.no_grad(), torch.autocast("cuda", torch.bfloat16):
            latents = sample_latents(batch, generator.sizes, layout.tracks, layout.bars, random)
            sound(generator(latents, style, given, mask).float(), layout)

    seconds(make, WARM)
    rate = batch / seconds(make, max(1, count // batch))
    print(f"{'generating, to tensors':42} {rate:9.0f} phrases/s   at least {LEAST_RATE:g}")


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--steps", type=int, default=50, help="steps in a turn")
    parser.add_argument("--batch", type=int, default=64, help="of the R3GAN recipe")
    parser.add_argument("--generate", type=int, default=512, help="phrases made at once")
    chosen = parser.parse_args()
    if not torch.cuda.is_available():
        parser.exit(1, "no CUDA device here; benchmarks/training.py measures the CPU\n")
    print(torch.cuda.get_device_name())
    measure_steps(chosen.rounds, chosen.steps)
    recipe = find_recipe("family/r3gan", recipes.FOLDER)
    for graphs in (False, True):
        if graphs and (why := obstacle(recipe, CUDA, ALONE)):
            print(f"{'R3GAN recipe, recorded':42} not possible: {why}")
        else:
            measure_busy(chosen.batch, chosen.steps, graphs)
    measure_generating(chosen.generate, 20 * chosen.generate)


if __name__ == "__main__":
    main()
