import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from musegan.cli import main
from musegan.midi import read_midi, write_midi
from musegan.song import Meter
from tests.conftest import little_song


@pytest.fixture(name="song")
def song_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_midi(little_song(1, bars=5), tmp_path / "song.mid")
    return tmp_path / "song.mid"


def accompany(model: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["accompany", "--model", str(model), *words])


def test_a_song_gets_the_tracks_it_lacks(tiny_model: Path, song: Path) -> None:
    result = accompany(tiny_model, "song.mid", "--keep", "lead,drums", "--make", "bass, strings")
    assert result.exit_code == 0, result.output
    old, new = read_midi(song), read_midi(Path("song-accompanied.mid"))
    assert new.tracks[:2] == (old.tracks[0], old.tracks[3])
    assert {track.name for track in new.tracks[2:]} <= {"bass", "strings"}
    assert "wrote song-accompanied.mid: new notes are" in result.output
    assert "left out track 'piano' (the song's piano)" in result.output


def test_ways_and_formats_are_files_of_their_own(tiny_model: Path, song: Path) -> None:
    words = ("--count", "2", "--seed", "3", "--format", "mid,png", "--out", "new/idea.mid")
    result = accompany(tiny_model, str(song), "--keep", "1=lead", *words, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert [way["seed"] for way in told["written"]] == [3, 4]
    files = [Path(file) for way in told["written"] for file in way["files"]]
    assert [f.name for f in files] == ["idea-1.mid", "idea-1.png", "idea-2.mid", "idea-2.png"]
    assert all(file.stat().st_size for file in files)
    again = accompany(tiny_model, str(song), "--keep", "1=lead", "--seed", "4", "--out", "b.mid")
    assert again.exit_code == 0
    assert read_midi(Path("b.mid")).tracks == read_midi(files[2]).tracks


def test_quiet_is_quiet(tiny_model: Path, song: Path) -> None:
    assert accompany(tiny_model, "song.mid", "--quiet").output == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("song.mid", "--keep", ""), "song.mid: no tracks to keep: the song has 1 'drums' (drums)"),
        (("song.mid", "--keep", "strings"), "song.mid: no strings to keep"),
        (("song.mid", "--keep", "kazoo"), "no part 'kazoo' (there are drums, bass, guitar,"),
        (("song.mid", "--make", "kazoo"), "no track 'kazoo': the band ensemble has drums, bass,"),
        (("song.mid", "--style", "polka"), "no style 'polka': tiny knows rock, pop"),
        (("song.mid", "--out", "song.mid"), "song.mid: would be overwritten"),
        (("song.mid", "--format", "mp3"), "no format 'mp3'"),
        (("song.mid", "--key", "H"), "no key 'H'"),
        (("song.mid", "--ensemble", "quartet"), "no ensemble 'quartet'"),
        (("five.mid",), "five.mid: has no bar of 4/4"),
        (("kettle.mid",), "kettle.mid: none of its tracks plays drums or bass"),
        (("empty.mid",), "empty.mid: an empty file"),
        (("text.mid",), "text.mid: not a MIDI file"),
        (("gone.mid",), "gone.mid: no such file"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_no_file(
    tiny_model: Path, song: Path, words: tuple[str, ...], said: str
) -> None:
    music = read_midi(song)
    write_midi(replace(music, meters=(Meter(0, 5, 4),)), Path("five.mid"))
    write_midi(
        replace(music, tracks=(replace(music.tracks[1], program=47, name="kettle"),)),
        Path("kettle.mid"),
    )
    Path("empty.mid").touch()
    Path("text.mid").write_text("buy milk")
    before = {path.name: path.read_bytes() for path in Path().iterdir()}
    result = accompany(tiny_model, *words)
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1
    assert said in result.output
    assert {path.name: path.read_bytes() for path in Path().iterdir()} == before
