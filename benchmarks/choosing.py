"""What temperature and choosing do to phrases: how real they are, and how varied.

    python benchmarks/choosing.py DATASET [--model FOLDER] [--count 128]

Prints for some temperatures, and for the best of several, how far phrases are from the held-out
songs of a dataset (mean standardised difference, Fréchet distance), how varied they are (mean
distance of two phrases) and how many notes they have; ratios are to phrases as trained, unchosen.
The last temperature table is the road not taken: noise on the onsets' logits.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from musegan.composing.choosing import Request, compose
from musegan.composing.model import Model, load_model
from musegan.data.store import load_dataset
from musegan.evaluation.distances import features, frechet_distance, standardised_difference
from musegan.evaluation.diversity import diversity
from musegan.evaluation.metrics import measure
from musegan.models.patches import PatchLayout
from musegan.pianoroll import ONSET, Phrases

TEMPERATURES = (0.0, 0.5, 0.8, 1.0, 1.2, 1.5, 2.0)
NOISES = (0.05, 0.1, 0.2)
BEST_OF = (2, 4, 8, 16)


class Noisy(nn.Module):
    """A generator whose onset logits are shaken by logistic noise."""

    def __init__(self, generator: nn.Module, layout: PatchLayout, scale: float) -> None:
        super().__init__()
        self.generator, self.layout, self.scale = generator, layout, scale
        self.sizes = generator.sizes
        self.random = torch.Generator().manual_seed(0)

    def forward(self, *given: Tensor) -> Tensor:
        """Logits."""
        logits = self.layout.split(self.generator(*given).clone())
        onset = logits[..., ONSET, :, :]
        even = torch.rand(onset.shape, generator=self.random).clamp(1e-6, 1 - 1e-6)
        onset += self.scale * torch.logit(even)
        shaken: Tensor = logits.flatten(3)
        return shaken


def ways(model: Model, count: int) -> Iterator[tuple[str, Phrases]]:
    """Phrases made in each way."""
    for temperature in TEMPERATURES:
        request = Request(1, temperature=temperature)
        yield f"temperature {temperature:g}", compose(model, request, 0, count)
    layout = model.generator.layout
    for noise in NOISES:
        noisy = Noisy(model.generator, layout, noise)
        shaken = Model(noisy, model.spec, model.device, model.folder)  # type: ignore[arg-type]  # plays as one
        yield f"noise {noise:g} on logits", compose(shaken, Request(1), 0, count)
    for best_of in BEST_OF:
        yield f"best of {best_of}", compose(model, Request(1, best_of=best_of), 0, count)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--count", type=int, default=128)
    wish = parser.parse_args()
    torch.set_num_threads(1)
    model = load_model(wish.model)
    ensemble = model.spec.ensemble
    held_out = load_dataset(wish.dataset, "valid").phrases
    some = held_out.select(np.linspace(0, len(held_out) - 1, 600).astype(int))
    real = measure(some, ensemble)
    points = features(real, real)
    plain = {}
    print("| way | difference | x | Fréchet | x | distance of two | notes |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    rows = []
    for name, phrases in ways(model, wish.count):
        measured = measure(phrases, ensemble)
        far = standardised_difference(measured, real).mean
        frechet = frechet_distance(features(measured, real), points)
        varied = diversity(phrases, ensemble).distance
        rows.append((name, far, frechet, varied, len(phrases.track) / len(phrases)))
        if name == "temperature 1":
            plain = {"far": far, "frechet": frechet}
    for name, far, frechet, varied, notes in rows:
        by, and_by = far / plain["far"], frechet / plain["frechet"]
        figures = (
            f"{far:.3f} | {by:.2f} | {frechet:.1f} | {and_by:.2f} | {varied:.3f} | {notes:.0f}"
        )
        print(f"| {name} | {figures} |")


if __name__ == "__main__":
    main()
