import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner, Result
from PIL import Image

from musegan.cli import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["plot", *map(str, arguments)])


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    wave = np.sin(np.arange(22_050) / 9)
    soundfile.write(tmp_path / "tone.flac", np.stack([wave, wave], axis=1) / 2, 22_050)
    return Path("tone.flac")


def test_a_sound_becomes_a_picture(sound: Path) -> None:
    done = run(sound)
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert done.stderr == "tone.png: 1.00 s of tone.flac\n"
    with Image.open("tone.png") as picture:
        assert picture.width > 1000


def test_a_high_rate_is_drawn_without_a_warning(sound: Path) -> None:
    done = run(sound, "--rate", 44_100)
    assert (done.exit_code, done.stderr) == (0, "tone.png: 1.00 s of tone.flac\n")


def test_options_reach_the_picture(sound: Path) -> None:
    done = run(sound, "--out", "x.png", "--seconds", 0.5, "--rate", 8000, "--json", "--quiet")
    assert json.loads(done.stdout) == {
        "sound": "tone.flac", "picture": "x.png", "seconds": 0.5, "rate": 8000,
    }  # fmt: skip
    assert done.stderr == ""
    assert Path("x.png").exists()


def test_a_picture_that_is_there_is_replaced_only_if_told(sound: Path) -> None:
    for _ in range(2):
        assert run(sound).exit_code == 0
    result = run(sound, "--rate", 8000)
    assert result.exit_code == 1
    assert result.stderr.startswith("musegan: tone.png: is there already and would change")
    assert run(sound, "--rate", 8000, "--overwrite").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["absent.wav"], "absent.wav: no such file"),
        (
            ["song.MID"],
            "song.MID: MIDI, not sound; draw it with `musegan inspect song.MID --png PICTURE`",
        ),
        (["text.wav"], "text.wav: not audio that can be read"),
        (["tone.flac", "--out", "no/such/x.png"], "no/such/x.png: cannot be written"),
    ],
)
def test_what_cannot_be_drawn_is_one_line(sound: Path, arguments: list[str], told: str) -> None:
    Path("text.wav").write_text("bread and butter")
    done = run(*arguments)
    assert done.exit_code == 1
    assert done.output.startswith(f"musegan: {told}")
    assert done.output.count("\n") == 1
