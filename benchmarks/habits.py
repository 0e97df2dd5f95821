"""Whether tracks play, repeat and move as in songs, and how much a track plays by itself.

Samples of a model, arranged as a dataset's phrases are, beside those phrases; and the same samples
without the model's habits, as its codes are decoded. Then single tracks: notes a bar where a track
is asked for alone, beside the same track of the phrases without the others.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch

from musegan.composing.model import Model, load_model
from musegan.data.arrangements import playing
from musegan.data.keys import home_keys, move
from musegan.data.store import load_dataset
from musegan.evaluation.events import Events
from musegan.instruments import Ensemble
from musegan.models.habits.motion import CHORDS, FAR, LINE
from musegan.models.planned import PlannedGenerator
from musegan.pianoroll import Phrases
from musegan.song import FloatArray
from musegan.training.calibration.audition import Audition
from musegan.training.calibration.measures import (
    mean_width,
    moves,
    pitches_of,
    share_clean,
    share_ended_together,
    share_of_blocks,
    share_of_lines,
    share_repeated,
)
from musegan.training.sampling import sample_phrases

STEP, FIFTH, OCTAVE = 2, 7, 12  # semitones
KINDS = {"lines": LINE, "chords": CHORDS}


def print_figures(sets: dict[str, Events], ensemble: Ensemble) -> None:
    """A figure of each track at a time."""
    figures: dict[str, Callable[[Events], FloatArray]] = {
        "later bars with the rhythm of an earlier one": partial(share_repeated, notes=False),
        "later bars with the notes of an earlier one": partial(share_repeated, notes=True),
        "phrases that are a line": share_of_lines,
        "phrases of chords alone": share_of_blocks,
        "notes begun together that end together": share_ended_together,
        "lines without a note held over the next": lambda events: share_clean(events)[:, LINE],
        "chords without a note held over the next": lambda events: share_clean(events)[:, CHORDS],
        "semitones that pitches are apart, sounds of a kit": (
            lambda events: mean_width(pitches_of(events), ensemble.drums)
        ),
    }
    for what, figure in figures.items():
        print(f"\n{what}")
        for name, events in sets.items():
            pairs = zip(ensemble.names, figure(events), strict=True)
            print(f"  {name:8} " + "  ".join(f"{track} {x:.2f}" for track, x in pairs))


def print_moves(sets: dict[str, Events], names: tuple[str, ...], drums: set[int]) -> None:
    """Of the steps from note to note, shares that repeat it, go by step, and leap."""
    size = np.abs(np.arange(-FAR, FAR + 1))
    leaps = (size > FIFTH) & (size != OCTAVE)
    for kind, row in KINDS.items():
        print(f"\nupper voices of {kind}: again / by step / leaps of more than a fifth, no octaves")
        for name, events in sets.items():
            counts = moves(events)[:, row]
            told = []
            for track, count in enumerate(counts):
                if track not in drums and count.sum():
                    parts = (size == 0, (size > 0) & (size <= STEP), leaps)
                    shares = (f"{count[part].sum() / count.sum():.2f}" for part in parts)
                    told.append(f"{names[track]} " + "/".join(shares))
            print(f"  {name:8} " + "  ".join(told))


def print_alone(model: Model, phrases: Phrases, samples: int, seed: int) -> None:
    """Notes a bar of each track where it is asked for alone."""
    print("\nnotes a bar of a track alone")
    plays = playing(phrases, len(model.spec.tracks)).max(2) > 0
    for track, name in enumerate(model.spec.ensemble.names):
        own = phrases.select(np.flatnonzero(plays[:, track]))
        own = own.keep(own.track == track)
        made = sample_phrases(model.generator, own, samples, seed)
        real, ours = (len(each.start) / len(each) / each.bars for each in (own, made))
        print(f"  {name:8} made {ours:5.1f}   real {real:5.1f}")


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path, help="the dataset the model was trained on")
    parser.add_argument("model", nargs="?", type=Path, help="a model folder; else the shipped one")
    parser.add_argument("--samples", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    model = load_model(options.model)
    if not isinstance(model.generator, PlannedGenerator):
        parser.exit(1, "this model has no habits; it does not plan codes\n")
    band = model.spec.ensemble
    phrases = load_dataset(options.dataset, "train").phrases.canonical()
    phrases = move(phrases, -home_keys(phrases, band), band)
    audition = Audition(phrases, band, options.seed, options.samples)
    sets = {"real": audition.real, "made": audition.heard(model.generator)}
    print_alone(model, phrases, options.samples // 2, options.seed)
    model.generator.habits.forget()
    sets["decoded"] = audition.heard(model.generator)
    print_figures(sets, band)
    print_moves(sets, band.names, set(np.flatnonzero(band.drums).tolist()))


if __name__ == "__main__":
    main()
