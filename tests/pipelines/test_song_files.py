from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from musegan.composing.completion import Completion
from musegan.errors import MuseganError
from musegan.midi import midi_bytes, read_midi, write_midi
from musegan.song import Multitrack
from pipelines.song_files import complete_song, plan_files, spliced
from tests.conftest import little_song


def shortened(song: Multitrack, seed: int) -> Completion:
    few, left_out = song.tracks[: seed + 1], range(seed + 1, len(song.tracks))
    return Completion(Multitrack(few), {"drums": seed}, ("a remark",), tuple(left_out))


def each_way(song: Multitrack) -> Callable[[int], Completion]:
    return partial(shortened, song)


def names(targets: list[list[Path]]) -> list[list[str]]:
    return [[path.name for path in paths] for paths in targets]


@pytest.mark.parametrize(
    ("out", "formats", "count", "expected"),
    [
        ("new.mid", None, 1, [["new.mid"]]),
        ("new.WAV", None, 1, [["new.WAV"]]),
        ("new.mid", None, 2, [["new-1.mid"], ["new-2.mid"]]),
        ("new.mid", ("png", "mid"), 1, [["new.mid", "new.png"]]),
        ("new", ("mid",), 1, [["new.mid"]]),
        ("v1.5", ("mid",), 1, [["v1.5.mid"]]),
    ],
)
def test_files_are_named_after_out(
    out: str, formats: tuple[str, ...] | None, count: int, expected: list[list[str]]
) -> None:
    assert names(plan_files(Path("song.mid"), Path(out), formats, count)) == expected


def test_many_are_numbered_in_the_order_of_names() -> None:
    found = names(plan_files(Path("song.mid"), Path("new.mid"), None, 10))
    assert found[0] == ["new-01.mid"]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("out", "formats", "said"),
    [
        ("new", None, "ends in none of mid, wav"),
        ("new.mp3", None, "ends in none of mid, wav"),
        ("new.mid", ("mp3",), "no format 'mp3'"),
        ("new.mid", (), "no format to write"),
        (".", None, "a folder; name a file"),
        ("song.mid", None, "song.mid: would be overwritten"),
        ("./song.png", ("png", "mid"), "song.mid: would be overwritten"),
        ("new.wav", ("flac",), "new.wav: ends in wav, but the format is to be flac; name it new.f"),
    ],
)
def test_files_that_cannot_be_are_errors(
    out: str, formats: tuple[str, ...] | None, said: str
) -> None:
    with pytest.raises(MuseganError, match=said):
        plan_files(Path("song.mid"), Path(out), formats, 1)


@pytest.mark.parametrize("threads", [1, 2])
def test_each_way_has_the_next_seed(tmp_path: Path, threads: int) -> None:
    source = tmp_path / "song.mid"
    write_midi(little_song(0), source)
    targets = [[tmp_path / "new" / f"{n}.mid"] for n in range(3)]
    told = list(complete_song(source, each_way, targets, 1, threads))
    assert [way.seed for way in told] == [1, 2, 3]
    assert [len(read_midi(way.files[0]).tracks) for way in told] == [2, 3, 4]
    assert told[2].made == {"drums": 3}
    assert told[0].remarks == ("a remark",)


def test_what_is_wrong_is_told_with_the_file_s_name(tmp_path: Path) -> None:
    def wrong(song: Multitrack, seed: int = 0) -> Completion:
        raise MuseganError("has no bar of 4/4")

    source = tmp_path / "song.mid"
    write_midi(little_song(0), source)
    for prepare in (wrong, lambda song: partial(wrong, song)):
        with pytest.raises(MuseganError, match=r"song\.mid: has no bar of 4/4"):
            list(complete_song(source, prepare, [[tmp_path / "new.mid"]], 0))
    assert [path.name for path in tmp_path.iterdir()] == ["song.mid"]


def test_all_but_the_notes_of_a_file_stays(tmp_path: Path) -> None:
    pedal, source = b"\x00\xb0\x40\x7f", tmp_path / "song.mid"
    write_midi(little_song(0, bars=1), source)
    data = source.read_bytes()
    at = data.index(b"\x00\xc0")  # before the bass's program
    start = data.rindex(b"MTrk", 0, at) + 8
    length = int.from_bytes(data[start - 4 : start], "big") + len(pedal)
    head = data[: start - 4] + length.to_bytes(4, "big")
    source.write_bytes(head + data[start:at] + pedal + data[at:])
    targets = [[tmp_path / "new.mid", tmp_path / "new.wav"]]
    list(complete_song(source, each_way, targets, 1))
    assert pedal in (tmp_path / "new.mid").read_bytes()
    assert len(read_midi(tmp_path / "new.mid").tracks) == 2
    assert (tmp_path / "new.wav").stat().st_size > 10_000


def test_a_song_that_is_not_that_of_the_file_is_written_anew() -> None:
    song = little_song(0)
    assert spliced(b"", song, Completion(song, {}, ())) == midi_bytes(song)
