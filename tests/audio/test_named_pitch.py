import numpy as np
import pytest

from musegan.audio.named_pitch import other_pitch

RATE = 16_000


def note(pitch: float, seconds: float = 1.0, partials: tuple[float, ...] = (1, 2, 3, 4, 5, 6)):
    """A decaying note with partials at these multiples of its frequency, each softer."""
    time = np.arange(round(seconds * RATE)) / RATE
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    wave = sum(np.sin(2 * np.pi * part * hertz * time) / part for part in partials)
    return (0.3 * wave * np.exp(-2 * time)).astype(np.float32)


@pytest.mark.parametrize("pitch", [48, 60, 84])
def test_a_note_that_is_named_wrong_is_heard(pitch: int) -> None:
    for off in (-5, -3, -1, 1, 2, 5):
        assert other_pitch(note(pitch), RATE, pitch + off) == pitch
    assert other_pitch(note(pitch), RATE, pitch + 10) == pitch + 12  # the nearest of its octaves


@pytest.mark.parametrize("pitch", [40, 60, 84, 108])
def test_nothing_is_said_of_what_is_named_right_out_of_tune_or_octaves_off(pitch: int) -> None:
    for named, sounding in ((pitch, pitch), (pitch, pitch + 0.3), (pitch, pitch - 12)):
        assert other_pitch(note(sounding), RATE, named) is None
    assert other_pitch(note(pitch, partials=(1,)), RATE, pitch) is None


@pytest.mark.parametrize(
    "wave",
    [
        note(60, seconds=0.4),
        note(60, partials=(1, 2.76, 5.4, 8.93)) + note(64.5) + note(55.5),
        np.zeros(RATE, np.float32),
        np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32),
    ],
    ids=["short", "many pitches", "silence", "noise"],
)
def test_nothing_is_said_where_it_cannot_be_told(wave) -> None:
    assert [other_pitch(wave, RATE, named) for named in (57, 61, 62, 66)] == [None] * 4


def test_the_lowest_pitches_are_not_told_apart() -> None:
    assert other_pitch(note(28), RATE, 29) is None


def test_any_rate_will_do() -> None:
    time = np.arange(48_000) / 48_000
    assert other_pitch(np.sin(2 * np.pi * 440 * time).astype(np.float32), 48_000, 67) == 69
    assert other_pitch(note(100), RATE, 127) is None
