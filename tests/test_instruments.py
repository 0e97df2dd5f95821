from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.errors import MuseganError
from musegan.instruments import (
    Ensemble,
    load_ensemble,
    parse_ensemble,
    to_multitrack,
    words,
)
from musegan.instruments.performing import TICKS_PER_STEP
from musegan.pianoroll import Grid, Phrases
from musegan.song import Key, Meter, Notes, Tempo, Track

BAND = load_ensemble()
TRACKS = [{"name": "drums", "drums": True}, {"name": "keys", "range": [24, 100]}]


def played(
    name: str = "", program: int = 0, pitch: int = 60, voices: int = 1, drums: bool = False
) -> Track:
    """A track of four onsets, each of `voices` notes around `pitch`."""
    rows = [
        (480 * beat, 240, pitch + 3 * voice - 3 * (voices // 2), 80)
        for beat in range(4)
        for voice in range(voices)
    ]
    return Track(Notes.of(rows), program, drums, name)


def placed(track: Track) -> str:
    place = BAND.place(track)
    return BAND.names[place] if isinstance(place, int) else f"skip: {place}"


# --- the band's rules ---


@pytest.mark.parametrize(
    ("name", "member"),
    [("MELODY", "lead"), ("BRIDGE", "strings"), ("PIANO", "piano")],
)
def test_the_tracks_of_pop909_have_their_place(name: str, member: str) -> None:
    assert placed(played(name)) == member


@pytest.mark.parametrize(
    ("program", "pitch", "member"),
    [
        (0, 60, "piano"),
        (4, 60, "piano"),
        (16, 65, "piano"),
        (46, 70, "piano"),
        (11, 80, "piano"),
        (24, 60, "guitar"),
        (30, 38, "guitar"),
        (32, 40, "bass"),
        (33, 50, "bass"),
        (33, 74, "lead"),
        (43, 40, "bass"),
        (48, 60, "strings"),
        (52, 60, "strings"),
        (89, 60, "strings"),
        (56, 70, "lead"),
        (65, 62, "lead"),
        (73, 80, "lead"),
        (80, 72, "lead"),
        (58, 45, "bass"),
    ],
)
def test_an_unnamed_track_goes_where_its_program_says(
    program: int, pitch: int, member: str
) -> None:
    assert placed(played("", program, pitch)) == member


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("Lead Vocal", "lead"),
        ("Melodie", "lead"),
        ("SupportMelody", "lead"),
        ("Chant", "lead"),
        ("Solo_1", "lead"),
        ("Brass", "lead"),
        ("Guitare rythmique", "guitar"),
        ("E-Gitarre", "guitar"),
        ("GTR 2", "guitar"),
        ("Violão", "guitar"),
        ("Streicher", "strings"),
        ("Cordes", "strings"),
        ("Cuerdas", "strings"),
        ("Violin II", "strings"),
        ("Klavier", "piano"),
        ("Keys L", "piano"),
        ("Schlagzeug", "drums"),
        ("Batterie", "drums"),
        ("Drums", "drums"),
        ("DRUM SET", "drums"),
    ],
)
def test_a_name_decides_when_no_program_was_set(name: str, member: str) -> None:
    assert placed(played(name, pitch=62)) == member


@pytest.mark.parametrize(
    "name", ["Bass", "Basse", "Kontrabass", "Bass1", "E-Bass", "EBass", "bajo"]
)
def test_a_bass_is_known_by_its_name_on_any_program(name: str) -> None:
    assert placed(played(name, 0, 45)) == "bass"
    assert placed(played(name, 48, 45)) == "bass"


@pytest.mark.parametrize(
    ("name", "program", "pitch", "member"),
    [
        ("The Bridge of Sighs", 0, 60, "piano"),
        ("Courtenay-Bridge", 24, 60, "guitar"),
        ("Little Drummer Boy", 0, 60, "piano"),
        ("Voicemail", 0, 60, "piano"),
        ("Leader of the Pack", 24, 60, "guitar"),
        ("Bassoon", 70, 55, "lead"),
        ("Bass Clarinet", 71, 50, "lead"),
        ("Cellophane", 0, 60, "piano"),
        ("5-string Electric Bass", 33, 40, "bass"),
        ("String bass", 48, 43, "bass"),
        ("Lead 8 (Bass + Lead)", 87, 60, "lead"),
        ("Bass Lead", 87, 33, "bass"),
        ("Square Lead", 80, 36, "bass"),
    ],
)
def test_words_inside_other_words_and_titles_decide_nothing(
    name: str, program: int, pitch: int, member: str
) -> None:
    assert placed(played(name, program, pitch)) == member


def test_the_lead_plays_lines_and_chords_go_to_the_strings() -> None:
    assert placed(played("Voice", 53, 64, voices=1)) == "lead"
    assert placed(played("Voice", 53, 64, voices=3)) == "strings"
    assert placed(played("", 61, 64, voices=1)) == "lead"
    assert placed(played("", 61, 64, voices=4)) == "strings"


def test_what_plays_low_is_the_bass_unless_it_plays_chords_or_is_a_rock_guitar() -> None:
    assert placed(played("", 0, 36)) == "bass"
    assert placed(played("", 0, 36, voices=3)) == "piano"
    assert placed(played("", 29, 38, voices=2)) == "guitar"
    assert placed(played("", 84, 40, voices=2)) == "guitar"


@pytest.mark.parametrize("program", [47, 113, 115, 118, 122, 127])
def test_percussion_off_the_drum_channel_is_left_out_with_the_reason(program: int) -> None:
    assert "have no place in a band" in placed(played("Melody", program))


def test_drums_are_drums_whatever_they_are_called() -> None:
    assert placed(played("Piano", 16, drums=True)) == "drums"


def test_every_program_has_a_place_or_a_reason() -> None:
    for program in range(128):
        assert not placed(played("", program)).startswith("skip: no rule"), program


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Lead_2(Gtr)", "Lead Gtr"),
        ("BassSoft", "Bass Soft"),
        ("EBass", "E Bass"),
        ("E-Piano\x00", "E Piano"),
        ("PIANO", "PIANO"),
        ("éCole", "é Cole"),
        ("  12 ", ""),
    ],
)
def test_words_of_a_name(name: str, expected: str) -> None:
    assert words(name) == expected


# --- ensembles by users ---


def test_a_user_s_ensemble_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "duo.yaml"
    path.write_text(
        r"""
tracks:
  - {name: drums, drums: true, range: [35, 81]}
  - {name: piano, program: 4}
rules:
  - {track: drums, drums: true}
  - {track: piano, name: '\b(clavier|keys)\b'}
  - {track: piano, programs: [0-7, 16], register: [40, 90], voices: [1, 2.5]}
  - {skip: 'no place in a duo'}
""",
        encoding="utf-8",
    )
    duo = load_ensemble(str(path))
    assert (duo.name, duo.names) == ("duo", ("drums", "piano"))
    assert duo.tracks[1].program == 4
    assert (duo.tracks[1].low, duo.tracks[1].high) == (0, 127)
    assert duo.place(played(drums=True)) == 0
    assert duo.place(played("Clavier", 90)) == 1
    assert duo.place(played("", 16)) == 1
    assert duo.place(played("", 17)) == "no place in a duo"
    assert duo.place(played("", 0, 20)) == "no place in a duo"
    assert duo.place(played("", 0, 60, voices=3)) == "no place in a duo"


def test_a_track_no_rule_fits_is_told_so() -> None:
    duo = parse_ensemble({"name": "duo", "tracks": TRACKS}, "duo")
    assert duo.place(played("Oboe", 68)) == "no rule of the duo ensemble fits program 68 'Oboe'"
    assert "fits drum track 'Kit'" in str(duo.place(played("Kit", drums=True)))


def test_an_empty_track_can_be_placed() -> None:
    assert placed(Track(Notes.of([]), 0)) == "piano"


def test_the_index_of_an_unknown_track_names_those_there_are() -> None:
    with pytest.raises(MuseganError, match=r"no track 'tuba'.*drums, bass, guitar, piano"):
        BAND.index("tuba")


def test_description_and_back() -> None:
    again = Ensemble.from_description(BAND.name, BAND.describe())
    assert (again.name, again.tracks, again.rules) == (BAND.name, BAND.tracks, ())


def test_the_shipped_ensemble_is_a_band() -> None:
    assert BAND.names == ("drums", "bass", "guitar", "piano", "strings", "lead")
    assert [t.is_drum for t in BAND.tracks] == [True] + [False] * 5


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "needs a list of 'tracks'"),
        ([1], "needs a list of 'tracks'"),
        ({"name": "x"}, "needs a list of 'tracks'"),
        ({"tracks": []}, "needs a list of 'tracks'"),
        ({"tracks": "drums"}, "tracks must be a list, not 'drums'"),
        ({"tracks": TRACKS, "rules": 5}, "rules must be a list, not 5"),
        ({"tracks": TRACKS, "rule": []}, "unknown key 'rule'; known are name, rules, tracks"),
        ({"tracks": TRACKS, "name": 5}, "name must be a text, not 5"),
        ({"tracks": ["drums"]}, "each track needs a name, found 'drums'"),
        ({"tracks": [{"program": 1}]}, "each track needs a name"),
        ({"tracks": [{"name": ""}]}, "name must be a text, not ''"),
        ({"tracks": [{"name": "a", "gm": 1}]}, "track 'a': unknown key 'gm'"),
        ({"tracks": [{"name": "a", "program": 128}]}, "program must be a whole number in 0..127"),
        ({"tracks": [{"name": "a", "program": True}]}, "program must be a whole number in 0..127"),
        ({"tracks": [{"name": "a", "drums": "yes"}]}, "drums must be true or false, not 'yes'"),
        ({"tracks": [{"name": "a", "range": [60]}]}, r"range must be \[low, high\]"),
        ({"tracks": [{"name": "a", "range": [60, "x"]}]}, r"range must be \[low, high\]"),
        ({"tracks": [{"name": "a", "range": [90, 60]}]}, r"range must be \[low, high\]"),
        ({"tracks": [{"name": "a", "range": [60, 70]}]}, "an octave or more"),
        ({"tracks": [{"name": "a", "range": [60, 128]}]}, "whole pitches in 0..127"),
        ({"tracks": [{"name": "a", "range": [60, 80.5]}]}, "whole pitches in 0..127"),
        ({"tracks": [*TRACKS, {"name": "keys"}]}, "two tracks share a name"),
        ({"tracks": [{"name": str(i)} for i in range(129)]}, "129 tracks, the limit is 128"),
    ],
)
def test_errors_of_an_ensemble_name_the_file_and_the_entry(data: Any, message: str) -> None:
    with pytest.raises(MuseganError, match=rf"^mine\.yaml: .*{message}"):
        parse_ensemble(data, "mine.yaml")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("keys", "a rule needs either 'track' or 'skip'"),
        ({}, "a rule needs either 'track' or 'skip'"),
        ({"track": "keys", "skip": "no"}, "a rule needs either 'track' or 'skip'"),
        ({"track": "tuba"}, "no such track; there are drums, keys"),
        ({"track": "keys", "pitch": 1}, "unknown key 'pitch'; known are drums, name, programs"),
        ({"track": "keys", "name": "("}, "name is no regular expression"),
        ({"track": "keys", "name": 5}, "name must be a text, not 5"),
        ({"track": "keys", "programs": ["x"]}, "programs lie within 0-127, not 'x'"),
        ({"track": "keys", "programs": [128]}, "programs lie within 0-127, not 128"),
        ({"track": "keys", "programs": ["9-3"]}, "programs lie within 0-127, not '9-3'"),
        ({"track": "keys", "register": 60}, r"register must be \[low, high\], not 60"),
        ({"track": "keys", "voices": [2, 1]}, r"voices must be \[low, high\], not \[2, 1\]"),
        ({"track": "keys", "drums": 1}, "drums must be true or false, not 1"),
        ({"skip": None}, "skip must be a text, not None"),
    ],
)
def test_errors_of_a_rule_name_the_file_and_the_rule(rule: Any, message: str) -> None:
    with pytest.raises(MuseganError, match=rf"^mine\.yaml: rule .*{message}"):
        parse_ensemble({"tracks": TRACKS, "rules": [rule]}, "mine.yaml")


def test_one_program_needs_no_list() -> None:
    rules = [{"track": "keys", "programs": 4}]
    ensemble = parse_ensemble({"tracks": TRACKS, "rules": rules}, "x")
    assert ensemble.rules[0].programs == frozenset({4})


def test_an_unknown_ensemble_names_those_there_are() -> None:
    with pytest.raises(MuseganError, match=r"no ensemble 'choir': there are band; .*\.yaml"):
        load_ensemble("choir")


def test_errors_of_an_ensemble_s_file(tmp_path: Path) -> None:
    with pytest.raises(MuseganError, match=r"gone\.yaml: no such ensemble file"):
        load_ensemble(str(tmp_path / "gone.yaml"))
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    with pytest.raises(MuseganError, match=r"folder\.yaml: cannot be read"):
        load_ensemble(str(folder))
    (tmp_path / "bytes.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MuseganError, match=r"bytes\.yml: not a text file"):
        load_ensemble(str(tmp_path / "bytes.yml"))
    (tmp_path / "broken.yaml").write_text("tracks: [", encoding="utf-8")
    with pytest.raises(MuseganError, match=r"broken\.yaml: not valid YAML \([^\n]*\)$"):
        load_ensemble(str(tmp_path / "broken.yaml"))


# --- playing a phrase ---


def steps_of(track: Track) -> list[tuple[int, int, int, int]]:
    assert not np.any(track.notes.start % TICKS_PER_STEP)
    return [(s // TICKS_PER_STEP, d // TICKS_PER_STEP, p, v) for s, d, p, v in track.notes.rows()]


def phrases_of(rows: Sequence[tuple[int, int, int, int, int]], grid: Grid) -> Phrases:
    return Phrases.of([[], list(rows)], grid, 1)


@pytest.mark.parametrize(
    ("grid", "per_quarter"),
    [
        (Grid(4, 12), 12),
        (Grid(3, 12), 12),
        (Grid(6, 6, 8), 12),
        (Grid(7, 6, 8), 12),
        (Grid(2, 3, 2), 1.5),
        (Grid(1, 1, 1), 0.25),
        (Grid(4, 96, 32), 768),
    ],
)
@given(data=st.data())
def test_a_phrase_is_played_note_for_note_in_every_meter(
    grid: Grid, per_quarter: float, data: st.DataObject
) -> None:
    row = st.tuples(
        st.integers(1, 5),
        st.integers(0, grid.steps_per_bar - 1),
        st.integers(1, grid.steps_per_bar),
        st.integers(24, 107),
        st.integers(1, 127),
    )
    phrases = phrases_of(data.draw(st.lists(row, max_size=12)), grid)
    song = to_multitrack(phrases, 1, BAND, 90.0, Key(0, -3, True), "a song")
    heard = phrases.canonical().rows()[1]
    numbers = sorted({row[0] for row in heard})
    assert [t.name for t in song.tracks] == [BAND.names[n] for n in numbers]
    assert [t.program for t in song.tracks] == [BAND.tracks[n].program for n in numbers]
    for number, track in zip(numbers, song.tracks, strict=True):
        assert steps_of(track) == [row[1:] for row in heard if row[0] == number]
    assert song.ticks_per_quarter == per_quarter * TICKS_PER_STEP
    assert song.meters == (Meter(0, grid.beats_per_bar, grid.beat_unit),)
    assert song.tempos == (Tempo(0, 90.0),)
    assert song.keys == (Key(0, -3, True),)
    assert song.name == "a song"


def test_an_empty_phrase_has_no_tracks_and_an_unknown_key_is_not_written() -> None:
    song = to_multitrack(phrases_of([], Grid()), 0, BAND)
    assert (song.tracks, song.keys) == ((), ())


def test_drum_hits_last_a_quarter_of_a_beat_or_until_struck_again() -> None:
    rows = [(0, 0, 40, 36, 90), (0, 1, 1, 36, 90), (0, 1, 1, 42, 90), (0, 30, 1, 36, 90)]
    (drums,) = to_multitrack(phrases_of(rows, Grid(4, 12)), 1, BAND).tracks
    assert drums.is_drum
    assert steps_of(drums) == [(0, 1, 36, 90), (1, 3, 36, 90), (1, 3, 42, 90), (30, 3, 36, 90)]
