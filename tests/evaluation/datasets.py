"""A small dataset folder of the trio's random songs, for tests that need one."""

import json
from pathlib import Path

import numpy as np

from musegan.data.shard_files import FORMAT
from musegan.data.shards import write_shard
from musegan.pianoroll import Grid, Phrases

from .hands import TRIO, random_phrases

FOUR = Grid(4, 12)
SPLITS = {"train": 12, "valid": 6, "test": 6}  # songs in each
PHRASES = 4  # a song


def full_phrases(count: int, seed: int, bars: int = 2) -> Phrases:
    """Random phrases of at least twenty notes."""
    some = random_phrases(4 * count, FOUR, bars, seed)
    return some.select(np.flatnonzero(np.diff(some.offsets) >= 20)[:count])


def write_dataset(folder: Path, splits: dict[str, int] | None = None) -> Path:
    """A dataset with so many songs in each split, half of them in either of two styles."""
    counts = SPLITS if splits is None else splits
    folder.mkdir(parents=True)
    songs = [(split, number) for split, count in counts.items() for number in range(count)]
    size = len(songs) * PHRASES
    phrases = full_phrases(size, seed=11)
    names = [f"{split}{number}" for split, number in songs for _ in range(PHRASES)]
    columns = {
        "song": names,
        "source": [f"{name}.mid" for name in names],
        "bar": list(range(size)),
        "bpm": [100.0] * size,
        "key": [None] * size,
        "style": [("calm", "wild")[number % 2] for _, number in songs for _ in range(PHRASES)],
        "split": [split for split, _ in songs for _ in range(PHRASES)],
        "hash": list(range(size)),
    }
    write_shard(folder / "shard-00000.parquet", phrases, columns, {})
    about = {
        "format": FORMAT,
        "grid": {"beats_per_bar": 4, "steps_per_beat": 12, "beat_unit": 4},
        "bars": phrases.bars,
        "ensemble": {"name": TRIO.name, "tracks": TRIO.describe()},
        "styles": {"calm": {}, "wild": {}},
        "splits": {split: count * PHRASES for split, count in counts.items()},
        "shards": [{"file": "shard-00000.parquet", "phrases": size}],
    }
    (folder / "dataset.json").write_text(json.dumps(about), encoding="utf-8")
    return folder
