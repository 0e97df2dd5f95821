import pytest

from musegan.composing.form import Form, Section
from musegan.errors import MuseganError


@pytest.mark.parametrize(
    ("letters", "bars", "expected"),
    [
        ("AABA", 32, Form("AABA", 8)),
        ("aaba", None, Form("AABA", 4)),
        (None, 12, Form("A", 12)),
        (" AB ", 2, Form("AB", 1)),
        (None, None, Form("A", 4)),
    ],
)
def test_a_form_is_as_asked(letters: str | None, bars: int | None, expected: Form) -> None:
    assert Form.of(letters, bars, 4, 48) == expected


def test_equal_letters_repeat_the_first_of_them() -> None:
    form = Form("ABAC", 8)
    assert form.bars == 32
    assert form.sections == [
        Section("A", 0, 0),
        Section("B", 8, 8),
        Section("A", 16, 0),
        Section("C", 24, 24),
    ]


@pytest.mark.parametrize(
    ("letters", "bars", "said"),
    [
        ("AABA", 30, "30 bars cannot be divided in the 4 sections of AABA; ask for 28 or 32"),
        ("AABA", 3, "3 bars cannot be divided in the 4 sections of AABA; ask for 4"),
        ("A1B", 32, "no form 'A1B': a form has a letter for each section"),
        ("", 32, "no form ''"),
        ("ÄB", 32, "no form 'ÄB'"),
        ("A" * 101, None, "no form"),
        ("A", 1366, r"1366 bars are more than a song may have \(1365\)"),
    ],
)
def test_what_is_no_form_says_what_one_is(letters: str, bars: int | None, said: str) -> None:
    with pytest.raises(MuseganError, match=said):
        Form.of(letters, bars, 4, 48)


def test_a_form_of_short_bars_is_one_of_long_ones() -> None:
    assert Form("ABA", 8).of_bars(2) == Form("ABA", 4)
    assert Form("A", 5).of_bars(1) == Form("A", 5)
    with pytest.raises(MuseganError, match=r"2 at a time, so 9 cannot be; ask for 6 or 12"):
        Form("ABA", 3).of_bars(2)
