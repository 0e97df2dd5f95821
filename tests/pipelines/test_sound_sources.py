from pathlib import Path

import pytest

from musegan.errors import MuseganError
from pipelines.sound_sources import find_sounds, find_table, label_of_name, read_labels


@pytest.mark.parametrize(
    ("name", "home", "instrument", "pitch"),
    [
        ("alto-flute/alto-flute-055-1.flac", "alto-flute", "alto-flute", 55),
        ("guitar_acoustic_001-060-100.wav", "nsynth", "guitar_acoustic_001", 60),
        ("Violin.arco.ff.sulG.Bb3.stereo.wav", "iowa", "Violin.arco.ff.sulG", 58),
        ("piano C#-1.mp3", "takes", "piano", 1),
        ("cello/cello_As2_05_forte_arco.mp3", "cello", "cello", 46),
        ("cello_As2_05_forte_arco.mp3", "cello", "cello", 46),
        ("D#1v16.flac", "grand", "grand", 27),
        ("Horn E♭4.wav", "brass", "Horn", 63),
        ("Bass2.wav", "takes", "Bass", None),
        ("kick/808_003.wav", "kick", "kick", None),
        ("kick 07.wav", "hits", "kick", None),
        ("12.wav", "hits", "hits", None),
        ("organ/organ-200-1.wav", "organ", "organ", None),
        ("CAGE1.ogg", "john", "CAGE", None),
    ],
)
def test_names_tell_instrument_and_pitch(name, home, instrument, pitch):
    assert label_of_name(name, home) == (instrument, pitch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "sounds"
    for name in ("b/x-060-1.WAV", "a/y-061-1.mp3", "top-062-1.ogg", "a/notes.txt", "b/COPYING"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(name)
    return home


def test_sounds_come_by_name_with_labels_and_licences(folder):
    found = [(s.name, s.instrument, s.pitch, s.licence) for s in find_sounds(folder)]
    assert found == [
        ("a/y-061-1.mp3", "a", 61, ""),
        ("b/x-060-1.WAV", "b", 60, "b/COPYING"),
        ("top-062-1.ogg", "top", 62, ""),
    ]
    assert {item.licence for item in find_sounds(folder, licence="CC0")} == {"CC0"}


def test_a_table_takes_the_place_of_names(folder):
    labels = {"b/x-060-1.WAV": ("horn", 40)}
    found = [(item.instrument, item.pitch) for item in find_sounds(folder, labels)]
    assert found == [("", None), ("horn", 40), ("", None)]
    with pytest.raises(MuseganError, match=r"labels has none of its files \(a/y-061-1.mp3\)"):
        find_sounds(folder, {"elsewhere.wav": ("horn", 40)})


def test_a_folder_without_sound_is_an_error(tmp_path):
    with pytest.raises(MuseganError, match=r"no audio files under it \(.wav, .flac, .*aiff\)"):
        find_sounds(tmp_path)
    with pytest.raises(MuseganError, match="no such folder"):
        find_sounds(tmp_path / "absent")


def test_the_table_in_a_folder_is_the_first_with_its_columns(tmp_path):
    assert find_table(tmp_path) is None
    (tmp_path / "a.csv").write_text("file,bpm\nx.wav,90\n")
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe")
    assert find_table(tmp_path) is None
    (tmp_path / "hits.csv").write_text("file,kind,seconds\nx.wav,kick,1\n")
    (tmp_path / "notes.csv").write_text("file,instrument,midi_pitch\nx.wav,horn,60\n")
    assert find_table(tmp_path) == tmp_path / "hits.csv"


def test_labels_are_read_with_pitches_as_numbers_or_names(tmp_path):
    table = tmp_path / "notes.csv"
    table.write_text("Instrument,Pitch,File\nhorn,60,./a.wav\nhorn,F#3,b\\c.wav\ndrum,,d.wav\n")
    assert read_labels(table) == {
        "a.wav": ("horn", 60),
        "b/c.wav": ("horn", 54),
        "d.wav": ("drum", None),
    }
    table.write_text("file,kind\na.wav,kick\n")
    assert read_labels(table) == {"a.wav": ("kick", None)}


@pytest.mark.parametrize("pitch", ["128", "H4", "-1", "440 Hz"])
def test_a_pitch_that_is_none_is_an_error(tmp_path, pitch):
    table = tmp_path / "notes.csv"
    table.write_text(f"file,instrument,pitch\na.wav,horn,{pitch}\n")
    with pytest.raises(MuseganError, match=f"the pitch '{pitch}' of a.wav is neither 0 to 127"):
        read_labels(table)


def test_a_table_without_its_columns_is_an_error(tmp_path):
    table = tmp_path / "notes.csv"
    table.write_text("file,pitch\na.wav,60\n")
    with pytest.raises(MuseganError, match=r"lacks a column, one of instruments \(instrument, ki"):
        read_labels(table)
