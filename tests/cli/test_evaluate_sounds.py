import json
from pathlib import Path

import pytest
import soundfile
from click.testing import CliRunner, Result

from musegan.cli import main
from musegan.models.store import save_model
from tests.evaluation.sounds.hands import RATE, scale, sounds_of
from tests.models.timbres.toys import SPEC, toy_timbre_generator


@pytest.fixture(scope="module")
def dataset(tmp_path_factory) -> Path:
    """A folder of notes, prepared."""
    folder = tmp_path_factory.mktemp("data")
    write_notes(folder / "notes", 24)
    done = CliRunner().invoke(
        main, ["prepare", "audio", str(folder / "notes"), str(folder / "set"), "--quiet"]
    )
    assert done.exit_code == 0, done.output
    return folder / "set"


def write_notes(folder: Path, count: int) -> Path:
    folder.mkdir()
    sounds = sounds_of(scale(50, count))
    for wave, label, pitch in zip(sounds.waves(), sounds.instrument, sounds.pitch, strict=True):
        name = f"{sounds.instruments[label]}-{pitch:03d}-1.wav"
        soundfile.write(folder / name, wave, RATE)
    return folder


def evaluate(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


def test_a_model_plays_the_notes_it_is_judged_by(dataset, tmp_path):
    spec = SPEC.model_copy(update={"ranges": {"flute": (60, 84), "oboe": (50, 70), "saw": (1, 9)}})
    save_model(tmp_path / "model", toy_timbre_generator(), spec)
    where = ("--out", tmp_path / "out", "--samples", 1)
    done = evaluate(tmp_path / "model", "--against", dataset, *where, "--count", 8, "--seed", 3)
    assert done.exit_code == 3, done.output
    assert "left out reed: toy does not know it" in done.stderr
    assert "within 50 cents of the pitch" in done.stdout
    files = {path.name for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {"report.md", "report.html", "report.json"} < files
    assert len(files) == 6
    done = evaluate(tmp_path / "model", "--against", dataset, *where, "--count", 8, "--seed", 4)
    assert done.exit_code == 1
    assert "is there already and would change" in done.stderr


def test_hits_are_judged_by_the_model_of_hits_that_ships(tmp_path):
    folder = tmp_path / "drums"
    for seed, kind in enumerate(("kick", "snare")):
        (folder / kind).mkdir(parents=True)
        for place, wave in enumerate(sounds_of(scale(40, 6), seed=100 * seed).waves()):
            soundfile.write(folder / kind / f"{kind}{place}.wav", wave[200 * place :], RATE)
    shares = ("--valid", 0.25, "--test", 0.25)
    words = ["prepare", "audio", str(folder), str(tmp_path / "set"), *map(str, shares), "--quiet"]
    assert CliRunner().invoke(main, words).exit_code == 0
    done = evaluate("--against", tmp_path / "set", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert "pitch" not in told["summary"]
    assert told["sounds"]["made"] == told["sounds"]["real"]
    named = evaluate("hits", "--against", tmp_path / "set", "--json")
    assert json.loads(named.stdout)["summary"] == told["summary"]


def test_recordings_and_datasets_are_judged(dataset, tmp_path):
    folder = write_notes(tmp_path / "mine", 2)
    (folder / "tuba-060-1.wav").write_text("no sound")
    done = evaluate(folder, "--against", dataset, "--json")
    assert done.exit_code == 3
    told = json.loads(done.stdout)
    assert told["sounds"]["made"] == 4
    assert told["summary"]["pitch"]["made"] == 1
    assert "left out tuba-060-1.wav: not audio" in done.stderr
    done = evaluate(dataset, "--against", dataset, "--count", 3, "--json", "--split", "test")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["splits"] == ["test"]


def test_a_folder_of_no_sounds_at_all_is_told(dataset, tmp_path):
    (tmp_path / "flute-060-1.wav").write_text("no sound")
    done = evaluate(tmp_path, "--against", dataset)
    assert done.exit_code == 1
    assert f"{tmp_path}: no recording can be judged (not audio" in done.stderr


def test_a_dataset_without_held_out_sounds_judges_nothing(tmp_path):
    notes = write_notes(tmp_path / "notes", 3)
    shares = ("--valid", "0", "--test", "0", "--quiet")
    CliRunner().invoke(main, ["prepare", "audio", str(notes), str(tmp_path / "set"), *shares])
    done = evaluate(notes, "--against", tmp_path / "set")
    assert done.exit_code == 1
    assert "set: has no sounds in valid or test; prepare it with held-out sounds" in done.stderr


@pytest.mark.parametrize(
    ("target", "options", "told"),
    [
        ("nowhere", (), "nowhere: no such folder"),
        ("SET", ("--split", "train"), "beside ones that no model has heard; leave out --split"),
        ("EMPTY", (), "no audio files"),
    ],
)
def test_mistakes_get_one_line(dataset, tmp_path, target, options, told):
    place = {"SET": dataset, "EMPTY": tmp_path}.get(target, target)
    done = evaluate(place, "--against", dataset, *options)
    assert done.exit_code == 1
    assert told in done.stderr
    assert "Traceback" not in done.output


def test_a_model_that_knows_no_instrument_is_told(dataset, tmp_path):
    strange = SPEC.model_copy(update={"ranges": dict.fromkeys(("oboe", "saw", "tuba"), (50, 70))})
    save_model(tmp_path, toy_timbre_generator(), strange)
    done = evaluate(tmp_path, "--against", dataset)
    assert done.exit_code == 1
    assert "knows none of the instruments of set (flute, reed)" in done.stderr


def test_one_instrument_is_judged_by_all_else(tmp_path):
    folder = tmp_path / "one"
    folder.mkdir()
    sounds = sounds_of([("flute", 50 + step) for step in range(12)])
    for wave, pitch in zip(sounds.waves(), sounds.pitch, strict=True):
        soundfile.write(folder / f"flute-{pitch:03d}-1.wav", wave, RATE)
    CliRunner().invoke(main, ["prepare", "audio", str(folder), str(tmp_path / "set"), "--quiet"])
    done = evaluate(folder, "--against", tmp_path / "set", "--out", tmp_path / "judged")
    assert done.exit_code == 0, done.output
    report = json.loads((tmp_path / "judged" / "report.json").read_text())
    assert report["summary"]["recognised"]["made"] == 1
    assert report["summary"]["pitch"]["made"] == 1
