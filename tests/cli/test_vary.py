import json
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from musegan.cli import main
from musegan.composing.inversion import invert
from musegan.midi import read_midi, write_midi
from musegan.song import Meter, Multitrack
from tests.conftest import TICKS, little_song


@pytest.fixture(name="song")
def song_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Multitrack:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("musegan.composing.study.invert", partial(invert, steps=2))
    write_midi(little_song(1, bars=2), tmp_path / "song.mid")
    return read_midi(tmp_path / "song.mid")


def vary(model: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["vary", "--model", str(model), *words])


def test_variations_come_in_a_folder(tiny_model: Path, song: Multitrack) -> None:
    wish = ("song.mid", "--count", "3", "--out", "far", "--amount", "0.5", "--format", "mid,png")
    result = vary(tiny_model, *wish)
    assert result.exit_code == 0, result.output
    assert "wrote far/song-varied-1.mid, far/song-varied-1.png: new notes are" in result.output
    varied = [read_midi(Path(f"far/song-varied-{number}.mid")) for number in (1, 2, 3)]
    assert all(each.tempos == song.tempos for each in varied)
    assert len({repr(each) for each in [song, *varied]}) == 4
    kept = [row for each in varied for row in each.tracks[2].notes.rows()]
    assert set(kept) & set(song.tracks[2].notes.rows())


def test_nothing_varied_is_the_song(tiny_model: Path, song: Multitrack) -> None:
    result = vary(tiny_model, "song.mid", "--amount", "0")
    assert result.exit_code == 0, result.output
    assert "wrote song-varied.mid: no new notes" in result.output
    assert read_midi(Path("song-varied.mid")).tracks == song.tracks


def test_only_the_tracks_asked_for_vary(tiny_model: Path, song: Multitrack) -> None:
    wish = ("--amount", "1", "--tracks", "piano,bass", "--seed", "2", "--out", "new.mid", "--json")
    result = vary(tiny_model, "song.mid", *wish)
    assert result.exit_code == 0, result.output
    (way,) = json.loads(result.stdout)["written"]
    assert (way["seed"], way["files"]) == (2, ["new.mid"])
    new = {track.name: track for track in read_midi(Path("new.mid")).tracks}
    same = [track.name for track in song.tracks if new.get(track.name) == track]
    assert same == ["drums", "lead"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--tracks", "kazoo"), "song.mid: no part 'kazoo' (there are drums, bass"),
        (("--style", "polka"), "song.mid: no style 'polka': tiny knows rock, pop"),
        (("--key", "H"), "no key 'H'"),
        (("--out", "song.mid"), "song.mid: would be overwritten"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    tiny_model: Path, song: Multitrack, words: tuple[str, ...], said: str
) -> None:
    result = vary(tiny_model, "song.mid", *words)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"musegan: {said}")
    assert result.stderr.count("\n") == 1
    assert [path.name for path in Path().iterdir()] == ["song.mid"]


def test_a_song_the_model_cannot_know_is_one_line(tiny_model: Path, song: Multitrack) -> None:
    five = Multitrack(song.tracks, song.ticks_per_quarter, (), (Meter(0, 5, 4),))
    write_midi(five, Path("five.mid"))
    Path("empty.mid").write_bytes(b"")
    write_midi(Multitrack(song.tracks[:0], TICKS), Path("silent.mid"))
    for name, said in (
        ("five.mid", "five.mid: has no bar of 4/4, the one meter that the model knows"),
        ("empty.mid", "empty.mid: an empty file"),
        ("silent.mid", "silent.mid: "),
        ("nowhere.mid", "nowhere.mid: no such file"),
    ):
        result = vary(tiny_model, name)
        assert result.exit_code == 1
        assert result.stderr.startswith(f"musegan: {said}")
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("amount", ["-0.1", "1.1", "x"])
def test_an_impossible_amount_is_wrong_usage(tiny_model: Path, amount: str) -> None:
    result = vary(tiny_model, "song.mid", "--amount", amount)
    assert result.exit_code == 2
    assert "Invalid value for '--amount'" in result.stderr
