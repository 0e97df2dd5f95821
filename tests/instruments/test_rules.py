import pytest

from musegan.instruments import load_ensemble, words
from musegan.song import Notes, Track
from tests.instruments.tracks import played

BAND = load_ensemble()


def placed(track: Track) -> str:
    place = BAND.place(track)
    return BAND.names[place] if isinstance(place, int) else f"skip: {place}"


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


def test_an_empty_track_can_be_placed() -> None:
    assert placed(Track(Notes.of([]), 0)) == "piano"
