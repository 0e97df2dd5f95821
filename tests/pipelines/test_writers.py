from pathlib import Path

import pytest

from musegan.errors import MuseganError
from musegan.song import Multitrack, Notes, Track
from pipelines.writers import FORMATS, beside, check_ending, check_formats, choose_writers

SONG = Multitrack((Track(Notes.of([(0, 240, 60, 90)]), name="piano"),), 480)
BEGINS = {"mid": b"MThd", "wav": b"RIFF", "flac": b"fLaC", "ogg": b"OggS", "png": b"\x89PNG"}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_written_as_what_it_is_called(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"song.{name}"
    choose_writers([name])[name](SONG, path)
    assert path.read_bytes().startswith(BEGINS[name])


def test_formats_come_in_the_order_of_those_known_and_once() -> None:
    assert list(choose_writers(["png", "mid", "png"])) == ["mid", "png"]
    assert check_formats(iter(["c", "a", "c"]), "abc") == ("a", "c")


def test_what_cannot_be_written_is_told_with_what_can() -> None:
    with pytest.raises(MuseganError, match=r"^no format 'x': there are a, b$"):
        check_formats(["b", "x"], "ab")
    with pytest.raises(MuseganError, match=r"^no format to write: there are a, b$"):
        check_formats([], "ab")


def test_an_ending_is_known_in_any_case() -> None:
    assert check_ending(Path("take.2.OGG"), FORMATS) == "ogg"
    for name in ("take.mp3", "take"):
        with pytest.raises(MuseganError, match=rf"^{name}: ends in none of mid, .*be written$"):
            check_ending(Path(name), FORMATS)


@pytest.mark.parametrize(
    ("out", "formats", "files"),
    [
        ("take.WAV", None, ["take.WAV"]),
        ("take.WAV", ["png", "wav"], ["take.WAV", "take.png"]),
        ("take", ["wav"], ["take.wav"]),
        ("take.2", ["wav", "mid"], ["take.2.mid", "take.2.wav"]),
    ],
)
def test_files_lie_beside_each_other(out: str, formats: list[str] | None, files: list[str]) -> None:
    assert beside(Path("in") / out, formats, FORMATS) == tuple(Path("in") / name for name in files)


@pytest.mark.parametrize(
    ("out", "formats", "said"),
    [
        (
            "x.wav",
            ["png", "flac"],
            "ends in wav, but the format is to be flac, png; name it x.flac",
        ),
        ("x", None, "ends in none of mid, wav"),
        ("x.mid", ["mp3"], "no format 'mp3'"),
        ("x.mid", [], "no format to write"),
    ],
)
def test_an_ending_and_formats_that_do_not_agree_are_told(
    out: str, formats: list[str] | None, said: str
) -> None:
    with pytest.raises(MuseganError, match=said):
        beside(Path(out), formats, FORMATS)
