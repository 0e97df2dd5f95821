import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musegan.audio.reading import Recording
from musegan.audio.shaping import PEAK, find_note, find_onset, shape_note
from musegan.errors import MuseganError

RATE = 16_000


def note(seconds: float = 1.0, silence: float = 0.0, noise: float = 0.0) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    tone = 0.3 * np.sin(2 * np.pi * 330 * time)
    wave = np.concatenate([np.zeros(round(silence * RATE)), tone])
    hiss = np.random.default_rng(0).normal(0, 1, len(wave))
    return (wave + noise * hiss).astype(np.float32)


@pytest.mark.parametrize("noise", [0.0, 0.001])
@pytest.mark.parametrize("silence", [0.0, 0.1, 2.345])
def test_the_onset_is_found_to_five_milliseconds(silence: float, noise: float) -> None:
    found = find_onset(note(silence=silence, noise=noise), RATE) / RATE
    assert silence - 0.005 <= found <= silence


def shaped(wave: np.ndarray, samples: int = 8000, rate: int = RATE) -> np.ndarray:
    return shape_note(find_note([Recording(wave, RATE)], samples / rate), rate, samples)


def test_notes_begin_together() -> None:
    at_once, one, other = (shaped(note(silence=silence)) for silence in (0, 0.5, 1.25))
    np.testing.assert_allclose(one, other, atol=2e-3)
    np.testing.assert_allclose(at_once, other, atol=2e-3)
    assert np.abs(one[:150]).max() < 1e-3
    assert np.abs(one[160:200]).max() > 0.5


def test_a_click_at_the_very_start_is_kept() -> None:
    click = np.zeros(4000, np.float32)
    click[0] = 0.5
    assert np.abs(shaped(click)).argmax() == 160


def test_a_long_note_is_faded_out_and_a_short_one_followed_by_silence() -> None:
    long = shaped(note(2.0))
    assert long.shape == (8000,)
    assert np.abs(long[-400:-300]).max() > 0.7
    assert np.abs(long[-5:]).max() < 0.02
    short = shaped(note(0.25))
    assert short.shape == (8000,)
    assert np.abs(short[3700:3830]).max() > 0.7
    assert np.abs(short[4155:4160]).max() < 0.02
    assert not short[4160:].any()


@pytest.mark.parametrize("rate", [8000, 22_050, 48_000])
def test_the_note_lasts_as_long_at_any_rate(rate: int) -> None:
    wave = shaped(note(0.25, silence=0.3), rate // 2, rate)
    assert wave.shape == (rate // 2,)
    heard = np.flatnonzero(np.abs(wave) > 0.1)
    assert heard[0] == pytest.approx(0.01 * rate, abs=0.002 * rate)
    assert heard[-1] == pytest.approx(0.26 * rate, abs=0.004 * rate)


@settings(max_examples=30, deadline=None)
@given(
    gain=st.floats(0.01, 100),
    samples=st.integers(800, 20_000),
    seconds=st.floats(0.01, 1.5),
)
def test_every_note_peaks_alike_whatever_its_level(
    gain: float, samples: int, seconds: float
) -> None:
    wave = shaped((gain * note(seconds)).astype(np.float32), samples)
    assert wave.shape == (samples,)
    assert wave.dtype == np.float32
    assert np.abs(wave).max() == pytest.approx(PEAK, rel=1e-5)


@pytest.mark.parametrize("wave", [np.zeros(4000), np.full(4000, 1e-4), np.zeros(1)])
def test_silence_is_told(wave: np.ndarray) -> None:
    with pytest.raises(MuseganError, match="is silent"):
        shaped(wave.astype(np.float32))


@pytest.mark.parametrize(
    ("wave", "holds"),
    [
        (note(1.0), True),
        (note(1.0, silence=0.4), True),
        (note(1.0, silence=0.6)[:RATE], False),  # its end is missing
        (note(1.0) / 40, False),  # what is so soft may be noise before the note
        (np.zeros(RATE, np.float32), False),
    ],
)
def test_it_is_known_whether_the_beginning_is_enough(wave: np.ndarray, holds: bool) -> None:
    recordings = [Recording(wave, RATE), Recording(np.append(wave, wave), RATE)]
    assert find_note(recordings, 0.5).recording is recordings[0 if holds else 1]


def test_a_note_tells_its_onset_and_its_peak() -> None:
    _, onset, peak = find_note([Recording(-note(silence=0.4), RATE)], 0.5)
    assert onset / RATE == pytest.approx(0.4, abs=0.005)
    assert peak == pytest.approx(0.3, abs=1e-3)
