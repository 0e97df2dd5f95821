"""Whether the style asked of a model is heard in what it makes.

A classifier of styles learns from the metrics of real phrases and is asked for the style of real
phrases of other songs, and of generated ones. Which tracks play in which bars is drawn from real
songs of the style asked for, so empty bars are not among what it hears. Accuracies are means over
styles: each counts alike, however common.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from musegan.composing.generate import generate
from musegan.composing.model import load_model
from musegan.data.keys import home_keys, move
from musegan.data.store import PhraseSet, load_dataset
from musegan.evaluation.classifier import FAR, FOLDS, folds_by_song, logistic_regression
from musegan.evaluation.distances import features
from musegan.evaluation.metrics import Measured, measure
from musegan.pianoroll import concatenate

LEAST_SHARE = 0.8
SPLITS = ("train", "valid", "test")
Points = NDArray[np.float64]


def main() -> None:
    """Print the accuracies and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path, help="a dataset folder with styles")
    parser.add_argument("model", nargs="?", type=Path, help="a model folder; else the shipped one")
    parser.add_argument("--count", type=int, default=200, help="phrases generated of each style")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    model = load_model(options.model)
    parts = [load_dataset(options.dataset, split) for split in SPLITS]
    styles = parts[0].styles
    real = heard(parts)
    song = np.concatenate([part.song for part in parts])
    label = np.concatenate([part.style for part in parts])
    asked = np.repeat(np.arange(len(styles)), options.count)
    made = [
        measure(
            concatenate(list(generate(model, options.count, seed=options.seed, style=style))),
            model.spec.ensemble,
        )
        for style in styles
    ]
    joined = {name: np.concatenate([each[name] for each in made]) for name in real}
    of_real, of_made = expand(features(real, real)), expand(features(joined, real))

    fold = folds_by_song(song)
    found_real = np.empty(len(label), np.int64)
    found_made = []
    for held_out in range(FOLDS):
        known = fold != held_out
        weights = np.stack(
            [
                logistic_regression(of_real[known], (label[known] == k).astype(int))
                for k in range(len(styles))
            ],
            axis=1,
        )
        found_real[~known] = (of_real[~known] @ weights).argmax(1)
        found_made.append((of_made @ weights).argmax(1))
    on_real = [float((found_real[label == k] == k).mean()) for k in range(len(styles))]
    on_made = [
        float(np.mean([found[asked == k] == k for found in found_made])) for k in range(len(styles))
    ]
    print(f"{'style':12} {'real':>6} {'made':>6}")
    for row in zip(styles, on_real, on_made, strict=True):
        print("{:12} {:6.2f} {:6.2f}".format(*row))
    share = float(np.mean(on_made) / np.mean(on_real))
    print(f"{'mean':12} {np.mean(on_real):6.2f} {np.mean(on_made):6.2f}")
    verdict = "ok" if share >= LEAST_SHARE else "SHORT"
    print(f"share of the accuracy on real phrases {share:.2f} (wanted {LEAST_SHARE}): {verdict}")


def heard(parts: list[PhraseSet]) -> Measured:
    """The metrics of real phrases in the common key, without empty bars."""
    band = parts[0].ensemble
    measured = []
    for part in parts:
        phrases = part.phrases.canonical()
        measured.append(measure(move(phrases, -home_keys(phrases, band), band), band))
    return {
        name: np.concatenate([each[name] for each in measured])
        for name in measured[0]
        if not name.startswith("empty_bars")
    }


def expand(points: Points) -> Points:
    """Points, their squares and a constant."""
    points = np.clip(points, -FAR, FAR)
    return np.concatenate([points, points**2, np.ones((len(points), 1))], axis=1)


if __name__ == "__main__":
    main()
