from pathlib import Path

import pytest

from musegan.errors import MuseganError
from musegan.midi import read, read_midi, read_songs
from musegan.song import Key, Meter, Multitrack, Notes, Tempo, Track
from tests.midi.files import NOTE, ROW, header, meta, rows, track
from tests.midi.files import read as read_bytes


def test_everything_a_song_holds_is_kept(tmp_path: Path) -> None:
    conductor = track(
        meta(0x03, b"A Song")
        + meta(0x51, (600_000).to_bytes(3, "big"))
        + meta(0x58, bytes((6, 3, 36, 8)))
        + meta(0x59, bytes((0xFD, 1)))
        + b"\x83\x60\xff\x51\x03\x07\xa1\x20"
        + b"\x00\xff\x58\x04\x04\x02\x18\x08"
        + b"\x00\xff\x59\x02\x02\x00",
    )
    strings = track(meta(0x03, "Bässe & Celli".encode()) + b"\x00\xc1\x30" + NOTE)
    flute = track(meta(0x03, b"Flute") + b"\x00\xc2\x49\x00\x92\x48\x40\x60\x82\x48\x40")
    song = read_bytes(header(1, 3) + conductor + strings + flute, tmp_path, "my song.mid")
    assert song == Multitrack(
        (
            Track(Notes.of([ROW]), 0, False, "Bässe & Celli"),
            Track(Notes.of([(0, 96, 72, 64)]), 73, False, "Flute"),
        ),
        480,
        (Tempo(0, 100.0), Tempo(480, 120.0)),
        (Meter(0, 6, 8), Meter(480, 4, 4)),
        (Key(0, -3, True), Key(480, 2, False)),
        "my song",
    )


def test_a_song_that_says_nothing_of_tempo_meter_and_key(tmp_path: Path) -> None:
    song = read_bytes(header() + track(), tmp_path)
    assert (song.tempos, song.meters, song.keys) == ((), (), ())


def test_format_0_is_split_by_channel_and_its_name_is_no_instrument_s(tmp_path: Path) -> None:
    events = (
        meta(0x03, b"Solo for Two")
        + b"\x00\xc0\x05\x00\xc1\x20"
        + b"\x00\x90\x3c\x50\x00\x91\x28\x51\x00\x99\x24\x52"
        + b"\x60\x80\x3c\x00\x00\x81\x28\x00\x00\x89\x24\x00"
    )
    song = read_bytes(header(0) + track(events), tmp_path)
    assert song.tracks == (
        Track(Notes.of([(0, 96, 60, 80)]), 5),
        Track(Notes.of([(0, 96, 40, 81)]), 32),
        Track(Notes.of([(0, 96, 36, 82)]), 0, is_drum=True),
    )


def test_format_0_with_one_instrument_keeps_its_name(tmp_path: Path) -> None:
    song = read_bytes(header(0) + track(meta(0x03, b"Piano\x00 ") + NOTE), tmp_path)
    assert [t.name for t in song.tracks] == ["Piano"]


def test_a_track_that_changes_its_program_becomes_two(tmp_path: Path) -> None:
    events = meta(0x03, b"Keys") + b"\x00\xc0\x04" + NOTE + b"\x00\xc0\x10" + NOTE
    song = read_bytes(header() + track(events), tmp_path)
    assert [(t.name, t.program) for t in song.tracks] == [("Keys", 4), ("Keys", 16)]


def test_drums_on_several_tracks_stay_several(tmp_path: Path) -> None:
    kick = track(meta(0x03, b"Kick") + b"\x00\x99\x24\x50\x60\x89\x24\x00")
    snare = track(meta(0x03, b"Snare") + b"\x00\x99\x26\x50\x60\x89\x26\x00")
    song = read_bytes(header(1, 2) + kick + snare, tmp_path)
    assert [(t.name, t.is_drum) for t in song.tracks] == [("Kick", True), ("Snare", True)]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        # running status, a release written as a strike of velocity 0
        (b"\x00\x90\x3c\x50\x60\x3c\x00\x00\x40\x51\x60\x40\x00", [ROW, (96, 96, 64, 81)]),
        # struck and released in one tick: one tick long
        (b"\x00\x90\x3c\x50\x00\x80\x3c\x00", [(0, 1, 60, 80)]),
        # two of one pitch at once: the first struck is the first released
        (
            b"\x00\x90\x3c\x50\x60\x90\x3c\x51\x60\x80\x3c\x00\x60\x80\x3c\x00",
            [(0, 192, 60, 80), (96, 192, 60, 81)],
        ),
        # never released, and released without being struck: not there
        (b"\x00\x90\x40\x50\x00\x80\x30\x00" + NOTE, [ROW]),
        # a rest of five and a half million ticks
        (b"\x82\xd0\x80\x00" + NOTE[1:], [(5_505_024, 96, 60, 80)]),
    ],
)
def test_notes(events: bytes, expected: list[tuple[int, int, int, int]], tmp_path: Path) -> None:
    assert rows(read_bytes(header() + track(events), tmp_path)) == [expected]


def test_a_track_without_an_end_mark(tmp_path: Path) -> None:
    assert rows(read_bytes(header() + track(end=b""), tmp_path)) == [[ROW]]


@pytest.mark.parametrize(
    ("events", "kept"),
    [
        (meta(0x59, b"\x09\x00"), ()),  # nine sharps
        (meta(0x59, b"\x01\x05"), ()),  # neither major nor minor
        (meta(0x59, b"\xf9\x01"), (Key(0, -7, True),)),
        (meta(0x59, b"\x07\x00"), (Key(0, 7, False),)),
    ],
)
def test_keys_that_do_not_exist_are_left_out(
    events: bytes, kept: tuple[Key, ...], tmp_path: Path
) -> None:
    assert read_bytes(header() + track(events + NOTE), tmp_path).keys == kept


@pytest.mark.parametrize("meter", [b"\x00\x02\x18\x08", b"\x04\xc8\x18\x08"])
def test_meters_that_do_not_exist_are_left_out(meter: bytes, tmp_path: Path) -> None:
    assert read_bytes(header() + track(meta(0x58, meter) + NOTE), tmp_path).meters == ()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"an empty file \(0 bytes\); fetch or export it again"),
        (b"ID3 this is an mp3" * 99, r"not a MIDI file \(it has no MThd header\); give a \.mid"),
        (header()[:9], "cut off within its header"),
        (header(), "cut off before its first track"),
        (header() + track(NOTE * 20)[:99], "cut off or damaged in track 1"),
        (header(1, 2) + track() + track(NOTE * 20)[:-60], "cut off or damaged in track 2"),
        (header() + track(b"\x00\x3c\x50" + NOTE), "cut off or damaged in track 1"),
        (header() + track(b""), "holds no notes that begin and end, only titles, tempos or"),
        (header() + track(meta(0x03, b"Title") + meta(0x51, b"\x07\xa1\x20")), "holds no notes"),
        (header() + track(b"\x00\xb0\x07\x64"), "holds no notes"),
        (header(2) + track(), "a type 2 MIDI file, whose tracks are separate pieces"),
        (header(1, 1, 0xE728) + track(), r"its time is SMPTE \(25 frames a second\), not beats"),
        (header(1, 1, 0) + track(), "says 0 ticks per quarter note"),
        (header() + track(meta(0x51, b"\x00\x00\x00") + NOTE), "a tempo of inf quarter notes"),
        (
            header() + track(meta(0x51, b"\x00\x00\x01") + NOTE),
            r"a tempo of 6e\+07 quarter notes a minute at tick 0; they must lie in 4 to 2,000",
        ),
        (header() + track(meta(0x51, b"\xff\xff\xff") + NOTE), "a tempo of 3.576 quarter notes"),
        (
            header() + track(b"\xff\xff\xff\x7f" + NOTE[1:]),
            r"559,241 quarter notes long, the limit is 100,000",
        ),
        (
            header() + track((b"\xff\xff\xff\x7f" + NOTE[1:]) * 9),
            "5,033,167 quarter notes long, the limit is 100,000; a note or a rest in it is broken",
        ),
        (
            header(division=32767) + track(NOTE * 9 + (b"\xff\xff\xff\x7f" + NOTE[1:]) * 9),
            "73,730 quarter notes long, the limit is 65,538; a note or a rest in it is broken",
        ),
        (
            header() + track(NOTE * 99 + b"\xff\xff\xff\x7f" + NOTE[1:]),
            "559,261 quarter notes long, the limit is 100,000; track 1 plays C4 in bar 139,816",
        ),
        (header() + track(end=b"") * 4097, "has more than 4,096 tracks; split it"),
    ],
)
def test_errors_name_the_file_what_is_wrong_and_what_to_do(
    data: bytes, message: str, tmp_path: Path
) -> None:
    with pytest.raises(MuseganError, match=rf"my song\.mid: {message}") as caught:
        read_bytes(data, tmp_path, "my song.mid")
    assert "\n" not in str(caught.value)


def test_more_notes_than_a_song_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_NOTES", 3)
    read_bytes(header() + track(NOTE * 3), tmp_path)
    with pytest.raises(MuseganError, match=r"holds 4 notes, the limit is 3; split it"):
        read_bytes(header() + track(NOTE * 4), tmp_path)


def test_more_bytes_than_a_song_has_are_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.mid"
    with path.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(MuseganError, match=r"huge\.mid: 1048576 MiB, more than a song needs"):
        read_midi(path)


def test_places_where_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(MuseganError, match=r"gone\.mid: no such file; check the name"):
        read_midi(tmp_path / "gone.mid")
    with pytest.raises(MuseganError, match=r"a folder, where a MIDI file is meant"):
        read_midi(tmp_path)
    (tmp_path / "file.mid").write_bytes(b"x")
    with pytest.raises(MuseganError, match=r"cannot be read \(Not a directory\)"):
        read_midi(tmp_path / "file.mid" / "song.mid")


def test_a_device_is_no_song() -> None:
    with pytest.raises(MuseganError, match=r"/dev/zero: not a regular file"):
        read_midi(Path("/dev/zero"))


def test_a_file_one_may_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "secret.mid").write_bytes(header() + track())
    monkeypatch.setattr(Path, "read_bytes", refuse)  # rights mean nothing to root
    with pytest.raises(MuseganError, match=r"secret\.mid: no permission to read it"):
        read_midi(tmp_path / "secret.mid")


def test_of_several_files_each_gives_its_song_or_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(header() + track())
    (tmp_path / "b.mid").write_bytes(b"no music")
    (tmp_path / "c.mid").write_bytes(header() + track(b"\x00\x90\xc8\x50\x60\x80\xc8\x00"))
    sound, broken, mended, gone = read_songs([tmp_path / f"{name}.mid" for name in "abcd"])
    assert sound == read_midi(tmp_path / "a.mid")
    assert broken == "not a MIDI file (it has no MThd header); give a .mid file"
    assert mended == read_midi(tmp_path / "c.mid")
    assert gone == "no such file; check the name"
    assert read_songs([]) == []
