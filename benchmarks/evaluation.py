"""All metrics over many phrases, beside muspy computing the four of them that it has and has right.

Needs a dataset folder and muspy (`pip install muspy`).
"""

from __future__ import annotations

import argparse
import importlib
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from musegan.data.store import load_dataset
from musegan.evaluation.metrics import columns, measure
from musegan.instruments import Ensemble
from musegan.pianoroll import Phrases

LIMIT = 20  # seconds for ten thousand phrases


def drawn(phrases: Phrases, count: int, ensemble: Ensemble) -> Phrases:
    """So many phrases, drawn with replacement and each transposed by up to a fourth."""
    draw = np.random.default_rng(0)
    chosen = phrases.select(draw.integers(0, len(phrases), count))
    shift = draw.integers(-5, 6, count)[chosen.phrase]
    drums = ensemble.drums[chosen.track]
    pitch = np.clip(chosen.pitch + np.where(drums, 0, shift), 0, 127)
    return replace(chosen, pitch=pitch.astype(np.uint8))


def with_muspy(muspy: Any, phrases: Phrases, ensemble: Ensemble) -> None:
    """Polyphony, scale consistency, drum pattern and groove of every track of every phrase."""
    resolution = phrases.grid.steps_per_beat
    for rows in phrases.rows():
        for number, track in enumerate(ensemble.tracks):
            notes = [
                muspy.Note(time=start, pitch=pitch, duration=duration, velocity=velocity)
                for of, start, duration, pitch, velocity in rows
                if of == number
            ]
            if not notes:
                continue
            one = muspy.Track(is_drum=track.is_drum, notes=notes)
            music = muspy.Music(resolution=resolution, tracks=[one])
            if track.is_drum:
                muspy.drum_in_pattern_rate(music, "duple")
            else:
                muspy.polyphony(music)
                muspy.scale_consistency(music)
            muspy.groove_consistency(music, phrases.grid.steps_per_bar)


def main() -> None:
    """Time both on the same phrases, muspy on fewer of them, and compare phrases a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--phrases", type=int, default=10_000)
    parser.add_argument("--peer-phrases", type=int, default=300)
    options = parser.parse_args()
    muspy = importlib.import_module("muspy")
    data = load_dataset(options.dataset)
    phrases = drawn(data.phrases, options.phrases, data.ensemble)
    few = phrases.select(np.arange(options.peer_phrases))

    begin = time.perf_counter()
    measure(phrases, data.ensemble)
    ours = time.perf_counter() - begin
    begin = time.perf_counter()
    with_muspy(muspy, few, data.ensemble)
    theirs = (time.perf_counter() - begin) / len(few) * len(phrases)

    names = len(columns(data.ensemble))
    print(f"{len(phrases)} phrases, {len(phrases.track)} notes")
    print(f"musegan, {names} columns       {ours:8.2f} s   limit {LIMIT} s")
    print(f"muspy, 4 of 14 metrics    {theirs:8.2f} s   (from {len(few)} phrases)")
    print(f"ratio                     {theirs / ours:8.0f} x")


if __name__ == "__main__":
    main()
