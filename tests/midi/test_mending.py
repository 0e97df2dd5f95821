import io
from pathlib import Path

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.errors import MuseganError
from musegan.midi.mending import UnreadableError, is_plain, sound_midi
from tests.midi.files import END, NOTE, ROW, header, meta, read, rows, track

ALIEN = b"XFIH\x00\x00\x00\x06abcdef"
ROLAND_DRUMS_ON_11 = b"\x00\xf0\x0a\x41\x10\x42\x12\x40\x1a\x15\x01\x10\xf7"
YAMAHA_ON = b"\x00\xf0\x08\x43\x10\x4c\x00\x00\x7e\x00\xf7"


@pytest.mark.parametrize(
    "data",
    [
        b"RIFF\x50\x00\x00\x00RMIDdata\x40\x00\x00\x00" + header() + track(),
        b"\x00" * 128 + header() + track(),
        header() + track() + b"\x00" * 37,
        header() + track() + b"\x00\x00\x00\x00garbage!",
        header(1, 5) + track(),
        header(1, 0) + track(),
        header(9) + track(),
        header(1, 2) + ALIEN + track(),
        header(1, 2) + track() + ALIEN,
        b"MThd\x00\x00\x00\x08" + header()[8:] + b"\x00\x00" + track(),
        header() + track(length=1000),
        header() + track(length=5),
        header() + track(length=0xFFFF_FFFF),
        header() + track()[:-4],
        header() + track(meta(0x51, b"\x07\xa1") + NOTE),
        header() + track(meta(0x59, b"") + NOTE),
        header() + track(meta(0x58, b"\x03\x03") + NOTE),
        header() + track(b"\x00\xf8\x00\xfe\x00\xf2\x01\x02\x00\xf4" + NOTE),
        header() + track(b"\x00\xf0\x03\x43\x10\xf7" + NOTE),
        header() + track(b"\x00\xf7\x03\x01\x90\x3c" + NOTE),
        header() + track(b"\x80\x80\x80\x80\x00\x90\x3c\x50\x60\x80\x3c\x00"),
        header() + track(b"\x00\x90\x3c\x50" + meta(0x01, b"here") + b"\x60\x3c\x00"),
    ],
)
def test_a_patient_player_reads_this_song(data: bytes, tmp_path: Path) -> None:
    song = read(data, tmp_path)
    assert rows(song) == [[ROW]]
    assert (song.tempos, song.meters, song.keys) == ((), (), ())


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (b"\x00\x90\x3c\xc8\x60\x80\x3c\x00", (0, 96, 60, 127)),
        (b"\x00\x90\xc8\x50\x60\x80\xc8\x00", (0, 96, 127, 80)),
        (b"\x00\x9f\xc8\x50\x60\x8f\xc8\x00", (0, 96, 127, 80)),
    ],
)
def test_data_bytes_out_of_range_are_clipped(
    events: bytes, expected: tuple[int, int, int, int], tmp_path: Path
) -> None:
    assert rows(read(header() + track(events), tmp_path)) == [[expected]]


def test_a_track_with_a_wrong_length_does_not_swallow_the_next(tmp_path: Path) -> None:
    for length in (3, 10, 30, 10_000):
        data = header(1, 2) + track(NOTE * 2, length=length) + track()
        assert rows(read(data, tmp_path)) == [[ROW, (96, 96, 60, 80)], [ROW]]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (b"D\xe9but", "Début"),
        ("Début".encode(), "Début"),
        ("贝斯".encode(), "贝斯"),
        ("Бас".encode("cp1251"), "Бас"),
        ("ピアノ".encode("cp932"), "ピアノ"),
        (b"Percuss\xe3o \x81", "Percussão \N{REPLACEMENT CHARACTER}"),
    ],
)
def test_names_in_any_encoding_have_letters(name: bytes, expected: str, tmp_path: Path) -> None:
    song = read(header() + track(meta(0x03, name) + NOTE), tmp_path)
    assert [t.name for t in song.tracks] == [expected]


@pytest.mark.parametrize(
    ("message", "drums"),
    [
        (b"", [False, False]),
        (ROLAND_DRUMS_ON_11, [True, False]),
        (ROLAND_DRUMS_ON_11.replace(b"\x40\x1a", b"\x40\x1b"), [False, True]),
        (ROLAND_DRUMS_ON_11.replace(b"\x15\x01", b"\x15\x00"), [False, False]),
        (YAMAHA_ON + b"\x00\xf0\x08\x43\x10\x4c\x08\x0a\x07\x02\xf7", [True, False]),
        (YAMAHA_ON + b"\x00\xbb\x00\x7f", [False, True]),
        (b"\x00\xbb\x00\x7f", [False, False]),
    ],
)
def test_drums_on_other_channels_by_roland_s_and_yamaha_s_messages(
    message: bytes, drums: list[bool], tmp_path: Path
) -> None:
    parts = [
        track(bytes((0, 0xC0 | c, 3, 0, 0x90 | c, 36, 80, 0, 38, 80, 96, 36, 0, 0, 38, 0)))
        for c in (10, 11)
    ]
    song = read(header(1, 3) + track(message) + b"".join(parts), tmp_path)
    assert [t.is_drum for t in song.tracks] == drums
    assert rows(song) == [[(0, 96, 36, 80), (0, 96, 38, 80)]] * 2


@pytest.mark.parametrize(("part", "channel"), [(0x11, 0), (0x19, 8), (0x1A, 10), (0x1F, 15)])
def test_roland_counts_its_parts_around_the_tenth_channel(
    part: int, channel: int, tmp_path: Path
) -> None:
    message = ROLAND_DRUMS_ON_11.replace(b"\x40\x1a", bytes((0x40, part)))
    events = b"".join(bytes((0, 0x90 | c, 36, 80, 9, 0x80 | c, 36, 0)) for c in range(16) if c != 9)
    song = read(header() + track(message + events), tmp_path)
    (drums,) = [t for t in song.tracks if t.is_drum]
    before = channel if channel < 9 else channel - 1
    assert drums.notes.rows() == [(9 * before, 9, 36, 80)]


def test_plain_files_need_no_mending() -> None:
    assert is_plain(header() + track())
    assert is_plain(header(0) + track(b"\x00\xf0\x03\x43\x10\xf7" + NOTE))
    assert is_plain(header() + track(b"\x00\x9f\x3c\x50\x9f\x00\x8f\x3c\x00"))
    # lengths, tempos and times that read like something else
    assert is_plain(header() + track(NOTE * 29 + meta(0x01, bytes(7))))  # 0xf7 bytes
    assert is_plain(header() + track(meta(0x51, b"\x07\x9f\xff") + b"\x8f\x9f\xf7" + NOTE))
    assert is_plain(header() + track(b"\x00\xf0\x03\x43\x10\xf7\xf7" + NOTE))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        header(),
        header(1, 2) + track(),
        header(2) + track(),
        header() + track() + b"\x00",
        header() + track(length=99),
        # what would lead symusic outside its memory
        header() + track(b"\x00\x9f\xc8\x50" + NOTE),
        header() + track(b"\x00\x9f\x3c\x50\x60\x8f\xc8\x00"),
        # an escaped message, of which symusic would take the parts for notes
        header() + track(b"\x00\xf7\x03\x01\x90\x3c" + NOTE),
        header() + track(b"\x00\xff\x51\x02\x07\xa1" + NOTE),
        header() + track(b"\xf7" + NOTE + meta(0x01, b"here") + b"\x60\x3c\x00"),
        header() + track(b"\xf7" + NOTE, end=b""),
        header() + track(b"\xf7" + NOTE, end=END + NOTE),
        header() + track(ROLAND_DRUMS_ON_11 + NOTE),
    ],
)
def test_other_files_are_mended_before_symusic_sees_them(data: bytes) -> None:
    assert not is_plain(data)


GOOD = (
    header(1, 3)
    + track(meta(0x03, b"Song") + meta(0x51, b"\x07\xa1\x20") + meta(0x58, b"\x03\x02\x18\x08"))
    + track(meta(0x03, b"Bass") + b"\x00\xc1\x21" + b"\x00\x91\x28\x51\x60\x81\x28\x00" * 3)
    + track(b"\x00\x99\x24\x50\x10\x24\x00" + b"\x00\x9f\x40\x50\x60\x8f\x40\x00" * 3)
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file with some bytes changed, put in, or taken out."""
    data = bytearray(GOOD)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        new = draw(st.binary(max_size=4))
        data[at : at + draw(st.sampled_from([0, len(new), 1, 12]))] = new
    return bytes(data)


@given(st.one_of(damaged(), st.binary(max_size=60).map(lambda tail: header() + track(tail))))
def test_whatever_the_bytes_what_is_mended_is_sound_to_a_strict_reader(data: bytes) -> None:
    try:
        sound, _ = sound_midi(data)
    except UnreadableError:
        return
    song = mido.MidiFile(file=io.BytesIO(sound), clip=False)
    assert song.type == 1
    assert sound_midi(sound)[0] == sound


@given(data=damaged())
def test_whatever_the_bytes_a_song_or_an_error(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    try:
        song = read(data, tmp_path_factory.getbasetemp(), "damaged.mid")
    except MuseganError:
        return
    assert song.note_count() > 0
    for part in song.tracks:
        notes = part.notes
        assert notes.start.min() >= 0
        assert notes.duration.min() >= 1
        assert 0 <= notes.pitch.min() <= notes.pitch.max() <= 127
        assert 1 <= notes.velocity.min() <= notes.velocity.max() <= 127
