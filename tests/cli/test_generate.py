import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from musegan.cli import main
from musegan.midi import read_midi
from musegan.song import Key, Meter
from tests.evaluation.datasets import write_dataset


def generate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["generate", *map(str, arguments)])


def record_of(folder: Path) -> dict[str, Any]:
    batch: dict[str, Any] = json.loads((folder / "manifest.json").read_text())["batch"]
    return batch


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_phrases_come_as_midi_of_the_tracks_and_tempo_asked_for(
    tiny_model: Path, tmp_path: Path
) -> None:
    wish = ("--tracks", "piano, bass", "--tempo", "96", "--seed", "7", "--style", "rock")
    result = generate(tiny_model, *wish, "--count", "3", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    for index in range(3):
        song = read_midi(tmp_path / f"phrase-0007-{index:06d}.mid")
        assert {track.name for track in song.tracks} <= {"bass", "piano"}
        assert song.note_count()
        assert round(song.tempos[0].bpm, 3) == 96
    made = json.loads((tmp_path / "manifest.json").read_text())["batch"]
    assert made["model"] == "tiny"
    assert made["tracks"] == ["bass", "piano"]
    assert (made["style"], made["seed"], made["count"]) == ("rock", 7, 3)


def test_every_format_is_written(tiny_model: Path, tmp_path: Path) -> None:
    formats = ("--format", "mid,wav,flac,ogg,png", "--workers", "1")
    result = generate(tiny_model, "--count", "1", *formats, "--out", tmp_path)
    assert result.exit_code == 0, result.output
    starts = {path.suffix: path.read_bytes()[:4] for path in tmp_path.glob("phrase-*")}
    assert starts == {
        ".mid": b"MThd",
        ".wav": b"RIFF",
        ".flac": b"fLaC",
        ".ogg": b"OggS",
        ".png": b"\x89PNG",
    }


def test_pictures_come_with_a_contact_sheet(tiny_model: Path, tmp_path: Path) -> None:
    options = ("--format", "png", "--workers", "1", "--out", tmp_path)
    assert generate(tiny_model, "--count", "2", *options).exit_code == 0
    sheet = tmp_path / "contact-sheet.png"
    first = sheet.read_bytes()
    assert first.startswith(b"\x89PNG")
    assert json.loads((tmp_path / "manifest.json").read_text())["others"] == {
        "contact-sheet.png": hashlib.sha256(first).hexdigest()
    }
    assert generate(tiny_model, "--count", "3", *options).exit_code == 0
    assert sheet.read_bytes() != first


def test_a_contact_sheet_of_others_is_not_replaced_unless_told(
    tiny_model: Path, tmp_path: Path
) -> None:
    options = ("--count", "2", "--format", "png", "--workers", "1", "--out", tmp_path)
    sheet = tmp_path / "contact-sheet.png"
    sheet.write_bytes(b"mine")
    result = generate(tiny_model, *options, "--quiet")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"musegan: {sheet}: is there already and would change; ")
    assert sheet.read_bytes() == b"mine"
    assert generate(tiny_model, *options, "--overwrite").exit_code == 0
    assert sheet.read_bytes().startswith(b"\x89PNG")


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(
    tiny_model: Path, tmp_path: Path
) -> None:
    for name, seed, workers in (("a", "1", "1"), ("b", "1", "2"), ("c", "2", "1")):
        options = ("--seed", seed, "--workers", workers, "--format", "mid,wav")
        generate(tiny_model, "--count", "2", *options, "--out", tmp_path / name)
    assert len(contents(tmp_path / "a")) == 5
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    first, other = (tmp_path / name / f"phrase-000{seed}-000000.mid" for name, seed in ("a1", "c2"))
    assert first.read_bytes() != other.read_bytes()


def test_a_style_has_its_tempo_and_any_has_the_mean(tiny_model: Path, tmp_path: Path) -> None:
    styles = {"rock": 140.0, "pop": 100.0, "rock:3,pop:1": 130.0, None: 120.0}
    for number, (style, tempo) in enumerate(styles.items()):
        asked = ("--style", style) if style else ()
        generate(tiny_model, "--count", "1", *asked, "--out", tmp_path / str(number))
        record = json.loads((tmp_path / str(number) / "manifest.json").read_text())
        assert record["batch"]["tempo"] == tempo


def test_a_key_is_played_and_written_as_the_key_signature(tiny_model: Path, tmp_path: Path) -> None:
    for name, expected in (("F#m", Key(0, 3, True)), ("Gm", Key(0, -2, True))):
        result = generate(tiny_model, "--count", "2", "--key", name, "--out", tmp_path / name)
        assert result.exit_code == 0, result.output
        for path in (tmp_path / name).glob("*.mid"):
            assert read_midi(path).keys == (expected,)
        assert record_of(tmp_path / name)["key"] == name
    assert generate(tiny_model, "--count", "1", "--out", tmp_path / "any").exit_code == 0
    assert read_midi(tmp_path / "any" / "phrase-0000-000000.mid").keys == ()


def test_every_wish_lands_in_the_manifest_and_a_batch_with_them_goes_on(
    tiny_model: Path, tmp_path: Path
) -> None:
    wish = ("--temperature", "0.8", "--key", "Em", "--best-of", "3", "--style", "rock:2,pop:1")
    for count in ("2", "5"):
        result = generate(tiny_model, *wish, "--count", count, "--out", tmp_path / "grown")
        assert result.exit_code == 0, result.output
    assert generate(tiny_model, *wish, "--count", "5", "--out", tmp_path / "whole").exit_code == 0
    assert contents(tmp_path / "grown") == contents(tmp_path / "whole")
    made = record_of(tmp_path / "grown")
    wanted = {"temperature": 0.8, "key": "Em", "best_of": 3, "style": "rock:2,pop:1"}
    assert {name: made[name] for name in wanted} == wanted
    assert (made["original"], made["tracks"]) == (None, None)
    other = generate(tiny_model, *wish, "--key", "G", "--count", "5", "--out", tmp_path / "grown")
    assert "holds a batch made with key Em, not G" in other.stderr


def test_pieces_have_a_form_and_an_ending(tiny_model: Path, tmp_path: Path) -> None:
    wish = ("--bars", "8", "--form", "aaba", "--key", "Em")
    for count in ("1", "2"):
        result = generate(tiny_model, *wish, "--count", count, "--out", tmp_path / "grown")
        assert result.exit_code == 0, result.output
    assert generate(tiny_model, *wish, "--count", "2", "--out", tmp_path / "whole").exit_code == 0
    assert contents(tmp_path / "grown") == contents(tmp_path / "whole")
    made = record_of(tmp_path / "grown")
    assert (made["bars"], made["form"]) == (8, "AABA")
    song = read_midi(tmp_path / "grown" / "phrase-0000-000000.mid")
    assert song.end > 6 * 4 * song.ticks_per_quarter
    assert song.keys == (Key(0, 1, True),)


@pytest.mark.parametrize(("meter", "bar", "tempo"), [((3, 4), 3, 120), ((6, 8), 3, 180)])
def test_phrases_come_in_another_meter(
    tiny_model: Path, tmp_path: Path, meter: tuple[int, int], bar: int, tempo: float
) -> None:
    name = f"{meter[0]}/{meter[1]}"
    result = generate(tiny_model, "--meter", name, "--bars", "8", "--seed", "2", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    made = record_of(tmp_path)
    assert (made["meter"], made["bars"], made["tempo"]) == (name, 8, tempo)
    for path in tmp_path.glob("*.mid"):
        song = read_midi(path)
        assert song.meters == (Meter(0, *meter),)
        assert 7 * bar < song.end / song.ticks_per_quarter <= 8 * bar


def test_phrases_are_original_beside_a_dataset(
    tiny_model: Path, midi_folder: Path, tmp_path: Path
) -> None:
    dataset = tmp_path / "dataset"
    cut = ("--bars", "2", "--valid", "0.3", "--quiet")
    made = CliRunner().invoke(main, ["prepare", "midi", str(midi_folder), str(dataset), *cut])
    assert made.exit_code in (0, 3), made.output
    result = generate(tiny_model, "--count", "2", "--original", dataset, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    about = (dataset / "dataset.json").read_bytes()
    assert record_of(tmp_path / "out")["original"] == hashlib.sha256(about).hexdigest()


def test_a_dataset_of_other_phrases_is_one_line(tiny_model: Path, tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "songs")
    result = generate(tiny_model, "--original", dataset, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr.startswith("musegan: tiny: its tracks (drums, bass, guitar,")
    assert result.stderr.count("\n") == 1


def test_a_killed_batch_goes_on_to_the_same_bytes(tiny_model: Path, tmp_path: Path) -> None:
    options = ("--count", "100", "--seed", "3", "--quiet")
    command = [Path(sys.executable).with_name("musegan"), "generate", tiny_model, *options]
    killed = tmp_path / "killed"
    with subprocess.Popen([*command, "--out", killed], stderr=subprocess.DEVNULL) as running:
        deadline = time.monotonic() + 60
        while not list(killed.glob("*-000005.mid")):
            assert running.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.kill(running.pid, signal.SIGKILL)
    assert not (killed / "manifest.json").exists()
    went_on = generate(tiny_model, *options, "--json", "--out", killed)
    told = json.loads(went_on.stdout)
    assert told["kept"] > 0
    assert told["made"] + told["kept"] == 100
    assert generate(tiny_model, *options, "--out", tmp_path / "whole").exit_code == 0
    assert contents(killed) == contents(tmp_path / "whole")


def test_json_tells_the_outcome_on_stdout(tiny_model: Path, tmp_path: Path) -> None:
    result = generate(tiny_model, "--count", "2", "--json", "--out", tmp_path)
    told = {"manifest": str(tmp_path / "manifest.json"), "made": 2, "kept": 0, "silent": 0}
    assert json.loads(result.stdout) == told


def test_quiet_says_nothing(tiny_model: Path, tmp_path: Path) -> None:
    result = generate(tiny_model, "--count", "2", "--quiet", "--out", tmp_path)
    assert result.exit_code == 0
    assert result.output == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--style", "polka"), "no style 'polka': tiny knows rock, pop"),
        (
            ("--tracks", "bass,kazoo"),
            "no track 'kazoo': the band ensemble has drums, bass, guitar, piano, strings, lead",
        ),
        (("--tracks", ","), "no tracks to play: there are drums, bass, guitar,"),
        (("--format", "mid,mp3"), "no format 'mp3': there are mid, wav, flac, ogg, png"),
        (("--format", ""), "no format to write: there are mid, wav, flac, ogg, png"),
        (("--device", "abacus"), "no device 'abacus' here"),
        (("--key", "H"), "no key 'H': a key is a letter from A to G, # or b if need be,"),
        (("--bars", "30", "--form", "AABA"), "30 bars cannot be divided in the 4 sections of AABA"),
        (("--meter", "waltz"), "'waltz' is not a meter such as 4/4 or 6/8"),
        (
            ("--meter", "7/8"),
            "no meter 7/8: the model knows 4/4, and can tell 2/4, 3/4, 6/8, 9/8, 12/8 in it",
        ),
        (
            ("--meter", "6/8", "--bars", "9"),
            "the model writes bars of this meter 2 at a time, so 9 cannot be; ask for 8 or 10",
        ),
        (("--form", "A1"), "no form 'A1': a form has a letter for each section"),
        (("--original", "nowhere"), "nowhere: not a dataset (no dataset.json)"),
    ],
)
def test_what_the_model_cannot_do_is_one_line_and_leaves_nothing(
    tiny_model: Path, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    result = generate(tiny_model, *options, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"musegan: {message}")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--count", "0"),
        ("--tempo", "0"),
        ("--seed", "-1"),
        ("--temperature", "-0.1"),
        ("--best-of", "0"),
    ],
)
def test_impossible_numbers_are_wrong_usage(tiny_model: Path, options: tuple[str, ...]) -> None:
    result = generate(tiny_model, *options)
    assert result.exit_code == 2
    assert f"Invalid value for '{options[0]}'" in result.stderr


def test_a_missing_model_is_one_line(tmp_path: Path) -> None:
    result = generate(tmp_path / "nowhere", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"musegan: {tmp_path / 'nowhere'}: no model here")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("file", ["model.json", "model.safetensors"])
@pytest.mark.parametrize("text", ["", "{}", "not a model", "[1]"])
def test_a_broken_model_is_one_line(tiny_model: Path, tmp_path: Path, file: str, text: str) -> None:
    shutil.copytree(tiny_model, tmp_path / "model")
    (tmp_path / "model" / file).write_text(text)
    result = generate(tmp_path / "model", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"musegan: {tmp_path / 'model' / file}: ")
    assert result.stderr.count("\n") == 1


def test_a_batch_with_other_settings_in_the_folder_is_one_line(
    tiny_model: Path, tmp_path: Path
) -> None:
    assert generate(tiny_model, "--count", "1", "--out", tmp_path).exit_code == 0
    result = generate(tiny_model, "--count", "1", "--seed", "1", "--out", tmp_path)
    assert result.exit_code == 1
    assert "holds a batch made with seed 0, not 1; name another --out" in result.stderr
    again = generate(tiny_model, "--count", "1", "--seed", "1", "--out", tmp_path, "--overwrite")
    assert again.exit_code == 0
    assert [path.name for path in tmp_path.glob("phrase-*")] == ["phrase-0001-000000.mid"]


def test_a_file_where_the_folder_should_be_is_one_line(tiny_model: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    result = generate(tiny_model, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr == f"musegan: {tmp_path / 'out'}: is a file; name a folder for the batch\n"


def test_generating_needs_nothing_that_only_training_installs(
    tiny_model: Path, tmp_path: Path
) -> None:
    program = (
        "import sys\n"
        "for absent in ('pyarrow', 'tensorboard', 'numba'): sys.modules[absent] = None\n"
        "from musegan.cli import main\n"
        "main()\n"
    )
    options = ("--count", "1", "--out", tmp_path, "--format", "mid,wav,png", "--workers", "1")
    command = [sys.executable, "-c", program, "generate", tiny_model, *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
