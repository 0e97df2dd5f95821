import io
from collections import Counter
from dataclasses import replace
from pathlib import Path

import mido
import pretty_midi
import pytest
from hypothesis import given, settings

from musegan.errors import MuseganError
from musegan.midi import midi_bytes, read_midi, write_midi
from musegan.song import Key, Meter, Multitrack, Notes, Tempo, Track
from tests.midi.songs import ROWS, Row, nested, songs

NOTES = Notes.of([(0, 96, 60, 80)])


def written_and_read(song: Multitrack, folder: Path) -> Multitrack:
    path = folder / "song.mid"
    write_midi(song, path)
    again = read_midi(path)
    return replace(again, tracks=tuple(replace(t, notes=t.notes.sorted()) for t in again.tracks))


def messages(song: Multitrack) -> list[mido.MidiTrack]:
    return list(mido.MidiFile(file=io.BytesIO(midi_bytes(song)), clip=False).tracks)


def channels(song: Multitrack) -> list[int]:
    """The one channel of each track after the conductor's."""
    found = [{m.channel for m in part if not m.is_meta} for part in messages(song)[1:]]
    assert all(len(one) == 1 for one in found)
    return [one.pop() for one in found]


@given(song=songs(ROWS.filter(lambda rows: not nested(rows))))
def test_a_song_comes_back_exactly(
    song: Multitrack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert written_and_read(song, tmp_path_factory.getbasetemp()) == song


@given(rows=ROWS)
def test_of_notes_within_notes_every_strike_and_release_comes_back(
    rows: list[Row], tmp_path_factory: pytest.TempPathFactory
) -> None:
    song = Multitrack((Track(Notes.of(rows)),))
    (track,) = written_and_read(song, tmp_path_factory.getbasetemp()).tracks
    for ours, theirs in ((song.tracks[0].notes, track.notes),):
        strikes = [Counter((r[0], r[2], r[3]) for r in n.rows()) for n in (ours, theirs)]
        releases = [Counter((r[0] + r[1], r[2]) for r in n.rows()) for n in (ours, theirs)]
        assert strikes[0] == strikes[1]
        assert releases[0] == releases[1]


def test_notes_struck_together_keep_their_lengths(tmp_path: Path) -> None:
    notes = Notes.of([(0, 200, 60, 80), (0, 100, 60, 90), (0, 150, 60, 70)])
    (track,) = written_and_read(Multitrack((Track(notes),)), tmp_path).tracks
    assert track.notes == notes.sorted()


@settings(max_examples=30)
@given(song=songs(ROWS.map(lambda rows: [(r[0] % 5000, *r[1:]) for r in rows]), most=20))
def test_other_programs_read_the_same_notes(song: Multitrack) -> None:
    data = midi_bytes(song)
    heard = [
        sorted((m.note, m.velocity) for m in part if m.type == "note_on")
        for part in mido.MidiFile(file=io.BytesIO(data), clip=False).tracks[1:]
    ]
    assert heard == [sorted((p, v) for _, _, p, v in t.notes.rows()) for t in song.tracks]
    changes = [event[0] for events in (song.tempos, song.meters, song.keys) for event in events]
    if max([song.end, *changes]) < 100_000:  # pretty_midi needs memory for every tick
        others = pretty_midi.PrettyMIDI(io.BytesIO(data)).instruments
        assert {i.program for i in others} == {t.program for t in song.tracks}


def test_the_same_song_gives_the_same_bytes(tmp_path: Path) -> None:
    song = Multitrack((Track(NOTES, 4, name="Rhodes"), Track(NOTES, is_drum=True)), name="x")
    for name in ("a.mid", "b.mid"):
        write_midi(song, tmp_path / name)
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.mid").read_bytes()


def test_every_byte_of_a_small_song() -> None:
    song = Multitrack(
        (Track(Notes.of([(0, 480, 60, 80), (480, 240, 60, 81)]), 33, name="Bass"),),
        480,
        (Tempo(0, 120.0),),
        (Meter(0, 6, 8),),
        (Key(0, -1, True),),
        "Hi",
    )
    assert midi_bytes(song) == (
        b"MThd\x00\x00\x00\x06\x00\x01\x00\x02\x01\xe0"
        b"MTrk\x00\x00\x00\x1f"
        b"\x00\xff\x03\x02Hi"
        b"\x00\xff\x58\x04\x06\x03\x0c\x08"
        b"\x00\xff\x59\x02\xff\x01"
        b"\x00\xff\x51\x03\x07\xa1\x20"
        b"\x00\xff\x2f\x00"
        b"MTrk\x00\x00\x00\x21"
        b"\x00\xff\x03\x04Bass"
        b"\x00\xc0\x21"
        b"\x00\x90\x3c\x50"
        b"\x83\x60\x80\x3c\x00"
        b"\x00\x90\x3c\x51"
        b"\x81\x70\x80\x3c\x00"
        b"\x00\xff\x2f\x00"
    )


def test_melodic_tracks_have_a_channel_each_and_drums_the_tenth() -> None:
    tracks = [Track(NOTES, program=0, is_drum=i in (2, 9)) for i in range(17)]
    found = channels(Multitrack(tuple(tracks)))
    assert [c for t, c in zip(tracks, found, strict=True) if t.is_drum] == [9, 9]
    melodic = [c for t, c in zip(tracks, found, strict=True) if not t.is_drum]
    assert melodic == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15]


def test_many_tracks_share_channels_with_their_own_program_first() -> None:
    programs = [0] * 10 + [48] * 10
    found = channels(Multitrack(tuple(Track(NOTES, program) for program in programs)))
    assert not set(found[:10]) & set(found[10:])
    uses = Counter(found)
    assert len(uses) == 15
    assert {uses[c] for c in found[:10]} == {1}
    assert {uses[c] for c in found[10:]} == {2}


def test_more_programs_than_channels_share_with_the_nearest_of_their_family() -> None:
    programs = [*range(0, 120, 8), 9, 71]
    found = channels(Multitrack(tuple(Track(NOTES, program) for program in programs)))
    assert len(set(found[:15])) == 15
    assert found[15] == found[1]  # 9 with 8, though 0 and 16 are as far from it as can be
    assert found[16] == found[8]  # 71 with 64 of its family, not with 72 of the next


def test_a_track_s_program_comes_back_though_it_shares_its_channel(tmp_path: Path) -> None:
    tracks = tuple(Track(NOTES, program, name=str(program)) for program in range(0, 120, 5))
    assert written_and_read(Multitrack(tracks), tmp_path).tracks == tracks


def test_a_song_without_tracks_or_notes_is_still_a_file() -> None:
    assert len(messages(Multitrack(()))) == 1
    assert len(messages(Multitrack((Track(Notes.of([])), Track(NOTES))))) == 3


@pytest.mark.parametrize(
    ("song", "message"),
    [
        ({"ticks_per_quarter": 0}, "ticks per quarter note of 0; it lies in 1 to 32,767"),
        ({"ticks_per_quarter": 40_000}, "ticks per quarter note of 40000"),
        ({"tempos": (Tempo(0, 2.0),)}, "a tempo of 2.0; it lies in 3.58 to 60,000,000"),
        ({"tempos": (Tempo(0, float("nan")),)}, "a tempo of nan"),
        ({"tempos": (Tempo(-1, 90.0),)}, "a tick of -1"),
        ({"meters": (Meter(0, 256, 4),)}, "beats in a bar of 256; it lies in 1 to 255"),
        ({"meters": (Meter(0, 4, 6),)}, "a beat of 1/6"),
        ({"keys": (Key(0, 8, False),)}, "sharps or flats of 8; it lies in -7 to 7"),
        ({"tracks": (Track(NOTES, 128),)}, "a program of 128; it lies in 0 to 127"),
        ({"tracks": (Track(Notes.of([(0, 1, 128, 1)])),)}, "a pitch of 128"),
        ({"tracks": (Track(Notes.of([(0, 1, -1, 1)])),)}, "a pitch of -1"),
        ({"tracks": (Track(Notes.of([(0, 1, 60, 0)])),)}, "a velocity of 0; it lies in 1 to 127"),
        ({"tracks": (Track(Notes.of([(0, 1, 60, 128)])),)}, "a velocity of 128"),
        ({"tracks": (Track(Notes.of([(0, 0, 60, 1)])),)}, "a duration of 0"),
        ({"tracks": (Track(Notes.of([(-5, 9, 60, 1)])),)}, "a tick of -5"),
        (
            {"tracks": (Track(Notes.of([(2**28, 9, 60, 1)])),)},
            "a tick of 268435456; it lies in 0 to",
        ),
    ],
)
def test_what_midi_cannot_hold_is_refused(song: dict[str, object], message: str) -> None:
    whole = Multitrack(**{"tracks": (Track(NOTES),), "name": "ballad", **song})  # type: ignore[arg-type]
    with pytest.raises(MuseganError, match=rf"^ballad: MIDI cannot hold {message}"):
        midi_bytes(whole)


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "song.mid"
    write_midi(Multitrack((Track(NOTES),)), path)
    old = path.read_bytes()

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:5])
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(MuseganError, match=r"song\.mid: cannot be written \(No space left"):
        write_midi(Multitrack((Track(NOTES, 5),)), path)
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MuseganError, match=r"song\.mid: cannot be written \(No such file"):
        write_midi(Multitrack((Track(NOTES),)), tmp_path / "gone" / "song.mid")
