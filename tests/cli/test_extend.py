import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from musegan.cli import main
from musegan.midi import read_midi, write_midi
from tests.conftest import TICKS, little_song

BAR = 4 * TICKS


@pytest.fixture(name="song")
def song_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_midi(little_song(1, bars=2), tmp_path / "song.mid")
    return tmp_path / "song.mid"


def extend(model: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["extend", "--model", str(model), *words])


def test_a_song_is_carried_on_in_a_form(tiny_model: Path, song: Path) -> None:
    wish = ("--bars", "8", "--form", "aaba", "--format", "mid,png")
    result = extend(tiny_model, "song.mid", *wish)
    assert result.exit_code == 0, result.output
    assert "wrote song-extended.mid, song-extended.png: new notes are" in result.output
    old, new = read_midi(song), read_midi(Path("song-extended.mid"))
    assert new.end > 4 * BAR
    assert new.end <= 8 * BAR
    assert new.tempos == old.tempos
    for before, after in zip(old.tracks, new.tracks, strict=True):
        assert after.notes.rows()[: len(before.notes)] == before.notes.rows()


def test_several_ways_as_json(tiny_model: Path, song: Path) -> None:
    wish = ("--bars", "4", "--count", "2", "--seed", "3", "--out", "ways", "--json")
    result = extend(tiny_model, "song.mid", *wish)
    assert result.exit_code == 0, result.output
    ways = json.loads(result.stdout)["written"]
    assert [way["seed"] for way in ways] == [3, 4]
    one, other = (Path(way["files"][0]).read_bytes() for way in ways)
    assert one != other


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--bars", "2"), "song.mid: has 2 bars already; ask for more than those"),
        (("--bars", "9", "--form", "AB"), "song.mid: 9 bars cannot be divided in the 2 sections"),
        (("--bars", "8", "--form", "A2"), "song.mid: no form 'A2'"),
        (("--bars", "8", "--style", "polka"), "song.mid: no style 'polka': tiny knows rock, pop"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    tiny_model: Path, song: Path, words: tuple[str, ...], said: str
) -> None:
    result = extend(tiny_model, "song.mid", *words)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"musegan: {said}")
    assert result.stderr.count("\n") == 1
    assert [path.name for path in song.parent.iterdir()] == ["song.mid"]


@pytest.mark.parametrize("words", [(), ("--bars", "0"), ("--bars", "x")])
def test_bars_are_needed(tiny_model: Path, song: Path, words: tuple[str, ...]) -> None:
    result = extend(tiny_model, "song.mid", *words)
    assert result.exit_code == 2
    assert "--bars" in result.stderr
