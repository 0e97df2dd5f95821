import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.data.keys import estimate_keys, home_keys, move
from musegan.instruments import Ensemble
from musegan.pianoroll import Grid, Phrases

GRID = Grid(4, 3)
DUO = Ensemble.from_description(
    "duo",
    [
        {"name": "drums", "drums": True, "range": [35, 81]},
        {"name": "piano", "program": 0, "range": [48, 83]},
    ],
)
C_MAJOR = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60]
A_MINOR = [69, 71, 72, 74, 76, 77, 76, 72, 69, 76, 69]


def melody(pitches: list[int]) -> Phrases:
    return Phrases.of([[(1, 3 * i, 3, p, 90) for i, p in enumerate(pitches)]], GRID, 4)


@pytest.mark.parametrize("tune", [C_MAJOR, A_MINOR])
@pytest.mark.parametrize("semitones", range(-5, 7))
def test_the_key_is_told_in_semitones_from_home(tune: list[int], semitones: int) -> None:
    moved = melody([pitch + semitones for pitch in tune])
    assert home_keys(moved, DUO).tolist() == [semitones]


def test_drums_and_silence_are_at_home() -> None:
    phrases = Phrases.of([[(0, 0, 1, 38, 90)], []], GRID, 4)
    assert home_keys(phrases, DUO).tolist() == [0, 0]


def test_drums_do_not_move() -> None:
    phrases = Phrases.of([[(0, 0, 1, 38, 90), (1, 0, 3, 60, 90)]], GRID, 4)
    moved = move(phrases, np.array([3]), DUO)
    assert moved.rows() == [[(0, 0, 1, 38, 90), (1, 0, 3, 63, 90)]]


@given(st.lists(st.integers(48, 83), min_size=1, max_size=12), st.integers(-40, 40))
def test_moved_notes_stay_in_range_and_in_their_pitch_class(
    pitches: list[int], semitones: int
) -> None:
    phrases = melody(pitches)
    moved = move(phrases, np.array([semitones]), DUO)
    assert len(moved.pitch) == len(pitches)
    assert moved.pitch.min() >= 48
    assert moved.pitch.max() <= 83
    shift = moved.pitch.astype(int) - phrases.canonical().pitch - semitones
    assert (shift % 12 == 0).all()


@pytest.mark.parametrize(("tune", "tonic", "minor"), [(C_MAJOR, 0, False), (A_MINOR, 9, True)])
@pytest.mark.parametrize("semitones", range(-5, 7))
def test_a_key_and_its_relative_are_told_apart(
    tune: list[int], tonic: int, minor: bool, semitones: int
) -> None:
    tonics, minors = estimate_keys(melody([pitch + semitones for pitch in tune]), DUO)
    assert tonics.tolist() == [(tonic + semitones) % 12]
    assert minors.tolist() == [minor]


def test_drums_and_silence_have_no_key_but_c() -> None:
    tonics, minors = estimate_keys(Phrases.of([[(0, 0, 1, 38, 90)], []], GRID, 4), DUO)
    assert tonics.tolist() == [0, 0]
    assert not minors.any()
