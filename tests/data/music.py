"""Songs for the tests of datasets: a trio, by rows of beats."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from musegan.data.events import Events
from musegan.instruments import parse_ensemble
from musegan.pianoroll import Grid
from musegan.song import Meter, Multitrack, Notes, Track

TICKS = 480
FOUR = Grid(4, 12)
TRIO = parse_ensemble(
    {
        "name": "trio",
        "tracks": [
            {"name": "drums", "drums": True, "range": [35, 81]},
            {"name": "bass", "program": 33, "range": [24, 67]},
            {"name": "piano", "range": [24, 107]},
        ],
        "rules": [
            {"track": "drums", "drums": True},
            {"track": "bass", "name": "bass"},
            {"track": "piano", "name": "piano"},
            {"skip": "no place in a trio"},
        ],
    },
    "trio",
)
DRUMS, BASS, PIANO = range(3)
NAMES = ("drums", "bass", "piano")

Row = tuple[float, float, int, int]  # beat, beats, pitch, velocity


def track(name: str, rows: Sequence[Row], ticks: int = TICKS) -> Track:
    """A track of the trio, its times in quarter notes."""
    timed = [(round(s * ticks), max(round(d * ticks), 1), p, v) for s, d, p, v in rows]
    return Track(Notes.of(timed), 0, name == "drums", name)


def song(
    meters: Sequence[tuple[float, int, int]] = (), ticks: int = TICKS, **rows: Sequence[Row]
) -> Multitrack:
    """A song of the trio: `piano=[(beat, beats, pitch, velocity), ...]`; meters by quarter note."""
    tracks = tuple(track(name, notes, ticks) for name, notes in rows.items())
    return Multitrack(tracks, ticks, meters=tuple(Meter(round(t * ticks), *m) for t, *m in meters))


def scale(bars: int, first: float = 0, beats: int = 4, low: int = 60) -> list[Row]:
    """A rising note on each beat, another scale in each bar."""
    return [
        (first + bar * beats + beat, 0.5, low + (bar * 5 + beat * 2) % 24, 80)
        for bar in range(bars)
        for beat in range(beats)
    ]


def invented(seed: int, bars: int = 8) -> Multitrack:
    """A song of the trio in 4/4 unlike that of any other seed, on the grid."""
    random = np.random.default_rng(seed)
    rows: dict[str, list[Row]] = {name: [] for name in NAMES}
    for bar in range(bars):
        root = int(random.integers(28, 40))
        rows["bass"].append((4 * bar, 2, root, 90))
        rows["bass"].append((4 * bar + 2, 1.5, root + 7, 85))
        for beat in range(4):
            rows["drums"].append((4 * bar + beat, 0.1, 36 if beat % 2 == 0 else 38, 100))
            steps = np.flatnonzero(random.random(4) < 0.6)
            for step in steps.tolist():
                pitch = root + 24 + int(random.choice([0, 3, 4, 7, 10, 12]))
                rows["piano"].append((4 * bar + beat + step / 4, 0.25, pitch, 70))
    return song([(0, 4, 4)], **rows)


def transposed(original: Multitrack, semitones: int) -> Multitrack:
    """The song with its pitched tracks moved."""
    return replace(
        original,
        tracks=tuple(
            t if t.is_drum else replace(t, notes=replace(t.notes, pitch=t.notes.pitch + semitones))
            for t in original.tracks
        ),
    )


def events(*rows: tuple[int, int, int, int, int]) -> Events:
    """Notes from (track, start, duration, pitch, velocity) rows; track 0 is drums."""
    columns = np.array(rows, np.int64).reshape(-1, 5).T
    return Events(columns[0], columns[0] == DRUMS, *columns[1:])


def rows_of(notes: Events) -> list[tuple[int, ...]]:
    """The notes as (track, start, duration, pitch, velocity) rows."""
    columns = (notes.track, notes.start, notes.duration, notes.pitch, notes.velocity)
    return list(zip(*(column.tolist() for column in columns), strict=True))
