from pathlib import Path

import pytest

from musegan.errors import MuseganError
from musegan.midi import midi_bytes, playable_midi, read_midi
from musegan.song import Multitrack, Notes, Track

SONG = Multitrack(
    (Track(Notes.of([(0, 100, 60, 90), (700, 100, 62, 80)]), 5, name="a"), Track(Notes.of([]))), 480
)


def parts(data: bytes) -> list[bytes]:
    return data.split(b"MTrk")[1:]


def test_every_track_ends_at_the_tick_asked_for(tmp_path: Path) -> None:
    data = playable_midi(SONG, 1000)
    assert len(parts(data)) == 3
    assert parts(data)[1].endswith(b"\x81\x48\xff\x2f\x00")  # 200 ticks after 800
    assert parts(data)[2].endswith(b"\x87\x68\xff\x2f\x00")  # 1000 ticks after 0
    (tmp_path / "a.mid").write_bytes(data)
    assert read_midi(tmp_path / "a.mid").tracks[0].notes == SONG.tracks[0].notes


def test_what_comes_later_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(playable_midi(SONG, 500))
    assert read_midi(tmp_path / "a.mid").tracks[0].notes.rows() == [(0, 100, 60, 90)]


def test_a_file_keeps_its_controllers_under_running_status(tmp_path: Path) -> None:
    body = (
        b"\x00\xb0\x07\x50"
        + b"\x10\x40\x7f"
        + b"\x00\x90\x3c\x64"
        + b"\x60\x3c\x00"
        + b"\x00\xe0\x00\x20"
        + b"\x00\xff\x2f\x00"
    )
    head = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0"
    (tmp_path / "a.mid").write_bytes(head + b"MTrk" + len(body).to_bytes(4, "big") + body)
    played = parts(playable_midi(tmp_path / "a.mid", 200))[0]
    assert played[4:] == body[:-4] + b"\x58\xff\x2f\x00"


def test_a_song_and_its_file_are_played_alike(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(midi_bytes(SONG))
    assert playable_midi(tmp_path / "a.mid", 2000) == playable_midi(SONG, 2000)


def test_a_file_that_is_no_midi_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(b"hello")
    with pytest.raises(MuseganError, match=r"a\.mid: not a MIDI file"):
        playable_midi(tmp_path / "a.mid", 10)
