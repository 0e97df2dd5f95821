"""Small asymmetric phrases worked out by hand, for all tests of metrics."""

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
