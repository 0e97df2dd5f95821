import pytest

from musegan.midi.names import pitch_name, pitch_of


@pytest.mark.parametrize("pitch", range(128))
def test_a_pitch_is_read_as_it_is_written(pitch):
    assert pitch_of(pitch_name(pitch)) == pitch_of(str(pitch)) == pitch


@pytest.mark.parametrize(
    ("text", "pitch"),
    [("Db4", 61), ("Cb4", 59), ("B#3", 60), ("a4", 69), ("G9", 127), ("C-1", 0)],
)
def test_notes_have_flats_and_any_case(text, pitch):
    assert pitch_of(text) == pitch


@pytest.mark.parametrize("text", ["", "H4", "C", "C##4", "128", "-1", "G#9", "Cb-1", "6.0", "C10"])
def test_what_is_no_pitch_is_none(text):
    assert pitch_of(text) is None
