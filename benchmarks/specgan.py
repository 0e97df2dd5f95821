"""How close made notes come to real ones, beside SpecGAN trained as long in the same run.

    python benchmarks/specgan.py DATASET [--steps 2600] [--model RUN --seconds 300]

DATASET is what `musegan prepare audio` wrote of notes. Ours is trained first, or is RUN where its
training took so many seconds of one core; then SpecGAN has as many. Its networks follow Donahue,
McAuley & Puckette, "Adversarial audio synthesis", ICLR 2019: log spectrograms scaled bin by bin and
cut off at three deviations, DCGAN's layers with 5 x 5 kernels, WGAN-GP with five updates of the
critic to one of the generator. They are narrower here, for a CPU, and its spectrograms are log-mel
ones, so that Griffin-Lim has less to guess.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from musegan.audio.representations import make_representation
from musegan.audio.shaping import PEAK
from musegan.composing.timbres import load_timbres
from musegan.data.sounds import SoundSet, load_sounds
from musegan.evaluation.distances import frechet_distance
from musegan.evaluation.sounds.judging import LEAST_SPREAD, like
from musegan.evaluation.sounds.levels import levels_of, statistics
from musegan.evaluation.sounds.yardstick import load_sound_yardstick
from musegan.models.devices import find_device
from musegan.song import FloatArray
from musegan.training.loop import train
from musegan.training.recipe_files import find_recipe
from pipelines import recipes
from pipelines.judged_sounds import perform
from pipelines.sound_files import FULL_SCALE

LATENT, CRITIC_STEPS, PENALTY, CUT_OFF = 100, 5, 10.0, 3.0
RATE, BETAS = 1e-4, (0.5, 0.9)
BINS, FRAMES = 128, 64
WANTED = 0.5


class Silent:
    """Hears a training and keeps nothing of it."""

    def scalars(self, step: int, values: dict[str, float]) -> None:
        """Keep nothing."""

    def sample(self, step: int, generator: torch.nn.Module) -> None:
        """Keep nothing."""


class Scale:
    """Levels as SpecGAN learns them: each bin with mean 0, three deviations at -1 and 1."""

    def __init__(self, levels: Tensor) -> None:
        self.mean = levels.mean((0, 2), keepdim=True)
        self.deviation = levels.std((0, 2), keepdim=True).clamp(min=1e-3) * CUT_OFF

    def __call__(self, levels: Tensor) -> Tensor:
        """(batch, bins, frames) levels within -1..1."""
        return ((levels - self.mean) / self.deviation).clamp(-1, 1)

    def inverse(self, scaled: Tensor) -> Tensor:
        """The levels of what was scaled."""
        return scaled * self.deviation + self.mean


class Generator(nn.Module):
    """(batch, 100) within -1..1 to (batch, 128, 64)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        sizes = [16 * width, 8 * width, 4 * width, 2 * width, width, 1]
        self.first = nn.Linear(LATENT, sizes[0] * 4 * 2)
        self.layers = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 5, 2, 2, 1) for a, b in itertools.pairwise(sizes)
        )

    def forward(self, latents: Tensor) -> Tensor:
        """Scaled log-mel spectrograms."""
        h: Tensor = self.first(latents).unflatten(1, (-1, 4, 2))
        for layer in self.layers:
            h = layer(torch.relu(h))
        return torch.tanh(h)[:, 0]


class Critic(nn.Module):
    """(batch, 128, 64) to (batch,) scores."""

    def __init__(self, width: int) -> None:
        super().__init__()
        sizes = [1, width, 2 * width, 4 * width, 8 * width, 16 * width]
        self.layers = nn.ModuleList(nn.Conv2d(a, b, 5, 2, 2) for a, b in itertools.pairwise(sizes))
        self.last = nn.Linear(sizes[-1] * 4 * 2, 1)

    def forward(self, scaled: Tensor) -> Tensor:
        """How real scaled log-mel spectrograms are."""
        h = scaled[:, None]
        for layer in self.layers:
            h = nn.functional.leaky_relu(layer(h), 0.2)
        score: Tensor = self.last(h.flatten(1))
        return score[:, 0]


def train_specgan(
    scaled: Tensor, seconds: float, width: int, batch: int, random: torch.Generator
) -> tuple[Generator, int]:
    """A generator trained for so many seconds of processor time, and its updates."""
    generator, critic = Generator(width), Critic(width)
    adams = [torch.optim.Adam(net.parameters(), RATE, BETAS) for net in (generator, critic)]
    begin, steps = time.process_time(), 0

    def make() -> Tensor:
        made: Tensor = generator(2 * torch.rand(batch, LATENT, generator=random) - 1)
        return made

    while time.process_time() - begin < seconds:
        for _ in range(CRITIC_STEPS):
            real = scaled[torch.randint(len(scaled), (batch,), generator=random)]
            with torch.no_grad():
                made = make()
            share = torch.rand(batch, 1, 1, generator=random)
            between = torch.lerp(real, made, share).requires_grad_()
            (slope,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
            penalty = (slope.flatten(1).norm(dim=1) - 1).square().mean()
            adams[1].zero_grad()
            loss = critic(made).mean() - critic(real).mean() + PENALTY * penalty
            torch.autograd.backward(loss)
            adams[1].step()
        adams[0].zero_grad()
        torch.autograd.backward(-critic(make()).mean())
        adams[0].step()
        steps += 1
    return generator, steps


def specgan(
    training: SoundSet, seconds: float, count: int, width: int, batch: int
) -> tuple[SoundSet, int]:
    """Sounds of a SpecGAN trained for so long, and its updates."""
    representation = make_representation("log-mel", rate=training.rate, bins=BINS)
    waves = torch.from_numpy(training.waves())
    with torch.no_grad():
        levels = torch.cat([representation(part)[:, 0] for part in waves.split(64)])[..., :FRAMES]
    scale, random = Scale(levels), torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    generator, steps = train_specgan(scale(levels), seconds, width, batch, random)
    with torch.no_grad():
        made = generator(2 * torch.rand(count, LATENT, generator=random) - 1)
        again = [representation.inverse(part[:, None]) for part in scale.inverse(made).split(16)]
    played = torch.cat(again)[:, : training.samples.shape[1]]
    played = played * (PEAK / played.abs().amax(1, keepdim=True).clamp(min=1e-6))
    samples = np.rint(played.numpy() * FULL_SCALE).astype(np.int16)
    label = np.zeros(count, np.int64)
    names = ("specgan",) * count
    return SoundSet(training.rate, samples, training.instruments, label, label, names), steps


def train_ours(dataset: Path, steps: int | None, out: Path) -> float:
    """Train by the shipped recipe, and give the seconds of processor time that took."""
    recipe = find_recipe("timbres", recipes.FOLDER, steps=steps)
    begin = time.process_time()
    data, device = load_sounds(dataset, "train"), find_device("cpu")
    train(data, recipe, out, seed=0, device=device, monitor=Silent(), name="timbres")
    return time.process_time() - begin


def main() -> None:
    """Train both, judge both, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("dataset", type=Path, help="a dataset of notes")
    parser.add_argument("--steps", type=int, help="of ours, instead of the recipe's")
    parser.add_argument("--model", type=Path, help="ours, trained before")
    parser.add_argument("--seconds", type=float, help="of processor time that took")
    parser.add_argument("--width", type=int, default=16, help="of SpecGAN, which had 64")
    parser.add_argument("--batch", type=int, default=16, help="of SpecGAN, which had 64")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    yardstick = load_sound_yardstick(chosen.dataset, ("valid", "test"))
    training, reference = yardstick.training, yardstick.reference
    known = statistics(levels_of(training))
    mean, spread = known.mean(axis=0), np.maximum(known.std(axis=0), LEAST_SPREAD)

    def points(sounds: SoundSet) -> FloatArray:
        scaled: FloatArray = (statistics(levels_of(sounds)) - mean) / spread
        return scaled

    with tempfile.TemporaryDirectory() as folder:
        run = chosen.model or Path(folder) / "run"
        seconds = chosen.seconds if chosen.model else train_ours(chosen.dataset, chosen.steps, run)
        wished = [reference.instruments[label] for label in reference.instrument]
        ours = perform(load_timbres(run), wished, reference.pitch.tolist(), seed=0)
    theirs, steps = specgan(training, seconds, len(reference), chosen.width, chosen.batch)
    real = training.at(like(reference, training))
    found = {"real training notes": real, "SpecGAN": theirs, "ours": ours}
    distances = {
        name: frechet_distance(points(sounds), points(reference)) for name, sounds in found.items()
    }
    print(f"{seconds:.0f} s of one core each; SpecGAN, width {chosen.width}: {steps} updates\n")
    print("| | Fréchet distance |\n|---|---:|")
    for name, distance in distances.items():
        print(f"| {name} | {distance:.1f} |")
    ratio = distances["ours"] / distances["SpecGAN"]
    print(f"\nours is {ratio:.2f} x SpecGAN's (wanted: {WANTED} or less)")


if __name__ == "__main__":
    main()
