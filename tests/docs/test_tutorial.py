"""The tutorial's commands, run as they are written but for their size."""

import re
import shlex
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from musegan.cli import VERBS, main
from musegan.cli.common import EXIT_INCOMPLETE
from musegan.composing.inversion import invert
from musegan.training.calibration.levels import calibrate
from tests.pipelines.recordings import write_recordings

DOCS = Path(__file__).resolve().parents[2] / "docs"

# what takes an evening at its real size
SMALLER = {
    "train dataset --out run": "train dataset --out run --steps 2 --batch 2",
    "--steps 5000": "--steps 2 --batch 2",
    "--count 16": "--count 2",
    "evaluate run": "evaluate run --count 8 --samples 1",
    "--budget 30m": "--budget 1steps --count 10",
}


def commands() -> list[str]:
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


def smaller(command: str) -> str:
    for large, small in SMALLER.items():
        command = command.replace(large, small)
    return command


def test_every_verb_is_in_the_tutorial() -> None:
    assert {shlex.split(command)[1] for command in commands()} == set(VERBS)


def test_every_replacement_is_of_use() -> None:
    text = "\n".join(commands())
    assert [large for large in SMALLER if large not in text] == []


def test_the_tutorial_leads_from_a_folder_to_music(
    midi_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("musegan.composing.study.invert", partial(invert, steps=2))
    monkeypatch.setattr("musegan.training.phrase_task.calibrate", partial(calibrate, samples=4))
    Path("songs").symlink_to(midi_folder)
    write_recordings(Path("notes"), pitches=12)
    for command in commands():
        words = shlex.split(smaller(command))
        assert words[0] == "musegan"
        result = CliRunner().invoke(main, words[1:])
        # one of the songs is none, and a model of three steps may well stay silent
        assert result.exit_code in (0, EXIT_INCOMPLETE), f"{command}\n{result.output}"
    for made in (
        "dataset/dataset.json",
        "dataset/skipped.csv",
        "run/logs",
        "run/model/model.json",
        "music/contact-sheet.png",
        "music/manifest.json",
        "groove/manifest.json",
        "blend/manifest.json",
        "choice/manifest.json",
        "own/manifest.json",
        "variations/song-1-varied-2.mid",
        "bridge/step-4.mid",
        "pieces/manifest.json",
        "longer.mid",
        "judged/report.html",
        "flute.png",
        "sounds/dataset.json",
        "timbres/model/model.json",
        "cello.png",
        "trumpet.wav",
        "sampler/cello.sfz",
    ):
        assert Path(made).exists(), made
