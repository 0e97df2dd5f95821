"""How close made music is to real songs: our networks beside MuseGAN's notebook.

Both train side by side on the same phrases in a common key, for the same time of one core each; or
the notebook trains beside a model of ours that took no longer (`--ours`, which is not checked). A
thousand phrases of each are then judged by the metrics both have something to say of (the notebook
knows no velocities), against songs neither has heard. Needs a dataset that `musegan prepare` wrote.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from musegan_notebook import BARS, BATCH, LATENT, PITCHES, STEPS, Notebook
from torch import Tensor

from musegan.composing.generate import generate
from musegan.composing.model import load_model
from musegan.data.keys import home_keys, move
from musegan.data.store import PhraseSet, load_dataset
from musegan.evaluation.classifier import two_sample_accuracy
from musegan.evaluation.distances import features, frechet_distance, standardised_difference
from musegan.evaluation.metrics import Measured, measure
from musegan.pianoroll import Phrases, concatenate
from musegan.song import IntArray
from musegan.training.loop import train
from musegan.training.memory import keep_memory
from musegan.training.recipe_files import load_recipe
from pipelines.budget import length_in

LOW = 24  # the notebook's lowest pitch
LOUD = 90  # velocity of its notes, which is not judged
CLOSER, NEARER = 4.0, 5.0  # wanted: times the distance, times the Fréchet distance
RECIPE = Path(__file__).parents[1] / "pipelines" / "recipes" / "default.yaml"
SPARE = 0.9  # of the time, for the steps a trial counts; not for the trial and the calibration


class Quiet:
    """A monitor that looks away."""

    def scalars(self, step: int, values: dict[str, float]) -> None:
        """Do nothing."""

    def sample(self, step: int, generator: torch.nn.Module) -> None:
        """Do nothing."""


def to_rolls(phrases: Phrases, tracks: int) -> Tensor:
    """(phrases, track, 64 steps, 72 pitches) of 0 and 1; notes outside are left out."""
    per_step = phrases.grid.steps_per_bar // STEPS
    rolls = np.zeros((len(phrases), tracks, BARS * STEPS, PITCHES), np.float32)
    first = phrases.start // per_step
    last = (phrases.start + phrases.duration - 1) // per_step
    pitch = phrases.pitch.astype(np.int64) - LOW
    inside = (pitch >= 0) & (pitch < PITCHES)
    for later in range(int((last - first).max()) + 1):
        here = inside & (first + later <= last)
        rolls[phrases.phrase[here], phrases.track[here], first[here] + later, pitch[here]] = 1
    return torch.from_numpy(rolls)


def from_rolls(rolls: Tensor, like: Phrases) -> Phrases:
    """The notes of rolls on the grid of `like`: each run of steps above 1/2 is one note."""
    on = np.pad(rolls.numpy() > 0.5, ((0, 0), (0, 0), (1, 1), (0, 0)))
    change = np.diff(on.astype(np.int8), axis=2)
    # with time last, beginnings and ends of the same pitch come in pairs
    starts, ends = (np.argwhere(change.transpose(0, 1, 3, 2) == sign) for sign in (1, -1))
    per_step = like.grid.steps_per_bar // STEPS
    phrase, track, pitch, first = starts.T
    return Phrases.from_columns(
        phrase,
        track,
        first * per_step,
        (ends[:, 3] - first) * per_step,
        pitch + LOW,
        np.full(len(starts), LOUD),
        len(rolls),
        like.grid,
        like.bars,
    ).canonical()


def at_home(data: PhraseSet) -> Phrases:
    """The phrases in the common key."""
    return move(data.phrases, -home_keys(data.phrases, data.ensemble), data.ensemble)


def train_notebook(data: PhraseSet, seconds: float, count: int, out: Path) -> int:
    """Train the notebook's networks for so long and keep `count` of its rolls; the steps done."""
    begin = time.process_time()
    phrases, tracks = at_home(data), len(data.ensemble.tracks)
    notebook, draw, steps = Notebook(tracks), np.random.default_rng(0), 0
    while time.process_time() - begin < seconds:
        notebook.step(to_rolls(phrases.select(draw.integers(0, len(phrases), BATCH)), tracks))
        steps += 1
    with torch.no_grad():
        # batch norm as in training: its running means lag behind so short a training
        parts = [notebook.generator(torch.randn(100, LATENT)) for _ in range(count // 100)]
    torch.save(from_rolls(torch.cat(parts), phrases), out)
    return steps


def train_ours(data: PhraseSet, seconds: float, count: int, out: Path) -> int:
    """The same with our default recipe, both of its parts as long as the time allows."""
    recipe, device, run = load_recipe(RECIPE), torch.device("cpu"), out.with_suffix("")
    recipe = length_in(SPARE * seconds, data, recipe, 0, device).of(recipe)
    train(data, recipe, run, seed=0, device=device, monitor=Quiet())
    torch.save(phrases_of(run, count), out)
    return recipe.steps


def phrases_of(model: Path, count: int) -> Phrases:
    """What one of our models makes."""
    return concatenate(list(generate(load_model(model), count, seed=0)))


def without_velocity(measured: Measured) -> Measured:
    """The columns both networks have something to say of."""
    return {name: values for name, values in measured.items() if "velocity" not in name}


def judge(
    name: str, phrases: Phrases, held: PhraseSet, song: IntArray | None = None
) -> tuple[float, float, float]:
    """Print a line; the mean difference, the Fréchet distance and the classifier's accuracy.

    Args:
        name: how the line begins.
        phrases: what is judged.
        held: real phrases it is judged by.
        song: the song each phrase is from; None is one for each.
    """
    real = without_velocity(measure(held.phrases, held.ensemble))
    made = without_velocity(measure(phrases, held.ensemble))
    difference = standardised_difference(made, real).mean
    points = features(made, real), features(real, real)
    distance = frechet_distance(*points)
    accuracy = two_sample_accuracy(
        *points, np.arange(len(phrases)) if song is None else song, held.song
    )
    print(f"{name:34} {difference:10.2f} {distance:9.1f} {accuracy:11.2f}")
    return difference, distance, accuracy


def held_out(dataset: Path) -> PhraseSet:
    """Validation and test phrases together."""
    valid, test = (load_dataset(dataset, split) for split in ("valid", "test"))
    return replace(
        valid,
        phrases=concatenate([valid.phrases, test.phrases]),
        song=np.concatenate([valid.song, test.song + valid.song.max() + 1]),
    )


def main() -> None:
    """Train both at once, judge both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--minutes", type=float, default=47, help="of a core, each")
    parser.add_argument("--count", type=int, default=1000, help="phrases judged")
    parser.add_argument("--ours", type=Path, help="a trained model, judged instead of training one")
    parser.add_argument("--only", choices=["notebook", "ours"], help="used by the benchmark itself")
    parser.add_argument("--out", type=Path, help="likewise")
    chosen = parser.parse_args()
    if chosen.only:
        keep_memory()
        torch.set_num_threads(1)
        torch.manual_seed(0)
        work = train_notebook if chosen.only == "notebook" else train_ours
        data = load_dataset(chosen.dataset, "train")
        steps = work(data, chosen.minutes * 60, chosen.count, chosen.out)
        print(f"{chosen.only}: {steps} steps, {time.process_time() / 60:.1f} minutes of a core")
        return
    held = held_out(chosen.dataset)
    with tempfile.TemporaryDirectory() as folder:
        trained = ["notebook"] if chosen.ours else ["notebook", "ours"]
        outs = {name: Path(folder) / f"{name}.pt" for name in trained}
        running = [
            subprocess.Popen([sys.executable, *sys.argv, "--only", name, "--out", str(out)])
            for name, out in outs.items()
        ]
        if any(process.wait() for process in running):
            raise SystemExit("a training failed")
        made = {name: torch.load(out, weights_only=False) for name, out in outs.items()}
    if chosen.ours:
        made["ours"] = phrases_of(chosen.ours, chosen.count)
    print(f"{'':34} difference   Fréchet  classifier")
    real = load_dataset(chosen.dataset, "train")
    some = np.random.default_rng(0).choice(len(real), min(chosen.count, len(real)), replace=False)
    judge("real songs of the training set", real.phrases.select(some), held, real.song[some])
    theirs = judge("MuseGAN's notebook", made["notebook"], held)
    ours = judge("ours", made["ours"], held)
    print(f"closer: x {theirs[0] / ours[0]:.1f} (wanted {CLOSER:g})")
    print(f"Fréchet: x {theirs[1] / ours[1]:.1f} (wanted {NEARER:g})")
    print(f"less sure: {theirs[2] - ours[2]:+.2f} (wanted above 0)")


if __name__ == "__main__":
    main()
