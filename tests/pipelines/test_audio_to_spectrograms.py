import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musegan.data.sounds import load_sounds
from musegan.errors import MuseganError
from pipelines import audio_to_spectrograms
from pipelines.audio_to_spectrograms import prepare
from pipelines.sound_sources import find_sounds
from tests.pipelines.corpus import contents
from tests.pipelines.recordings import SETTINGS, tone, write_recordings


@pytest.fixture(scope="module")
def sounds(tmp_path_factory) -> Path:
    return write_recordings(tmp_path_factory.mktemp("audio") / "sounds")


@pytest.fixture(autouse=True)
def small_groups(monkeypatch):
    """Eight files a shard."""
    monkeypatch.setattr(audio_to_spectrograms, "GROUP_BYTES", 8 * 2 * SETTINGS.samples)


@pytest.fixture
def whole(sounds, tmp_path) -> dict[str, bytes]:
    prepare(find_sounds(sounds), tmp_path / "whole", SETTINGS)
    return contents(tmp_path / "whole")


def test_recordings_become_a_dataset(sounds, tmp_path):
    calls: list[tuple[int, int]] = []
    about = prepare(
        find_sounds(sounds), tmp_path / "out", SETTINGS, progress=lambda *c: calls.append(c)
    )
    assert (calls[0], calls[-1]) == ((0, 30), (30, 30))
    assert about["instruments"] == {
        "flute": {"sounds": 12, "lowest": 60, "highest": 71},
        "organ": {"sounds": 12, "lowest": 60, "highest": 71},
    }
    counts = {name: about[name] for name in ("files", "skipped", "duplicates")}
    assert counts == {"files": 30, "skipped": 5, "duplicates": 1}
    assert (about["unreadable"], about["unlabelled"]) == (3, 1)
    assert [shard["sounds"] for shard in about["shards"]] == [2, 8, 8, 6]
    loaded = load_sounds(tmp_path / "out")
    assert len(loaded) == about["sounds"] == sum(about["splits"].values()) == 24
    assert loaded.rate == 8000
    assert loaded.instruments == ("flute", "organ")
    at = loaded.names.index("organ/deep/organ-064-1.flac")
    assert (loaded.instrument[at], loaded.pitch[at]) == (1, 64)
    spectrum = np.abs(np.fft.rfft(loaded.waves(at)[80:] * np.hanning(1920)))
    assert spectrum.argmax() * 8000 / 1920 == pytest.approx(440 * 2 ** (-5 / 12), abs=5)


def test_the_description_tells_all_of_each_file(sounds, tmp_path):
    about = prepare(find_sounds(sounds), tmp_path / "out", SETTINGS)
    told = json.loads((tmp_path / "out" / "dataset.json").read_text())
    entries = {entry["path"]: entry for entry in told.pop("sources")}
    assert told == json.loads(json.dumps(about))
    assert told["holds"] == "sounds"
    assert told["licences"] == {"flute/LICENSE.txt": "Play it as you like.\n"}
    flute = entries["flute/flute-060-1.wav"]
    assert (flute["instrument"], flute["pitch"], flute["sounds"]) == ("flute", 60, 1)
    assert flute["licence"] == "flute/LICENSE.txt"
    assert len(flute["bytes"]) == 32
    copy = entries["flute/flute-060-2.wav"]
    assert (copy["sounds"], copy["duplicates"], copy["split"]) == (0, 1, flute["split"])
    with (tmp_path / "out" / "skipped.csv").open(newline="") as stream:
        skipped = dict(csv.reader(stream))
    assert list(skipped)[1:] == [
        f"bad/{name}.wav"
        for name in ("nothing-061-1", "odd-062-1", "silence-063-1", "text-060-1", "unknown")
    ]
    assert skipped["bad/silence-063-1.wav"] == "is silent"


def test_two_workers_write_the_same_bytes(sounds, tmp_path, whole):
    prepare(find_sounds(sounds), tmp_path / "two", SETTINGS, workers=2)
    assert contents(tmp_path / "two") == whole


def test_a_stopped_run_goes_on_and_ends_with_the_same_bytes(sounds, tmp_path, whole):
    def stop(done: int, total: int) -> None:
        if done >= 20:
            raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        prepare(find_sounds(sounds), out, SETTINGS, progress=stop)
    assert "dataset.json" not in contents(out)
    assert (out / "shard-00000.parquet").exists()
    prepare(find_sounds(sounds), out, SETTINGS)
    assert contents(out) == whole
    assert prepare(find_sounds(sounds), out, SETTINGS)["sounds"] == 24
    assert contents(out) == whole


def test_other_settings_or_labels_do_not_go_on(sounds, tmp_path):
    sources = find_sounds(sounds)
    prepare(sources, tmp_path / "out", SETTINGS)
    with pytest.raises(MuseganError, match=r"begun with --rate 8000, not 16000; .*--overwrite"):
        prepare(sources, tmp_path / "out", replace(SETTINGS, rate=16_000))
    other = [replace(item, pitch=50) for item in sources]
    with pytest.raises(MuseganError, match=r"begun with other files, labels.*--overwrite"):
        prepare(other, tmp_path / "out", SETTINGS)
    prepare(other, tmp_path / "out", SETTINGS, overwrite=True)
    assert set(load_sounds(tmp_path / "out").pitch.tolist()) == {50}


def test_sounds_with_and_without_pitches_do_not_go_on_from_each_other(sounds, tmp_path):
    prepare(find_sounds(sounds), tmp_path / "out", SETTINGS)
    words = "begun with --labels with pitches, not without pitches; .*--overwrite"
    with pytest.raises(MuseganError, match=words):
        prepare(find_sounds(sounds), tmp_path / "out", replace(SETTINGS, pitched=False))


def test_all_takes_of_a_pitch_are_in_one_split_whatever_lies_beside_them(tmp_path):
    folder = tmp_path / "sounds"
    folder.mkdir()
    for pitch in range(40, 80):
        for take in range(2):
            wave = tone(pitch, 8000, seconds=0.3 + 0.02 * take)
            soundfile.write(folder / f"horn-{pitch:03d}-{take}.wav", wave, 8000)
    prepare(find_sounds(folder), tmp_path / "all", SETTINGS)
    prepare(find_sounds(folder)[::3], tmp_path / "some", SETTINGS)

    def splits(out: Path) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        for split in ("train", "valid", "test"):
            for pitch in load_sounds(out, split).pitch.tolist():
                found.setdefault(pitch, set()).add(split)
        return found

    whole, part = splits(tmp_path / "all"), splits(tmp_path / "some")
    assert len(load_sounds(tmp_path / "all")) == 80
    assert all(len(each) == 1 for each in whole.values())
    assert part.items() <= whole.items()


def test_sounds_without_pitch_are_shared_out_one_by_one(tmp_path):
    folder = tmp_path / "kick"
    folder.mkdir()
    for number in range(30):
        soundfile.write(folder / f"{number}.wav", tone(30 + number, 8000), 8000)
    about = prepare(find_sounds(folder), tmp_path / "out", replace(SETTINGS, pitched=False))
    assert about["instruments"] == {"kick": {"sounds": 30}}
    assert all(count > 2 for count in about["splits"].values())
    assert set(load_sounds(tmp_path / "out").pitch.tolist()) == {-1}


def test_no_sound_at_all_is_an_error_that_leaves_the_reasons(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x-060-1.wav").write_text("no sound")
    with pytest.raises(MuseganError, match=r"no file gave sounds: .*skipped.csv tells all"):
        prepare(find_sounds(tmp_path / "a"), tmp_path / "out", SETTINGS)
    assert 'x-060-1.wav,"not audio' in (tmp_path / "out" / "skipped.csv").read_text()
