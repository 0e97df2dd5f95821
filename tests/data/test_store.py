import json
from pathlib import Path

import numpy as np
import pytest

from musegan.data.folder import shard_name
from musegan.data.shard_files import FORMAT
from musegan.data.shards import write_shard
from musegan.data.store import load_dataset, read_description
from musegan.errors import MuseganError
from musegan.pianoroll import Phrases
from tests.data.music import FOUR, PIANO, TRIO

SHARDS = [
    # song, source, style, split of each phrase
    [("a", "pop/a.mid", "pop", "train"), ("a", "pop/a.mid", "pop", "train")],
    [],
    [("b", "rock/b.mid", "rock", "test"), ("c", "pop/c.mid", "pop", "train")],
    [("d", "folk/d.mid", "folk", "train"), ("b", "rock/b.mid", "rock", "test")],
]
STYLES = ("folk", "pop", "rock")


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    total, shards = 0, []
    for number, phrases in enumerate(SHARDS):
        rows = [
            [(PIANO, step, 1, 60 + total + i, 80) for step in range(total + i + 1)]
            for i in range(len(phrases))
        ]
        labels = np.array(phrases, object).reshape(-1, 4)
        columns = dict(zip(("song", "source", "style", "split"), labels.T, strict=True))
        place = np.arange(total, total + len(phrases))
        columns |= {"bar": place, "bpm": 100.0 + place, "hash": place.astype(np.uint64)}
        columns["key"] = np.full(len(phrases), None)
        name = f"shard-{number}.parquet"
        write_shard(tmp_path / name, Phrases.of(rows, FOUR, 4), columns, {})
        shards.append({"file": name, "phrases": len(phrases)})
        total += len(phrases)
    describe(
        tmp_path,
        format=FORMAT,
        grid={"beats_per_bar": 4, "steps_per_beat": 12, "beat_unit": 4},
        bars=4,
        ensemble={"name": "trio", "tracks": TRIO.describe()},
        styles={style: {} for style in STYLES},
        splits={"train": 4, "valid": 0, "test": 2},
        shards=shards,
    )
    return tmp_path


def describe(folder: Path, **about: object) -> None:
    (folder / "dataset.json").write_text(json.dumps(about), encoding="utf-8")


def change(folder: Path, **changes: object) -> None:
    describe(folder, **(read_description(folder) | changes))


def rows_of(numbers: list[int]) -> list[list[tuple[int, ...]]]:
    return [[(PIANO, step, 1, 60 + n, 80) for step in range(n + 1)] for n in numbers]


def test_a_dataset_that_was_begun_and_not_finished_is_told(tmp_path):
    (tmp_path / shard_name(0)).write_bytes(b"")
    words = "begun and not finished; give the same `musegan prepare` command again"
    with pytest.raises(MuseganError, match=words):
        read_description(tmp_path)


def test_a_whole_dataset_comes_in_the_order_of_its_shards(dataset):
    loaded = load_dataset(dataset)
    assert len(loaded) == 6
    assert loaded.phrases.rows() == rows_of(list(range(6)))
    assert loaded.grid == FOUR
    assert loaded.bars == 4
    assert loaded.ensemble.tracks == TRIO.tracks
    assert loaded.styles == STYLES
    assert [loaded.styles[s] for s in loaded.style] == ["pop", "pop", "rock", "pop", "folk", "rock"]
    assert loaded.song.tolist() == [0, 0, 1, 2, 3, 1]
    assert loaded.tempo.tolist() == [100, 101, 102, 103, 104, 105]
    assert loaded.bar.tolist() == list(range(6))
    assert [loaded.sources[s] for s in loaded.source][2:4] == ["rock/b.mid", "pop/c.mid"]


def test_a_split_and_styles_can_be_asked_for(dataset):
    def numbers(**asked: object) -> list[int]:
        return load_dataset(dataset, **asked).bar.tolist()

    assert numbers(split="train") == [0, 1, 3, 4]
    assert numbers(split="test") == [2, 5]
    assert numbers(styles=["rock", "folk"]) == [2, 4, 5]
    assert numbers(split="train", styles=["folk"]) == [4]
    part = load_dataset(dataset, "train", ["folk", "pop"])
    assert part.phrases.rows() == rows_of([0, 1, 3, 4])
    assert part.styles == STYLES
    assert [part.styles[s] for s in part.style] == ["pop", "pop", "pop", "folk"]
    assert part.song.tolist() == [0, 0, 1, 2]


def test_columns_have_the_types_of_phrases(dataset):
    loaded = load_dataset(dataset)
    phrases = loaded.phrases
    columns = (phrases.track, phrases.start, phrases.duration, phrases.pitch, phrases.velocity)
    assert [str(c.dtype) for c in columns] == ["uint8", "uint16", "uint16", "uint8", "uint8"]
    assert str(phrases.offsets.dtype) == "int64"
    assert phrases.canonical().rows() == phrases.rows()


def test_an_empty_split_is_an_error_that_counts_the_others(dataset):
    with pytest.raises(MuseganError, match=r"no phrases in split 'valid' .*train 4, .* test 2"):
        load_dataset(dataset, "valid")
    with pytest.raises(MuseganError, match=r"no phrases in split 'test'"):
        load_dataset(dataset, "test", ["folk"])


def test_an_unknown_style_is_an_error_that_names_those_there_are(dataset):
    with pytest.raises(MuseganError, match="no style 'jazz'; there are folk, pop, rock"):
        load_dataset(dataset, styles=["pop", "jazz"])


def test_a_folder_without_a_dataset_is_an_error(tmp_path):
    with pytest.raises(MuseganError, match=r"not a dataset .*musegan prepare"):
        load_dataset(tmp_path)
    with pytest.raises(MuseganError, match=r"not a dataset .*musegan prepare"):
        load_dataset(tmp_path / "absent")


@pytest.mark.parametrize("text", ["", "[1]", "{}", '"format"', "no json", '{"form": 1}'])
def test_a_foreign_description_is_an_error(tmp_path, text):
    (tmp_path / "dataset.json").write_text(text)
    with pytest.raises(MuseganError, match="not a dataset's description; prepare it again"):
        load_dataset(tmp_path)


def test_another_format_is_an_error(dataset):
    change(dataset, format=99)
    with pytest.raises(MuseganError, match=f"dataset format 99, but this version reads {FORMAT}"):
        load_dataset(dataset)


def test_a_description_that_lacks_something_is_an_error(dataset):
    describe(dataset, format=FORMAT, grid={}, bars=4)
    with pytest.raises(MuseganError, match="tells nothing of its ensemble"):
        load_dataset(dataset)


def test_a_missing_shard_is_an_error(dataset):
    (dataset / "shard-2.parquet").unlink()
    with pytest.raises(
        MuseganError, match=r"shard-2.parquet: this shard of the dataset is missing"
    ):
        load_dataset(dataset)


def test_a_broken_shard_is_an_error(dataset):
    shard = dataset / "shard-2.parquet"
    shard.write_bytes(shard.read_bytes()[:-20])
    with pytest.raises(MuseganError, match=r"shard-2.parquet: this shard of the dataset is broken"):
        load_dataset(dataset)
