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
    write_midi(little_song(1, bars=6), tmp_path / "song.mid")
    return tmp_path / "song.mid"


def infill(model: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["infill", "--model", str(model), *words])


def test_some_bars_of_some_tracks_are_remade(tiny_model: Path, song: Path) -> None:
    result = infill(tiny_model, "song.mid", "--bars", "2-3,5", "--tracks", "piano")
    assert result.exit_code == 0, result.output
    assert "wrote song-infilled.mid: new notes are" in result.output
    old, new = read_midi(song), read_midi(Path("song-infilled.mid"))
    changed = [a.name for a, b in zip(old.tracks, new.tracks, strict=True) if a != b]
    assert changed == ["piano"]
    others = [
        [row for row in music.tracks[2].notes.rows() if row[0] // BAR + 1 in (1, 4, 6)]
        for music in (old, new)
    ]
    assert others[0] == others[1]
    assert len(others[0]) == 9


def test_the_result_as_json(tiny_model: Path, song: Path) -> None:
    result = infill(
        tiny_model, "song.mid", "--bars", "2", "--seed", "5", "--out", "new.mid", "--json"
    )
    assert result.exit_code == 0, result.output
    (way,) = json.loads(result.stdout)["written"]
    assert way["files"] == ["new.mid"]
    assert way["seed"] == 5
    assert set(way["made"]) == {"drums", "bass", "piano", "lead"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--bars", "5-7"), "song.mid: no bar 7: the song has bars 1 to 6"),
        (("--bars", "8-5"), "no bars '8-5': bars are numbers and ranges"),
        (("--bars", "2", "--tracks", "kazoo"), "no part 'kazoo' (there are drums, bass"),
        (("--bars", "2", "--tracks", ""), "no tracks to remake"),
        (("--bars", "2", "--style", "polka"), "no style 'polka': tiny knows rock, pop"),
        (("--bars", "2", "--out", "song.mid"), "song.mid: would be overwritten"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_no_file(
    tiny_model: Path, song: Path, words: tuple[str, ...], said: str
) -> None:
    before = song.read_bytes()
    result = infill(tiny_model, "song.mid", *words)
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1
    assert said in result.output
    assert [path.name for path in Path().iterdir()] == ["song.mid"]
    assert song.read_bytes() == before


def test_bars_have_to_be_named(tiny_model: Path, song: Path) -> None:
    assert infill(tiny_model, "song.mid").exit_code == 2
