from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musegan.errors import MuseganError
from musegan.midi import midi_bytes
from musegan.midi.splicing import splice_midi
from musegan.song import Multitrack, Notes, Tempo, Track
from tests.midi.files import NOTE, ROW, header, meta, read, track
from tests.midi.songs import ROWS, songs

PEDAL, BEND, LYRIC, SYSEX = (
    b"\x00\xb0\x40\x7f",
    b"\x05\xe0\x01\x40",
    meta(5, b"la"),
    b"\x00\xf0\x02\x01\xf7",
)
ON_TWO = NOTE.replace(b"\x90", b"\x91").replace(b"\x80\x3c", b"\x81\x3c")
NEW = Track(Notes.of([(10, 20, 40, 70)]), 33, False, "bass")
BEAT = Track(Notes.of([(0, 5, 36, 90)]), 0, True, "drums")


def spliced(
    data: bytes, folder: Path, notes: dict[int, list[tuple[int, int, int, int]]], *new: Track
) -> tuple[bytes, Multitrack]:
    song = read(data, folder)
    now = {n: Notes.of(rows) for n, rows in notes.items()}
    made = splice_midi(data, song, now, new, {}, song.tempos)
    assert made is not None
    return made, read(made, folder, "new.mid")


@settings(max_examples=40)
@given(songs(ROWS), st.data())
def test_tracks_that_stay_come_back_and_others_are_gone(
    tmp_path_factory: pytest.TempPathFactory, song: Multitrack, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("midi")
    old = midi_bytes(song)
    given_ = read(old, folder)
    stay = data.draw(st.lists(st.integers(0, len(given_.tracks) - 1), unique=True).map(sorted))
    made = splice_midi(
        old, given_, {n: given_.tracks[n].notes for n in stay}, [NEW], {}, given_.tempos
    )
    assert made is not None
    found = read(made, folder, "new.mid")
    assert found == replace(given_, tracks=(*(given_.tracks[n] for n in stay), NEW), name="new")


def test_all_that_is_no_note_stays_byte_for_byte(tmp_path: Path) -> None:
    events = meta(3, b"Keys") + PEDAL + NOTE + BEND + LYRIC + SYSEX + NOTE
    data = header(1, 1) + track(events)
    made, song = spliced(data, tmp_path, {0: [ROW]})
    assert made == header(1, 1) + track(meta(3, b"Keys") + PEDAL + NOTE + BEND + LYRIC + SYSEX)
    assert song.tracks[0].name == "Keys"
    again, _ = spliced(data, tmp_path, {0: [ROW, (101, 96, 60, 80)]})
    assert again == data


def test_the_bend_of_a_note_that_is_gone_does_not_bend_a_new_one(tmp_path: Path) -> None:
    data = header() + track(NOTE + BEND + NOTE)  # bent from tick 101 on
    now = {0: Notes.of([ROW, (101, 50, 65, 80)])}
    song = read(data, tmp_path)
    spoilt, made = (
        splice_midi(data, song, now, [], remade, song.tempos) for remade in ({}, {0: [(101, 480)]})
    )
    assert spoilt is not None
    assert made is not None
    assert BEND in spoilt
    assert BEND[1:] not in made
    assert read(made, tmp_path).tracks[0].notes.rows() == now[0].rows()


def test_the_pressure_on_a_key_goes_with_its_note(tmp_path: Path) -> None:
    pressed, lifted = b"\x00\xa0\x3c\x50", b"\x00\xa0\x3c\x00"
    one = b"\x00\x90\x3c\x50" + pressed + b"\x60\x80\x3c\x00" + lifted
    data = header(1, 1) + track(PEDAL + one + b"\x01" + one[1:])
    made, _ = spliced(data, tmp_path, {0: [ROW]})
    assert made == header(1, 1) + track(PEDAL + one)


def test_tempos_that_changed_are_changed_and_no_others(tmp_path: Path) -> None:
    slow, slower, late = (
        b"\xff\x51\x03" + data for data in (b"\x0a\x00\x00", b"\x10\x00\x00", b"\x20\x00\x00")
    )
    conductor = meta(3, b"Song") + b"\x00" + slow + b"\x40" + slower
    data = header(1, 2) + track(conductor + b"\x20" + late) + track(NOTE)
    song = read(data, tmp_path)
    first, second, _ = song.tempos
    now = (first, second, Tempo(80, first.bpm))
    made = splice_midi(data, song, {0: song.tracks[0].notes}, [], {}, now)
    assert made == header(1, 2) + track(conductor + b"\x10" + slow) + track(NOTE)


def test_new_notes_are_put_among_the_others(tmp_path: Path) -> None:
    data = header() + track(PEDAL + NOTE + NOTE)
    rows = [ROW, (40, 30, 64, 50), (96, 96, 60, 80), (192, 5, 60, 30)]
    _, song = spliced(data, tmp_path, {0: rows})
    assert song.tracks[0].notes.rows() == rows


def test_tracks_on_one_channel_are_told_apart(tmp_path: Path) -> None:
    """Left and right hand: the chunks share a channel, and its pedal."""
    left, right = meta(3, b"left") + PEDAL + NOTE, meta(3, b"right") + b"\x09" + NOTE[1:]
    data = header(1, 2) + track(left) + track(right)
    made, song = spliced(data, tmp_path, {1: [(9, 96, 60, 80)]})
    assert [t.name for t in song.tracks] == ["right"]
    assert PEDAL in made


def test_what_only_a_lost_track_was_in_need_of_is_gone(tmp_path: Path) -> None:
    conductor = meta(3, b"Song") + meta(0x51, b"\x07\xa1\x20")
    one, two = meta(3, b"one") + NOTE, meta(3, b"two") + b"\x00\xb1\x07\x60" + ON_TWO
    data = header(1, 3) + track(conductor) + track(one) + track(two)
    made, _ = spliced(data, tmp_path, {0: [ROW]})
    assert made == header(1, 2) + track(conductor) + track(one)


def test_new_tracks_get_channels_of_their_own(tmp_path: Path) -> None:
    data = header(1, 2) + track(NOTE) + track(ON_TWO)
    made, song = spliced(data, tmp_path, {0: [ROW], 1: [ROW]}, NEW, BEAT)
    assert song.tracks[2:] == (NEW, BEAT)
    assert b"\x00\xc2\x21" in made


def test_a_channel_that_falls_silent_is_free(tmp_path: Path) -> None:
    made, song = spliced(header() + track(NOTE), tmp_path, {}, NEW)
    assert song.tracks == (NEW,)
    assert b"\x00\xc0\x21" in made


def test_too_many_tracks_are_an_error(tmp_path: Path) -> None:
    many = b"".join(
        track(bytes((0, 0x90 | channel, 60, 80, 9, 0x80 | channel, 60, 0)))
        for channel in range(16)
        if channel != 9
    )
    data = header(1, 15) + many
    song = read(data, tmp_path)
    stay = {number: t.notes for number, t in enumerate(song.tracks)}
    assert splice_midi(data, song, stay, [BEAT], {}, song.tempos) is not None
    with pytest.raises(MuseganError, match="no MIDI channel is free for bass: all 15 are taken"):
        splice_midi(data, song, stay, [NEW], {}, song.tempos)


def test_a_format_0_file_that_grows_becomes_format_1(tmp_path: Path) -> None:
    data = header(0) + track(meta(3, b"Song") + NOTE + ON_TWO)
    same, song = spliced(data, tmp_path, {0: [ROW], 1: [(96, 96, 60, 80)]})
    assert same == data
    made, grown = spliced(data, tmp_path, {0: [ROW], 1: [(96, 96, 60, 80)]}, NEW)
    assert made[:12] == header(1, 3)[:12]
    assert grown.tracks == (*song.tracks, NEW)
    assert [t.name for t in song.tracks] == ["", ""]


def test_files_are_mended_first_where_they_must_be(tmp_path: Path) -> None:
    data = header(1, 2) + track(PEDAL + NOTE, length=999)
    made, song = spliced(data, tmp_path, {0: [ROW]}, NEW)
    assert [t.notes.rows() for t in song.tracks] == [[ROW], NEW.notes.rows()]
    assert PEDAL in made


def test_notes_that_are_not_in_the_file_are_noticed(tmp_path: Path) -> None:
    data = header() + track(NOTE)
    other = Multitrack((NEW,))
    assert splice_midi(data, other, {0: NEW.notes}, [], {}, ()) is None
    assert splice_midi(b"no MIDI", other, {0: NEW.notes}, [], {}, ()) is None
