from pathlib import Path

import numpy as np
import pytest

from musegan.errors import MuseganError
from musegan.midi import midi_bytes, write_midi
from musegan.rendering.wave import FADE, PEAK, Sound, render_wave
from musegan.song import Multitrack, Notes, Tempo, Track
from tests.rendering.sounds import RATE, TICKS, loudness, onsets, pitch_of, song


@pytest.mark.parametrize(("pitch", "hertz"), [(45, 110.0), (57, 220.0), (69, 440.0), (81, 880.0)])
def test_pitches_are_in_tune(pitch: int, hertz: float) -> None:
    flute = render_wave(song([(0, 4 * TICKS, pitch, 100)], program=73))
    cents = 1200 * np.log2(pitch_of(flute, 0.5, 1.0) / hertz)
    assert abs(cents) < 15


def test_the_waveform_is_stereo_float_with_its_peak_at_minus_one_decibel() -> None:
    for velocity in (20, 127):
        wave = render_wave(song([(0, 480, 60, velocity)]))
        assert wave.dtype == np.float32
        assert wave.shape[1] == 2
        assert 20 * np.log10(np.abs(wave).max()) == pytest.approx(-1, abs=0.001)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000, 96_000])
def test_the_sample_rate_changes_neither_length_pitch_nor_peak(rate: int) -> None:
    piece = song([(0, 4 * TICKS, 69, 100)], program=73)
    wave = render_wave(piece, Sound(sample_rate=rate))
    assert len(wave) / rate == pytest.approx(len(render_wave(piece)) / RATE, abs=0.01)
    assert pitch_of(wave, 0.5, 1.0, rate) == pytest.approx(440, rel=0.01)
    assert np.abs(wave).max() == pytest.approx(PEAK, abs=1e-4)


def test_notes_sound_when_they_are_written_and_do_not_drift() -> None:
    seconds = [0.0, 0.5, 2.25, 60.0, 119.875]
    ticks = [round(second * 2 * TICKS) for second in seconds]
    heard = onsets(render_wave(song([(t, 40, 37, 120) for t in ticks], is_drum=True)))
    assert heard == pytest.approx(seconds, abs=0.01)


def test_a_change_of_tempo_is_followed() -> None:
    rows = [(0, 40, 37, 120), (2 * TICKS, 40, 37, 120), (4 * TICKS, 40, 37, 120)]
    track = Track(Notes.of(rows), is_drum=True)
    tempos = (Tempo(0, 120), Tempo(2 * TICKS, 60))
    assert onsets(render_wave(Multitrack((track,), TICKS, tempos))) == pytest.approx(
        [0, 1, 3], abs=0.01
    )


@pytest.mark.parametrize("program", [0, 14, 48, 89, 96, 127])
def test_tails_die_away_before_the_end(program: int) -> None:
    wave = render_wave(song([(0, 960, 50, 127)], program=program))
    levels = loudness(wave, window=FADE / 4)
    assert levels[-1] < 5e-4
    assert levels[-8:-4].max() > 1e-5, "silence is left at the end"
    assert len(wave) > 1.02 * RATE


def test_a_tail_longer_than_the_first_room_is_not_cut() -> None:
    glockenspiel = render_wave(song([(0, 240, 45, 127)], program=9))
    assert len(glockenspiel) / RATE > 6


def test_a_song_of_drums_alone_sounds() -> None:
    kit = [(t * TICKS, 60, pitch, 100) for t, pitch in enumerate((36, 38, 42, 46, 49))]
    levels = loudness(render_wave(song(kit, is_drum=True)), window=0.5)
    assert (levels[:5] > 0.01).all()


def test_all_128_programs_sound() -> None:
    for first in range(0, 128, 15):
        programs = range(first, min(first + 15, 128))
        tracks = [
            Track(Notes.of([(place * TICKS, 300, 60, 110)]), program)
            for place, program in enumerate(programs)
        ]
        levels = loudness(render_wave(Multitrack(tuple(tracks), TICKS)), window=0.5)
        assert (levels[: len(tracks)] > 0.003).all(), f"programs {programs}: {levels}"


def test_loud_songs_are_played_softer_and_not_cut_off_at_full_scale() -> None:
    crowd = [(0, 960, pitch, 127) for pitch in range(40, 80)]
    loud = Multitrack(tuple(Track(Notes.of(crowd), p) for p in (61, 62, 30)), TICKS)
    wave = render_wave(loud)
    flat = np.abs(wave) >= PEAK * 0.9999
    assert not (flat[1:] & flat[:-1]).any(), "neighbouring samples at the peak: it is cut off"


def test_the_same_song_gives_the_same_samples() -> None:
    piece = song([(0, 480, 60, 100), (480, 480, 64, 80)], program=48)
    assert np.array_equal(render_wave(piece), render_wave(piece))


def test_a_file_sounds_like_the_song_in_it(tmp_path: Path) -> None:
    piece = song([(0, 480, 60, 100)])
    write_midi(piece, tmp_path / "a.mid")
    assert np.array_equal(render_wave(tmp_path / "a.mid"), render_wave(piece))


def test_what_a_file_says_of_pedals_and_bends_is_heard(tmp_path: Path) -> None:
    piece = song([(0, 240, 60, 100), (240, 1, 61, 1)])
    held = midi_bytes(piece).replace(b"\x00\xc0\x00", b"\x00\xc0\x00\x00\xb0\x40\x7f")
    length = int.from_bytes(held[-4 - held[::-1].index(b"krTM") : -held[::-1].index(b"krTM")])
    at = len(held) - held[::-1].index(b"krTM")
    (tmp_path / "a.mid").write_bytes(held[:at] + (length + 4).to_bytes(4, "big") + held[at + 4 :])
    assert len(render_wave(tmp_path / "a.mid")) > len(render_wave(piece)) + RATE


def test_silence_long_after_the_last_note_is_not_played(tmp_path: Path) -> None:
    piece = song([(0, 240, 60, 100)])
    late_end = midi_bytes(piece)[:-4] + b"\xff\xff\xff\x7f\xff\x2f\x00"
    at = len(late_end) - late_end[::-1].index(b"krTM")
    length = int.from_bytes(late_end[at : at + 4], "big") + 3
    (tmp_path / "a.mid").write_bytes(late_end[:at] + length.to_bytes(4, "big") + late_end[at + 4 :])
    assert np.array_equal(render_wave(tmp_path / "a.mid"), render_wave(piece))


@pytest.mark.parametrize("rate", [22_050, 48_000])
def test_the_waveform_is_its_callers_to_change(rate: int) -> None:
    piece = song([(0, 480, 60, 100)])
    wave = render_wave(piece, Sound(sample_rate=rate))
    loudest = np.abs(wave).max()
    wave *= 0.5
    assert np.abs(wave).max() == loudest / 2
    assert np.abs(render_wave(piece, Sound(sample_rate=rate))).max() == loudest


def test_an_empty_song_is_refused() -> None:
    with pytest.raises(MuseganError, match=r"^test: holds no notes to play$"):
        render_wave(song([]))


def test_a_song_of_hours_is_refused() -> None:
    with pytest.raises(MuseganError, match="lasts 125 minutes, the limit is 60; split it"):
        render_wave(song([(15_000 * TICKS, 1, 60, 100)]))
    with pytest.raises(MuseganError, match=r"is 60; track 1 .*plays C4 in bar 3,751, but"):
        render_wave(song([(0, 1, 60, 100), (15_000 * TICKS, 1, 60, 100)]))


@pytest.mark.parametrize("rate", [0, 7_999, 192_001])
def test_a_sample_rate_out_of_range_is_refused(rate: int) -> None:
    with pytest.raises(MuseganError, match="8,000 to 192,000"):
        render_wave(song([(0, 1, 60, 100)]), Sound(sample_rate=rate))


def test_a_song_that_a_soundfont_has_no_sound_for_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def mute(midi: bytes, soundfont: object, gain: float) -> np.ndarray:
        return np.zeros((RATE, 2), np.int16)

    monkeypatch.setattr("musegan.rendering.synthesis.play_with_midirenderer", mute)
    with pytest.raises(MuseganError, match=r"test: gives no sound with TimGM6mb\.sf2"):
        render_wave(song([(0, 480, 60, 100)]))


def test_a_file_that_is_no_midi_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_text("hello")
    with pytest.raises(MuseganError, match=r"a\.mid: not a MIDI file"):
        render_wave(tmp_path / "a.mid")
