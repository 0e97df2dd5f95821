import json
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from musegan.cli import main
from musegan.composing.inversion import invert
from musegan.midi import read_midi, write_midi
from tests.conftest import little_song


@pytest.fixture(autouse=True)
def two_songs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("musegan.composing.study.invert", partial(invert, steps=2))
    write_midi(little_song(1, bars=2), Path("a.mid"))
    write_midi(little_song(2, bars=2), Path("b.mid"))
    write_midi(little_song(3, bars=4), Path("long.mid"))


def interpolate(model: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["interpolate", "--model", str(model), *words])


def test_steps_lead_from_one_file_to_the_other(tiny_model: Path) -> None:
    wish = ("a.mid", "b.mid", "--steps", "4", "--out", "way", "--format", "mid,png", "--json")
    result = interpolate(tiny_model, *wish)
    assert result.exit_code == 0, result.output
    written = [[f"way/step-{n}.mid", f"way/step-{n}.png"] for n in range(1, 5)]
    assert json.loads(result.stdout)["written"] == written
    assert Path("way/step-1.mid").read_bytes() == Path("a.mid").read_bytes()
    assert Path("way/step-4.mid").read_bytes() == Path("b.mid").read_bytes()
    tempos = [read_midi(Path(f"way/step-{n}.mid")).tempos[0].bpm for n in range(1, 5)]
    assert tempos == sorted(tempos)
    assert len(set(tempos)) == 4
    assert all(Path(f"way/step-{n}.png").read_bytes()[:4] == b"\x89PNG" for n in range(1, 5))


def test_the_same_seed_leads_the_same_way(tiny_model: Path) -> None:
    for out, seed in (("one", "1"), ("same", "1"), ("other", "2")):
        wish = ("--steps", "5", "--seed", seed, "--out", out, "--quiet")
        assert interpolate(tiny_model, "a.mid", "b.mid", *wish).output == ""
    one, same, other = (Path(out, "step-2.mid").read_bytes() for out in ("one", "same", "other"))
    assert one == same
    assert one != other


def test_a_song_may_rest_in_its_last_bar(tiny_model: Path) -> None:
    write_midi(little_song(4, bars=1), Path("resting.mid"))
    result = interpolate(tiny_model, "resting.mid", "b.mid", "--steps", "5", "--out", "way")
    assert result.exit_code == 0, result.output
    assert Path("way/step-1.mid").read_bytes() == Path("resting.mid").read_bytes()
    assert Path("way/step-5.mid").read_bytes() == Path("b.mid").read_bytes()


def test_steps_that_are_there_are_replaced_only_if_told(tiny_model: Path) -> None:
    assert interpolate(tiny_model, "a.mid", "b.mid", "--steps", "4").exit_code == 0
    made = {path: path.read_bytes() for path in Path("interpolated").iterdir()}
    assert interpolate(tiny_model, "a.mid", "b.mid", "--steps", "4").exit_code == 0
    result = interpolate(tiny_model, "b.mid", "a.mid", "--steps", "4")
    assert result.exit_code == 1
    assert result.stderr.startswith("musegan: interpolated/step-1.mid: is there already")
    assert {path: path.read_bytes() for path in Path("interpolated").iterdir()} == made
    assert interpolate(tiny_model, "b.mid", "a.mid", "--steps", "4", "--overwrite").exit_code == 0
    assert Path("interpolated/step-1.mid").read_bytes() == Path("b.mid").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a.mid", "long.mid"), "a.mid, long.mid: they have 2 and 4 bars; give two of one length"),
        (("a.mid", "none.mid"), "none.mid: no such file"),
        (("a.mid", "b.mid", "--out", "a.mid"), "a.mid: is a file; name a folder for the steps"),
        (("a.mid", "b.mid", "--format", "mp3"), "no format 'mp3'"),
        (("a.mid", "b.mid", "--style", "polka"), "a.mid: no style 'polka': tiny knows rock, pop"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    tiny_model: Path, words: tuple[str, ...], said: str
) -> None:
    result = interpolate(tiny_model, *words)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"musegan: {said}")
    assert result.stderr.count("\n") == 1
    assert sorted(path.name for path in Path().iterdir()) == ["a.mid", "b.mid", "long.mid"]


def test_songs_that_are_not_as_long_are_not_learnt_first(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.interpolation.study", None)
    result = interpolate(tiny_model, "a.mid", "long.mid")
    assert "they have 2 and 4 bars" in result.stderr


def test_one_step_is_wrong_usage(tiny_model: Path) -> None:
    result = interpolate(tiny_model, "a.mid", "b.mid", "--steps", "1")
    assert result.exit_code == 2
