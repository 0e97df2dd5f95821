import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from musegan.cli import main
from musegan.instruments import to_multitrack
from musegan.midi import write_midi
from tests.evaluation.datasets import FOUR, full_phrases, write_dataset
from tests.evaluation.hands import TRIO


@pytest.fixture(scope="module")
def songs(tmp_path_factory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "songs")


@pytest.fixture
def midi(tmp_path) -> Path:
    folder = tmp_path / "made"
    (folder / "deeper").mkdir(parents=True)
    phrases = full_phrases(12, seed=3)
    for number in range(len(phrases)):
        name = f"{number:02d}.mid" if number % 2 else f"deeper/{number:02d}.MIDI"
        write_midi(to_multitrack(phrases, number, TRIO), folder / name)
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


def test_a_folder_of_midi_prints_figures_beside_their_floor(songs, midi):
    done = run(midi, "--against", songs)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0].startswith("12 phrases of made beside valid + test songs of songs.")
    assert lines[1].split() == ["figure", "made", "floor", "aim"]
    assert lines[2].startswith("mean standardised difference")
    assert len({len(line) for line in lines[1:]}) == 1


def test_a_dataset_is_judged_as_json(songs, tmp_path):
    done = run(songs, "--against", songs, "--split", "train", "--count", 10, "--json")
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["splits"] == ["train"]
    assert data["phrases"] == {"made": 10, "floor": 10, "reference": 48}
    assert data["aaai18"] is None


def test_a_report_is_written_with_the_papers_table(songs, midi, tmp_path):
    where = ("--out", tmp_path / "out")
    done = run(midi, "--against", songs, *where, "--samples", 1, "--paper", "--quiet")
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    written = {file.name for file in (tmp_path / "out").iterdir() if file.is_file()}
    assert written == {"report.md", "report.html", "report.json"}
    samples = {file.name for file in (tmp_path / "out" / "samples").iterdir()}
    assert samples == {"00.mid", "00.png", "00.ogg"}
    assert "AAAI-18" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")


def test_another_report_is_not_replaced_unless_told(songs, midi, tmp_path):
    words = (midi, "--against", songs, "--out", tmp_path / "out", "--samples", 1)
    report = tmp_path / "out" / "report.json"
    assert [run(*words).exit_code for _ in range(2)] == [0, 0]
    before = report.read_bytes()
    done = run(*words, "--count", 6)
    assert done.exit_code == 1
    assert done.stdout.startswith("6 phrases of made beside")
    assert "is there already and would change; write elsewhere, or replace it" in done.stderr
    assert report.read_bytes() == before
    mine = tmp_path / "out" / "samples" / "mine.mid"
    mine.write_text("")
    done = run(*words, "--count", 6, "--overwrite", "--samples", 0)
    assert done.exit_code == 0
    assert list(mine.parent.iterdir()) == [mine]
    assert f"wrote {report}" in done.stderr
    assert json.loads(report.read_text(encoding="utf-8"))["phrases"]["made"] == 6


def test_useless_files_are_left_out_and_told(songs, midi):
    (midi / "text.mid").write_text("no music")
    done = run(midi, "--against", songs)
    assert done.exit_code == 3
    assert f"left out {midi / 'text.mid'}: not a MIDI file" in done.stderr
    assert "12 phrases" in done.stdout


def test_a_model_composes_what_is_judged(songs, monkeypatch, tmp_path):
    asked = []

    class Spec:
        ensemble, grid, bars = TRIO, FOUR, 2

    class Model:
        spec, folder = Spec, Path("models/trio")

    def load_model(path, device):
        asked.append((path, device))
        return Model()

    def generate(model, count, *, seed):
        made = full_phrases(count, seed)
        yield made.select(np.arange(5))
        yield made.select(np.arange(5, count))

    monkeypatch.setattr("pipelines.judged_phrases.load_model", load_model)
    monkeypatch.setattr("pipelines.judged_phrases.generate", generate)
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "model.json").write_text("{}")
    done = run(folder, "--against", songs, "--count", 14, "--seed", 3)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("14 phrases of mine beside")
    done = run("--against", songs, "--count", 6, "--device", "auto")
    assert done.stdout.startswith("6 phrases of the model that ships beside")
    assert asked == [(folder, "cpu"), (None, "auto")]
    Spec.bars = 4
    done = run(folder, "--against", songs)
    assert done.exit_code == 1
    assert "models/trio: its bars a phrase (4) are not those of songs (2)" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["made"], 2, "Missing option '--against'"),
        (["made", "--against", "nowhere"], 1, "nowhere: not a dataset"),
        (["nowhere", "--against", "SONGS"], 1, "nowhere: no such folder"),
        (["EMPTY", "--against", "SONGS"], 1, "neither a model, a dataset nor a folder of MIDI"),
        (["made", "--against", "SONGS", "--split", "all"], 2, "'all' is not one of"),
        (["made", "--against", "SONGS", "--count", "1"], 2, "1 is not in the range"),
    ],
)
def test_mistakes_get_one_line(arguments, code, message, songs, tmp_path):
    places = {"SONGS": str(songs), "EMPTY": str(tmp_path)}
    done = run(*[places.get(argument, argument) for argument in arguments])
    assert done.exit_code == code
    assert message in done.stderr
    assert "Traceback" not in done.output


def test_help_has_examples():
    assert "musegan evaluate --against data/band" in run("--help").stdout
