import errno
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from musegan.errors import MuseganError
from musegan.files import alone_in
from musegan.instruments import load_ensemble
from musegan.pianoroll import Grid, Phrases
from musegan.song import Multitrack
from pipelines.generate_batch import Outcome, Settings, generate_batch, stem
from pipelines.manifest import NAME

SETTINGS = Settings("band", "0" * 64, 7, "rock", ("drums", "bass"), 96.0, ("txt",))


def compose(first: int, count: int) -> Iterator[Phrases]:
    """One bar a phrase, drawn from the phrase's number alone, in parts of three."""
    for start in range(first, first + count, 3):
        rows = []
        for index in range(start, min(start + 3, first + count)):
            draw = np.random.default_rng(index)
            onsets = draw.integers(0, 48, 5)
            rows.append([(1, int(onset), 3, int(draw.integers(30, 50)), 90) for onset in onsets])
        yield Phrases.of(rows, Grid(), 1)


def write_text(song: Multitrack, path: Path) -> None:
    path.write_text(repr([track.notes.rows() for track in song.tracks]))


def write_tempo(song: Multitrack, path: Path) -> None:
    path.write_text(f"{song.name} {song.tempos[0].bpm}")


def batch(out: Path, count: int = 8, **options: Any) -> Outcome:
    settings = options.pop("settings", SETTINGS)
    writers = options.pop("writers", {"txt": write_text})
    maker = options.pop("compose", compose)
    return generate_batch(maker, load_ensemble(), settings, count, out, writers, **options)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_are_named_by_seed_and_number_and_listed_with_their_hash(tmp_path: Path) -> None:
    outcome = batch(tmp_path / "out", 4, writers={"txt": write_text, "tempo": write_tempo})
    assert outcome == Outcome(tmp_path / "out" / NAME, 4, 0, 0)
    record = json.loads(outcome.manifest.read_text())
    assert record["batch"]["tempo"] == 96.0
    assert record["batch"]["style"] == "rock"
    assert record["batch"]["count"] == 4
    for index, phrase in enumerate(record["phrases"]):
        assert list(phrase["files"]) == [f"phrase-0007-{index:06d}.{s}" for s in ("txt", "tempo")]
        for name, digest in phrase["files"].items():
            assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == digest
    song = (tmp_path / "out" / "phrase-0007-000003.tempo").read_text()
    assert song == "phrase-0007-000003 96.0"
    assert len(list((tmp_path / "out").iterdir())) == 9


def test_names_sort_and_grow_with_large_numbers() -> None:
    assert stem(7, 12) == "phrase-0007-000012"
    assert stem(123456, 10_000_000) == "phrase-123456-10000000"


@pytest.mark.parametrize("workers", [1, 2])
def test_the_bytes_do_not_depend_on_workers(tmp_path: Path, workers: int) -> None:
    batch(tmp_path / "one", 10)
    batch(tmp_path / "other", 10, workers=workers)
    assert contents(tmp_path / "one") == contents(tmp_path / "other")


@pytest.mark.parametrize("survives", [0, 1, 4, 7])
def test_a_killed_batch_goes_on_to_the_same_bytes(tmp_path: Path, survives: int) -> None:
    class Killed(BaseException):
        """Nothing in the batch may catch it, as nothing catches a kill."""

    def write_until_killed(song: Multitrack, path: Path) -> None:
        if path.name == f"{stem(7, survives)}.txt":
            path.with_name(f".{path.name}.4711").write_text("half a fi")
            raise Killed
        write_text(song, path)

    with pytest.raises(Killed):
        batch(tmp_path / "killed", writers={"txt": write_until_killed})
    assert not (tmp_path / "killed" / NAME).exists()
    outcome = batch(tmp_path / "killed")
    assert (outcome.made, outcome.kept) == (8 - survives, survives)
    batch(tmp_path / "whole")
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")


def test_a_finished_batch_is_not_made_again(tmp_path: Path) -> None:
    def compose_nothing(first: int, count: int) -> Iterator[Phrases]:
        raise AssertionError("nothing was missing")

    batch(tmp_path)
    assert batch(tmp_path, compose=compose_nothing).kept == 8


def test_progress_counts_every_phrase_once(tmp_path: Path) -> None:
    told: list[int] = []
    batch(tmp_path, 5, advance=told.append)
    assert sum(told) == 5
    batch(tmp_path, 9, advance=told.append)
    assert sum(told) == 5 + 9


def test_other_settings_in_the_same_folder_need_overwrite(tmp_path: Path) -> None:
    batch(tmp_path)
    other = Settings("band", "0" * 64, 8, "rock", ("drums", "bass"), 96.0, ("txt",))
    with pytest.raises(MuseganError, match="holds a batch made with seed 7, not 8"):
        batch(tmp_path, settings=other)
    batch(tmp_path, settings=other, overwrite=True)
    names = {path.name for path in tmp_path.glob("phrase-*")}
    assert names == {f"{stem(8, index)}.txt" for index in range(8)}


def test_a_phrase_that_was_changed_by_hand_is_not_replaced_unless_told(tmp_path: Path) -> None:
    batch(tmp_path)
    mine = tmp_path / f"{stem(7, 3)}.txt"
    made = mine.read_text()
    mine.write_text("mine")
    with pytest.raises(MuseganError, match=f"{mine.name}: is there already and would change"):
        batch(tmp_path)
    assert mine.read_text() == "mine"
    batch(tmp_path, overwrite=True)
    assert mine.read_text() == made


@pytest.mark.parametrize("count", [0, -3])
def test_a_count_below_one_is_an_error(tmp_path: Path, count: int) -> None:
    with pytest.raises(MuseganError, match=f"count of 1 or more, not {count}"):
        batch(tmp_path / "out", count)
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(MuseganError, match="is a file; name a folder"):
        batch(tmp_path / "out")
    with pytest.raises(MuseganError, match="Not a directory"):
        batch(tmp_path / "out" / "deeper")


def test_a_full_disk_is_one_line_and_the_batch_goes_on_later(tmp_path: Path) -> None:
    def write_until_full(song: Multitrack, path: Path) -> None:
        if path.name.startswith(stem(7, 3)):
            raise OSError(errno.ENOSPC, "No space left on device")
        write_text(song, path)

    with pytest.raises(MuseganError, match="No space left on device; what is finished is kept"):
        batch(tmp_path, writers={"txt": write_until_full})
    assert batch(tmp_path).kept == 3


def test_a_silent_phrase_gets_no_files_and_is_told(tmp_path: Path) -> None:
    def compose_gaps(first: int, count: int) -> Iterator[Phrases]:
        for index in range(first, first + count):
            yield Phrases.of([[(1, 0, 3, 40, 90)] if index % 3 else []], Grid(), 1)

    for made, kept in ((8, 0), (0, 8)):
        outcome = batch(tmp_path, compose=compose_gaps)
        assert outcome == Outcome(tmp_path / NAME, made, kept, 3)
    record = json.loads(outcome.manifest.read_text())
    silent = [phrase["index"] for phrase in record["phrases"] if not phrase["files"]]
    assert silent == [0, 3, 6]
    assert len(list(tmp_path.glob("phrase-*"))) == 5


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_batch_that_another_run_writes_is_left_alone(tmp_path: Path, overwrite: bool) -> None:
    batch(tmp_path, 3)
    before = contents(tmp_path)
    with alone_in(tmp_path), pytest.raises(MuseganError, match="another musegan writes there"):
        batch(tmp_path, 6, overwrite=overwrite)
    assert contents(tmp_path) == before
