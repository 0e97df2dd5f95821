import pytest

from musegan.composing.keys import home, parse_key, tonic
from musegan.errors import MuseganError
from musegan.song import Key


@pytest.mark.parametrize(
    ("text", "fifths", "minor", "pitch_class"),
    [
        ("C", 0, False, 0),
        ("G", 1, False, 7),
        ("Em", 1, True, 4),
        ("F#m", 3, True, 6),
        ("Bb", -2, False, 10),
        ("bb", -2, False, 10),
        ("b", 5, False, 11),
        ("Am", 0, True, 9),
        ("Ebm", -6, True, 3),
        ("C#", 7, False, 1),
        ("Cb", -7, False, 11),
        ("A minor", 0, True, 9),
        ("D Major", 2, False, 2),
        ("GM", 1, False, 7),
        (" Dmin ", -1, True, 2),
        ("B♭m", -5, True, 10),
    ],
)
def test_keys_are_read_as_musicians_write_them(
    text: str, fifths: int, minor: bool, pitch_class: int
) -> None:
    key = parse_key(text)
    assert key == Key(0, fifths, minor)
    assert tonic(key) == pitch_class


@pytest.mark.parametrize(("text", "twin"), [("G#", "Ab"), ("Fb", "E"), ("E#m", "Fm"), ("B#", "C")])
def test_keys_beyond_seven_accidentals_are_written_as_their_twin(text: str, twin: str) -> None:
    assert parse_key(text) == parse_key(twin)


@pytest.mark.parametrize("text", ["", "H", "m", "G##", "Cmaj7", "5", "C minor major"])
def test_what_is_no_key_says_what_one_is(text: str) -> None:
    with pytest.raises(MuseganError, match=r"no key '.*': a key is a letter from A to G.*F#m"):
        parse_key(text)


def test_a_key_tells_how_far_it_is_from_c_major_or_a_minor() -> None:
    names = ("C", "Am", "G", "F", "F#", "Gb", "Bb", "Em", "Cm")
    assert [home(parse_key(name)) for name in names] == [0, 0, -5, 5, 6, 6, -2, -5, 3]
