import csv
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner, Result

from musegan.cli import main
from musegan.data.sounds import load_sounds
from tests.pipelines.recordings import tone, write_recordings


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["prepare", "audio", *map(str, arguments)])


@pytest.fixture
def notes(tmp_path) -> Path:
    """Four recordings, all of them of use, and what they are."""
    folder = tmp_path / "notes"
    folder.mkdir()
    for pitch in range(60, 64):
        soundfile.write(folder / f"{pitch}.wav", tone(pitch), 22_050)
    table = ["file,instrument,pitch", *(f"{p}.wav,horn,{p}" for p in range(60, 64))]
    (folder / "notes.csv").write_text("\n".join(table))
    return folder


def test_a_folder_becomes_a_dataset(notes, tmp_path):
    done = run(notes, tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    sounds = load_sounds(tmp_path / "out")
    assert sounds.samples.shape == (4, 16_384)
    assert sounds.rate == 16_000
    assert (sounds.instruments, sounds.pitch.tolist()) == (("horn",), [60, 61, 62, 63])
    assert "4 sounds of 1.024 s of 1 instrument (train " in done.stderr


def test_sounds_that_tell_no_pitch_are_said_to_have_none(notes, tmp_path):
    (notes / "notes.csv").unlink()
    done = run(notes, tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "4 sounds of 1.024 s of 1 instrument, all without a pitch (train " in done.stderr


def test_a_note_in_another_pitch_than_named_is_kept_and_told(notes, tmp_path):
    for pitch, named in ((64, 66), (65, 77)):  # the second is an octave off
        soundfile.write(notes / f"horn-{named:03d}-1.wav", tone(pitch, partials=5), 22_050)
    (notes / "notes.csv").unlink()
    for number in range(60, 64):
        (notes / f"{number}.wav").rename(notes / f"horn-{number:03d}-1.wav")
    done = run(notes, tmp_path / "out")
    assert done.exit_code == 0, done.output
    table = tmp_path / "out" / "doubtful.csv"
    assert f"1 file may be in another pitch than named; {table} tells which" in done.stderr
    told = [
        ["file", "reason"],
        ["horn-066-1.wav", "sounds like E4 (64), octaves aside, not F#4 (66)"],
    ]
    assert list(csv.reader(table.read_text().splitlines())) == told
    assert len(load_sounds(tmp_path / "out")) == 6
    (notes / "horn-066-1.wav").unlink()
    done = run(notes, tmp_path / "out", "--overwrite")
    assert "another pitch" not in done.stderr
    assert not table.exists()


def test_inspect_tells_what_is_in_it(notes, tmp_path):
    (tmp_path / "kick").mkdir()
    soundfile.write(tmp_path / "kick" / "a.wav", tone(30), 22_050)
    run(notes, tmp_path / "out", "--licence", "CC0")
    run(tmp_path / "kick", tmp_path / "drums", "--valid", 0, "--test", 0)
    told = CliRunner().invoke(main, ["inspect", str(tmp_path / "out")])
    lines = told.stdout.splitlines()
    assert lines[0].startswith("sounds      4 of 1.024 s (train ")
    assert "horn             4  C4 - D#4" in lines
    assert "CC0          4" in lines
    drums = CliRunner().invoke(main, ["inspect", str(tmp_path / "drums")])
    assert "a                1" in drums.stdout.splitlines()


def test_options_reach_the_dataset(notes, tmp_path):
    (tmp_path / "other.csv").write_text("file,kind\n60.wav,kick\n61.wav,snare\n")
    done = run(
        notes, tmp_path / "out", "--labels", tmp_path / "other.csv", "--rate", 8000,
        "--seconds", 0.25, "--valid", 0, "--test", 0, "--licence", "CC0", "--workers", 1, "--json",
    )  # fmt: skip
    assert done.exit_code == 3, done.output
    about = json.loads(done.stdout)
    assert about["settings"] == {
        "pitched": False, "rate": 8000, "seconds": 0.25, "valid": 0.0, "test": 0.0,
    }  # fmt: skip
    assert about["instruments"] == {"kick": {"sounds": 1}, "snare": {"sounds": 1}}
    assert about["splits"] == {"train": 2, "valid": 0, "test": 0}
    entries = json.loads((tmp_path / "out" / "dataset.json").read_text())["sources"]
    assert {entry["licence"] for entry in entries} == {"CC0"}


def test_what_is_left_out_is_told_at_the_end(tmp_path):
    folder = write_recordings(tmp_path / "sounds", pitches=2)
    done = run(folder, tmp_path / "out", "--seconds", 0.3)
    assert done.exit_code == 3
    last = done.output.splitlines()[-1]
    assert last == (
        f"musegan: {tmp_path}/out: left out 3 files that cannot be read and "
        f"1 file without a label; {tmp_path}/out/skipped.csv tells why"
    )
    assert "5 of 10 files gave none" in done.stderr
    assert len((tmp_path / "out" / "skipped.csv").read_text().splitlines()) == 6


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["absent", "out"], "absent: no such folder"),
        (["empty", "out"], "empty: no audio files under it (.wav, .flac, .ogg, .mp3, .aif, .aiff)"),
        (["notes", "out", "--labels", "none.csv"], "none.csv: No such file or directory"),
        (["notes", "out", "--rate", "1"], "rate 1: give 4,000 to 96,000"),
        (["notes", "out", "--seconds", "99"], "seconds 99.0: give 0.1 to 30.0"),
        (["notes", "notes"], "notes: holds something else (60.wav); give a new folder"),
        (["silent", "out"], "no file gave sounds: 1 × is silent; out/skipped.csv tells all"),
    ],
)
def test_what_cannot_be_done_is_one_line(arguments, told, notes, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("empty", "silent"):
        (tmp_path / name).mkdir()
    soundfile.write(tmp_path / "silent" / "a.wav", np.zeros(900), 8000)
    done = run(*arguments, "--quiet")
    assert done.exit_code == 1
    assert done.output.startswith("musegan: ")
    assert done.output.count("\n") == 1
    assert told in done.output


def test_the_help_shows_how():
    done = run("--help")
    assert done.exit_code == 0
    assert "musegan prepare audio notes/ dataset/" in done.output
