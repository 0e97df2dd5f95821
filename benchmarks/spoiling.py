"""What the evaluation says of real music spoilt in known ways: each spoiling must show, and where.

Needs a dataset folder. Training songs are spoilt and judged beside the held-out ones; the first
row is the floor, the same songs untouched.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from musegan.evaluation.judging import judge
from musegan.evaluation.material import load_yardstick
from musegan.evaluation.metrics import measure
from musegan.instruments import Ensemble
from musegan.pianoroll import Phrases

Random = np.random.Generator
Spoiling = Callable[[Phrases, Ensemble, Random], Phrases]


def _pitched(phrases: Phrases, ensemble: Ensemble) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return ~ensemble.drums[phrases.track]


def untouched(phrases: Phrases, ensemble: Ensemble, random: Random) -> Phrases:
    """Real music as it is."""
    return phrases


def wrong_notes(phrases: Phrases, ensemble: Ensemble, random: Random) -> Phrases:
    """A tenth of the notes up or down by a semitone or two."""
    wrong = (random.random(len(phrases.pitch)) < 0.1) & _pitched(phrases, ensemble)
    by = random.choice([-2, -1, 1, 2], len(phrases.pitch))
    pitch = np.clip(phrases.pitch + np.where(wrong, by, 0), 0, 127)
    return replace(phrases, pitch=pitch.astype(np.uint8))


def keys_apart(phrases: Phrases, ensemble: Ensemble, random: Random) -> Phrases:
    """Every track transposed by itself."""
    by = random.integers(-5, 6, (len(phrases), len(ensemble.tracks)))[phrases.phrase, phrases.track]
    pitch = np.clip(phrases.pitch + np.where(_pitched(phrases, ensemble), by, 0), 0, 127)
    return replace(phrases, pitch=pitch.astype(np.uint8))


def loose_timing(phrases: Phrases, ensemble: Ensemble, random: Random) -> Phrases:
    """Every onset a step early, a step late, or in time."""
    start = phrases.start + random.integers(-1, 2, len(phrases.start))
    return replace(phrases, start=np.clip(start, 0, phrases.steps - 1).astype(np.uint16))


def typed_in(phrases: Phrases, ensemble: Ensemble, random: Random) -> Phrases:
    """All velocities alike."""
    return replace(phrases, velocity=np.full_like(phrases.velocity, 80))


def thinned_out(phrases: Phrases, ensemble: Ensemble, random: Random) -> Phrases:
    """Every other note gone, by chance."""
    return phrases.keep(random.random(len(phrases.pitch)) < 0.5)


def track_missing(phrases: Phrases, ensemble: Ensemble, random: Random) -> Phrases:
    """The ensemble's third track never plays."""
    return phrases.keep(phrases.track != 2)


def collapsed(phrases: Phrases, ensemble: Ensemble, random: Random) -> Phrases:
    """Eight phrases over and over."""
    return phrases.select(random.integers(0, 8, len(phrases)) * (len(phrases) // 8))


SPOILINGS: tuple[Spoiling, ...] = (
    untouched,
    wrong_notes,
    keys_apart,
    loose_timing,
    typed_in,
    thinned_out,
    track_missing,
    collapsed,
)


def main() -> None:
    """Print a row a spoiling, with the two metrics it changed most."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--phrases", type=int, default=1000)
    options = parser.parse_args()
    yardstick = load_yardstick(options.dataset)
    known = measure(yardstick.reference.phrases, yardstick.ensemble)
    real = yardstick.floor.thinned(options.phrases)
    floor: dict[str, float] = {}
    print("| spoilt | difference | Fréchet | told apart | covered | near pairs | changed most |")
    print("|---|---:|---:|---:|---:|---:|---|")
    for spoil in SPOILINGS:
        phrases = spoil(real.phrases, yardstick.ensemble, np.random.default_rng(0))
        found = judge(replace(real, phrases=phrases), yardstick.reference, known, yardstick)
        by_metric = found.comparison.by_metric()
        floor = floor or by_metric
        most = sorted(by_metric, key=lambda metric: floor[metric] - by_metric[metric])[:2]
        changes = ", ".join(
            f"{metric.replace('_', ' ')} {by_metric[metric]:.2f}"
            for metric in most
            if by_metric[metric] > floor[metric]
        )
        print(
            f"| {spoil.__name__.replace('_', ' ')} | {found.comparison.mean:.2f} "
            f"| {found.frechet:.0f} | {found.accuracy:.2f} | {found.coverage.mean():.2f} "
            f"| {found.diversity.near_pairs:.3f} | {changes} |"
        )


if __name__ == "__main__":
    main()
