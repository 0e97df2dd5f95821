from dataclasses import replace

import pretty_midi
import pytest
from hypothesis import given, settings

from musegan.errors import MuseganError
from musegan.midi import from_pretty_midi, to_pretty_midi
from musegan.song import Key, Meter, Multitrack, Notes, Tempo, Track
from tests.midi.songs import ROWS, songs

SHORT = ROWS.map(lambda rows: [(r[0] % 2000, r[1] % 500 + 1, r[2], r[3]) for r in rows])


def within_a_bar(song: Multitrack) -> Multitrack:
    """The song with its changes in the first two thousand ticks."""
    return replace(
        song,
        tempos=tuple({t % 2000: Tempo(t % 2000, b) for t, b in song.tempos}.values())[:1],
        meters=tuple(m._replace(time=m.time % 2000) for m in song.meters[:1]),
        keys=tuple(k._replace(time=k.time % 2000) for k in song.keys[:1]),
    )


@settings(max_examples=40)
@given(songs(SHORT))
def test_there_and_back(song: Multitrack) -> None:
    song = within_a_bar(song)
    again = from_pretty_midi(to_pretty_midi(song), song.name)
    assert again.tracks == song.tracks
    assert (again.ticks_per_quarter, again.name) == (song.ticks_per_quarter, "song")
    assert again.meters == song.meters
    assert [(k.time, k.fifths % 12, k.minor) for k in again.keys] == [
        (k.time, k.fifths % 12, k.minor) for k in song.keys
    ]
    assert again.tempos[-1:] == song.tempos or again.tempos == (Tempo(0, 120.0),)


def test_ticks_become_seconds_by_the_tempos() -> None:
    notes = Notes.of([(0, 480, 60, 80), (960, 480, 62, 81)])
    song = Multitrack((Track(notes, 33, False, "Bass"),), 480, (Tempo(0, 60.0), Tempo(960, 240.0)))
    (bass,) = to_pretty_midi(song).instruments
    assert (bass.program, bass.is_drum, bass.name) == (33, False, "Bass")
    assert [(n.start, n.end, n.pitch, n.velocity) for n in bass.notes] == [
        (0.0, 1.0, 60, 80),
        (2.0, pytest.approx(2.25), 62, 81),
    ]


def test_a_pretty_midi_made_by_hand() -> None:
    source = pretty_midi.PrettyMIDI(resolution=96, initial_tempo=100.0)
    source.time_signature_changes.append(pretty_midi.TimeSignature(3, 4, 0.0))
    source.key_signature_changes += [
        pretty_midi.KeySignature(number, 0.0) for number in (0, 7, 5, 10, 12, 21, 16, 19)
    ]
    kit = pretty_midi.Instrument(0, is_drum=True, name="Kit")
    kit.notes += [pretty_midi.Note(90, 36, 0.6, 0.6), pretty_midi.Note(91, 38, 1.2, 1.5)]
    source.instruments.append(kit)
    song = from_pretty_midi(source)
    assert song.tracks == (Track(Notes.of([(96, 1, 36, 90), (192, 48, 38, 91)]), 0, True, "Kit"),)
    assert (song.ticks_per_quarter, song.name) == (96, "")
    assert song.tempos == (Tempo(0, 100.0),)
    assert song.meters == (Meter(0, 3, 4),)
    assert [key[1:] for key in song.keys] == [
        (0, False),  # C major
        (1, False),  # G major
        (-1, False),  # F major
        (-2, False),  # B flat major
        (-3, True),  # C minor
        (0, True),  # A minor
        (1, True),  # E minor
        (-2, True),  # G minor
    ]


def test_a_song_longer_than_pretty_midi_reckons() -> None:
    song = Multitrack((Track(Notes.of([(10_000_000, 1, 60, 1)])),), name="long")
    with pytest.raises(MuseganError, match=r"^long: 10,000,001 ticks long.*; cut it"):
        to_pretty_midi(song)
    with pytest.raises(MuseganError, match=r"^song: 10,000,000 ticks long.*; cut it"):
        to_pretty_midi(Multitrack((), meters=(Meter(10_000_000, 3, 4),)))


def test_keys_of_every_signature_come_back() -> None:
    keys = [Key(0, fifths, minor) for fifths in range(-5, 7) for minor in (False, True)]
    for key in keys:
        song = Multitrack((Track(Notes.of([(0, 1, 60, 1)])),), keys=(key,))
        assert from_pretty_midi(to_pretty_midi(song)).keys == (key,)
