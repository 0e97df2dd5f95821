"""A toy corpus with a beat, a bass line and two styles, and recipes small enough for tests."""

from typing import Any

import numpy as np

from musegan.data.store import PhraseSet
from musegan.pianoroll import Phrases
from musegan.training.recipe import Recipe
from musegan.training.recipe_files import parse_recipe
from tests.models.toys import DUO, GRID, STYLES

BARS = 2
BEAT, HALF = GRID.steps_per_beat, GRID.steps_per_beat // 2
ROOTS = (36, 41, 43)
SMALL = {"width": 8, "track_width": 4, "blocks": 1, "track_blocks": 1, "context": 8}
QUIET = {"log_every": 1000, "sample_every": 1000, "save_every": 1000}

TINY = {
    "width": 16,
    "track_width": 8,
    "blocks": 1,
    "track_blocks": 1,
    "context": 16,
    "shared": 8,
    "shared_bar": 8,
    "track": 2,
    "track_bar": 2,
    "coder": {"code": 12, "hidden": 24, "width": 8},
}
CODING = {
    "steps": 150,
    "batch": 8,
    "turned": 0.0,
    "critic": {"width": 24, "blocks": 1},
    "adam": {"rate": 0.01, "betas": [0.9, 0.99], "final": 0.1},
}


def toy_corpus(count: int = 64, seed: int = 0) -> PhraseSet:
    """Phrases of a plain rock beat; the bass plays the bar's root on beats, wildly on halves."""
    draw = np.random.default_rng(seed)
    style = draw.integers(0, 2, count)
    phrases = Phrases.of([_phrase(bool(wild), draw) for wild in style], GRID, BARS).canonical()
    return PhraseSet(
        phrases,
        DUO,
        STYLES,
        style.astype(np.int64),
        np.where(style, 160, 80).astype(np.float32),
        np.arange(count),
        tuple(f"{number}.mid" for number in range(count)),
        np.arange(count),
        np.zeros(count, np.int32),
    )


def _phrase(wild: bool, draw: np.random.Generator) -> list[tuple[int, int, int, int, int]]:
    notes = []
    for bar in range(BARS):
        begin = bar * GRID.steps_per_bar
        root = int(draw.choice(ROOTS))
        for beat in range(4):
            loud = int(draw.integers(80, 120))
            notes.append((0, begin + beat * BEAT, 1, 38 if beat % 2 else 36, loud))
        for half in range(8):
            notes.append((0, begin + half * HALF, 1, 42, 60))
        stride = HALF if wild else BEAT
        for step in range(0, GRID.steps_per_bar, stride):
            notes.append((1, begin + step, stride, root, 90))
    return notes


def toy_recipe(**changes: Any) -> Recipe:
    settings = {
        "generator": SMALL | {"shared": 4, "shared_bar": 2, "track": 2, "track_bar": 2},
        "critic": {"width": 4, "blocks": [0, 1, 1]},
        "penalties": [{"kind": "r1", "weight": 0.2, "every": 2}, {"kind": "r2", "weight": 0.2}],
        "batch": 4,
        "steps": 6,
        "masks": {"nothing": 0.5, "tracks": 0.2, "bars": 0.2, "cells": 0.1},
        **QUIET,
    }
    return parse_recipe(settings | changes, "toy recipe")


def planned(**changes: Any) -> Recipe:
    """One that plans codes, long enough to learn the music."""
    settings = {
        "generator": TINY,
        "coding": CODING,
        "penalties": [{"kind": kind, "weight": 0.25, "every": 2} for kind in ("r1", "r2")],
        "generator_adam": {"rate": 3e-3, "betas": [0.0, 0.99], "final": 0.1},
        "critic_adam": {"rate": 3e-3, "betas": [0.0, 0.99], "final": 0.1},
        "ema_half_life": 10,
        "batch": 16,
        "steps": 150,
        "transpose": 0,
        **QUIET,
    }
    return parse_recipe(settings | changes, "planned recipe")


def brief(**changes: Any) -> Recipe:
    """The same of a few steps."""
    return planned(coding=CODING | {"steps": 4, "save_every": 2}, batch=4, steps=4, **changes)
