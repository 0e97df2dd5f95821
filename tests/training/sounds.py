"""Toy notes of two instruments, and recipes small enough for tests."""

from typing import Any

import numpy as np

from musegan.data.sounds import SoundSet
from musegan.training.recipe import TimbreRecipe
from musegan.training.recipe_files import parse_recipe

RATE, SAMPLES = 16_000, 16_384
PITCHES = (60, 64, 67, 72)


def toy_sounds() -> SoundSet:
    """Two instruments on four pitches: one of odd partials, one of all and some noise."""
    draw = np.random.default_rng(0)
    time = np.arange(SAMPLES) / RATE
    waves = []
    for step in (2, 1):
        for pitch in PITCHES:
            hertz = 440 * 2 ** ((pitch - 69) / 12)
            wave = sum(np.sin(2 * np.pi * k * hertz * time) / k for k in range(1, 9, step))
            waves.append(0.4 * wave + (step == 1) * 0.01 * draw.normal(size=SAMPLES))
    samples = np.rint(np.array(waves) * 32767 / 2).astype(np.int16)
    pitch = np.array(PITCHES * 2, np.int64)
    label = np.repeat(np.arange(2), len(PITCHES))
    return SoundSet(RATE, samples, ("hollow", "full"), label, pitch, tuple("abcdefgh"))


def toy_timbre_recipe(**changes: Any) -> TimbreRecipe:
    settings = {
        "kind": "timbres",
        "generator": {"latent": 4, "width": 8, "blocks": 1, "context": 8},
        "critic": {"width": 4, "blocks": [0, 1]},
        "penalties": [{"kind": "r1", "weight": 1.0, "every": 2}],
        "matching": 2.0,
        "batch": 4,
        "steps": 4,
        "log_every": 2,
        "sample_every": 4,
        "save_every": 2,
    }
    return parse_recipe(settings | changes, "toy recipe")
