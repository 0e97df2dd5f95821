from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
import soundfile

from musegan.errors import MuseganError
from musegan.midi import playable_midi
from musegan.rendering import synthesis
from musegan.rendering.soundfont import default_soundfont, load_soundfont
from musegan.rendering.synthesis import (
    choose_synthesiser,
    play_with_fluidsynth,
    play_with_midirenderer,
)
from tests.rendering.sounds import RATE, TICKS, onsets, pitch_of, song

SF2 = load_soundfont(default_soundfont())
SF3 = replace(SF2, compressed=True)


class PanicException(BaseException):  # what pyo3 calls it
    """As a panic in Rust arrives."""


def test_auto_is_midirenderer_for_an_sf2() -> None:
    assert choose_synthesiser("auto", SF2) is play_with_midirenderer
    assert choose_synthesiser("midirenderer", SF2) is play_with_midirenderer


def test_auto_is_fluidsynth_for_an_sf3_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(synthesis, "find_spec", lambda name: object())
    assert choose_synthesiser("auto", SF3) is play_with_fluidsynth
    assert choose_synthesiser("fluidsynth", SF2) is play_with_fluidsynth


def test_without_fluidsynth_an_sf3_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthesis, "find_spec", lambda name: None)
    with pytest.raises(MuseganError, match=r"SF3 SoundFont needs fluidsynth.*pip install"):
        choose_synthesiser("auto", SF3)
    with pytest.raises(MuseganError, match="fluidsynth, which is not installed"):
        choose_synthesiser("fluidsynth", SF2)


def test_midirenderer_is_not_given_an_sf3() -> None:
    with pytest.raises(MuseganError, match="midirenderer cannot read; give an SF2"):
        choose_synthesiser("midirenderer", SF3)


def test_an_unknown_synthesiser_is_told_the_known() -> None:
    with pytest.raises(MuseganError, match="no synthesiser 'moog': there are auto, midirenderer"):
        choose_synthesiser("moog", SF2)


def test_gain_scales_the_sound() -> None:
    midi = playable_midi(song([(0, 480, 60, 100)]), 2 * TICKS)
    full, quarter = (play_with_midirenderer(midi, SF2, gain) for gain in (1.0, 0.25))
    assert len(full) == len(quarter)
    assert np.abs(full / 4 - quarter).max() < 4


def test_the_samples_are_those_of_the_wav_that_midirenderer_makes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = np.arange(-600, 600, dtype=np.int16).reshape(-1, 2)
    wav = BytesIO()
    soundfile.write(wav, made, RATE, "PCM_16", format="WAV")
    trailing = wav.getvalue() + b"LIST\x04\x00\x00\x00INFO"
    monkeypatch.setattr("midirenderer.render_wave_from", lambda soundfont, midi: trailing)
    assert np.array_equal(play_with_midirenderer(b"", SF2, 1.0), made)


@pytest.mark.parametrize("problem", [RuntimeError("broken"), PanicException("broken")])
def test_what_midirenderer_chokes_on_becomes_one_line(
    monkeypatch: pytest.MonkeyPatch, problem: BaseException
) -> None:
    def choke(soundfont: bytes, midi: bytes) -> bytes:
        raise problem

    monkeypatch.setattr("midirenderer.render_wave_from", choke)
    with pytest.raises(MuseganError, match=r"TimGM6mb\.sf2: the synthesiser cannot play .*broken"):
        play_with_midirenderer(b"", SF2, 1.0)


def test_ctrl_c_passes_through_midirenderer(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(soundfont: bytes, midi: bytes) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("midirenderer.render_wave_from", interrupt)
    with pytest.raises(KeyboardInterrupt):
        play_with_midirenderer(b"", SF2, 1.0)


def test_fluidsynth_plays_in_tune_and_in_time() -> None:
    pytest.importorskip("fluidsynth", exc_type=ImportError)
    flute = playable_midi(song([(0, 4 * TICKS, 69, 100)], program=73), 6 * TICKS)
    samples = play_with_fluidsynth(flute, SF2, 1.0)
    assert pitch_of(samples / 32768, 0.5, 1.0) == pytest.approx(440, rel=0.01)
    clicks = playable_midi(
        song([(0, 40, 37, 120), (120 * TICKS, 40, 37, 120)], is_drum=True), 124 * TICKS
    )
    samples = play_with_fluidsynth(clicks, SF2, 1.0)
    assert onsets(samples / 32768) == pytest.approx([0, 60], abs=0.01)
    assert len(samples) >= 62 * RATE
    assert np.array_equal(samples, play_with_fluidsynth(clicks, SF2, 1.0))
