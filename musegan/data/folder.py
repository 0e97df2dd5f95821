"""A dataset's folder: the names of its files, and how far it has come."""

from __future__ import annotations

from pathlib import Path

DESCRIPTION = "dataset.json"  # written last, when all shards are there


def shard_name(number: int) -> str:
    """File name of a dataset's shard."""
    return f"shard-{number:05d}.parquet"


def holds_dataset(folder: Path) -> bool:
    """Whether a dataset lies in a folder, be it finished or only begun."""
    return (folder / DESCRIPTION).exists() or is_unfinished(folder)


def is_unfinished(folder: Path) -> bool:
    """Whether a dataset was begun in a folder and nothing describes it yet."""
    return (folder / shard_name(0)).exists() and not (folder / DESCRIPTION).exists()
