import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from musegan.data.folder import shard_name
from musegan.data.shard_files import FORMAT
from musegan.data.sound_shards import write_sounds
from musegan.data.sounds import UNPITCHED, SoundSet, load_sounds
from musegan.data.store import load_dataset, read_description
from musegan.errors import MuseganError

LABELS = [
    ("a.wav", "horn", 60, "train"), ("b.wav", "drum", None, "train"), ("c.wav", "horn", 61, "test"),
    ("d.wav", "bell", 90, "test"), ("e.wav", "horn", 62, "train"),
]  # fmt: skip
WAVES = np.random.default_rng(0).integers(-32767, 32768, (5, 40)).astype(np.int16)


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Five sounds in two shards, and an empty one between."""
    bounds = [(0, 2), (2, 2), (2, 5)]
    for number, (start, end) in enumerate(bounds):
        rows = list(zip(*LABELS[start:end], strict=True)) or [(), (), (), ()]
        names = ("source", "instrument", "pitch", "split")
        columns = {n: np.array(r, object) for n, r in zip(names, rows, strict=True)}
        columns["hash"] = np.arange(start, end, dtype=np.uint64)
        write_sounds(tmp_path / shard_name(number), WAVES[start:end], columns, {})
    about = {
        "format": FORMAT,
        "holds": "sounds",
        "rate": 8000,
        "samples": 40,
        "instruments": {"bell": {}, "drum": {}, "horn": {}},
        "splits": {"train": 3, "valid": 0, "test": 2},
        "shards": [{"file": shard_name(number)} for number in range(3)],
    }
    (tmp_path / "dataset.json").write_text(json.dumps(about))
    return tmp_path


def rows(sounds: SoundSet) -> list[tuple[str, str, int]]:
    named = [sounds.instruments[index] for index in sounds.instrument]
    return list(zip(sounds.names, named, sounds.pitch.tolist(), strict=True))


def test_sounds_come_with_their_labels(dataset):
    sounds = load_sounds(dataset)
    assert sounds.rate == 8000
    assert sounds.instruments == ("bell", "drum", "horn")
    assert rows(sounds) == [
        (name, instrument, UNPITCHED if pitch is None else pitch)
        for name, instrument, pitch, _ in LABELS
    ]
    np.testing.assert_array_equal(sounds.samples, WAVES)
    waves = sounds.waves()
    assert waves.dtype == np.float32
    np.testing.assert_allclose(waves, WAVES / 32767, atol=1e-7)
    np.testing.assert_array_equal(sounds.waves([3, 0]), waves[[3, 0]])


def test_splits_and_instruments_can_be_chosen(dataset):
    assert [row[0] for row in rows(load_sounds(dataset, "train"))] == ["a.wav", "b.wav", "e.wav"]
    horns = load_sounds(dataset, "train", ["horn"])
    assert [row[0] for row in rows(horns)] == ["a.wav", "e.wav"]
    assert horns.instruments == ("bell", "drum", "horn")
    np.testing.assert_array_equal(horns.samples, WAVES[[0, 4]])


def test_what_is_not_there_is_told(dataset):
    with pytest.raises(MuseganError, match="no instrument 'lute'; there are bell, drum, horn"):
        load_sounds(dataset, instruments=["lute"])
    with pytest.raises(MuseganError, match=r"no sounds in split 'valid' \(sounds: train 3, valid"):
        load_sounds(dataset, "valid")
    (dataset / shard_name(2)).unlink()
    with pytest.raises(MuseganError, match=r"00002.parquet: this shard of the dataset is missing"):
        load_sounds(dataset)


def test_datasets_of_phrases_and_of_sounds_are_told_apart(dataset):
    with pytest.raises(MuseganError, match="a dataset of sounds, where one of phrases is needed"):
        load_dataset(dataset)
    assert read_description(dataset, None)["holds"] == "sounds"
    about = json.loads((dataset / "dataset.json").read_text())
    del about["rate"]
    (dataset / "dataset.json").write_text(json.dumps(about))
    with pytest.raises(MuseganError, match="tells nothing of its rate"):
        load_sounds(dataset)
    about = {"format": FORMAT, "grid": {}, "bars": 1, "ensemble": {}, "styles": {}} | about
    (dataset / "dataset.json").write_text(json.dumps(about | {"holds": "phrases"}))
    with pytest.raises(MuseganError, match="a dataset of phrases, where one of sounds is needed"):
        load_sounds(dataset)


def test_loading_needs_no_audio_library_and_no_torch():
    program = (
        "import sys, musegan.data.sounds;"
        "print(*({'soundfile', 'soxr', 'torch', 'torchaudio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "")
