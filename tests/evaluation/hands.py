"""Small asymmetric phrases worked out by hand, for all tests of metrics."""

from dataclasses import replace

import numpy as np

from musegan.evaluation.events import Events
from musegan.instruments import Ensemble, EnsembleTrack
from musegan.pianoroll import Grid, Phrases

TRIO = Ensemble(
    "trio",
    (
        EnsembleTrack("drums", 0, True, 35, 81),
        EnsembleTrack("bass", 33, False, 24, 67),
        EnsembleTrack("piano", 0, False, 24, 107),
    ),
)
GRID = Grid(beats_per_bar=2, steps_per_beat=4)  # eight steps a bar: a step is a sixteenth
DRUMS, BASS, PIANO = 0, 1, 2


def phrase(*rows: tuple[int, int, int, int, int], grid: Grid = GRID, bars: int = 3) -> Phrases:
    """One phrase of (track, start, duration, pitch, velocity) rows."""
    return Phrases.of([list(rows)], grid, bars)


def events(*rows: tuple[int, int, int, int, int], grid: Grid = GRID, bars: int = 3) -> Events:
    """The events of such a phrase, for the trio."""
    return Events.of(phrase(*rows, grid=grid, bars=bars), len(TRIO.tracks))


def random_phrases(count: int, grid: Grid = GRID, bars: int = 3, seed: int = 5) -> Phrases:
    """Phrases of up to forty notes for the trio, some not canonical, some empty."""
    draw = np.random.default_rng(seed)
    steps = bars * grid.steps_per_bar
    rows = []
    for _ in range(count):
        size = int(draw.integers(0, 40))
        columns = [
            draw.integers(0, 3, size),
            draw.integers(0, steps, size),
            draw.integers(1, steps, size),
            draw.integers(40, 60, size),
            draw.integers(1, 128, size),
        ]
        rows.append(list(zip(*(column.tolist() for column in columns), strict=True)))
    return Phrases.of(rows, grid, bars)


def transposed(phrases: Phrases, by: int) -> Phrases:
    """The phrases with all but the drums moved by semitones."""
    pitch = np.where(phrases.track == DRUMS, phrases.pitch, phrases.pitch.astype(np.int64) + by)
    return replace(phrases, pitch=pitch.astype(np.uint8))
