from pathlib import Path

import numpy as np
import pytest
import soundfile

from musegan.audio.reading import Recording, read_on, read_recording, resampled
from musegan.errors import MuseganError

TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(44_100) / 44_100)


def write(path: Path, samples: np.ndarray = TONE, rate: int = 44_100, **how: str) -> Path:
    soundfile.write(path, samples, rate, **how)
    return path


def frequency(wave: np.ndarray, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    return float(spectrum.argmax() * rate / len(wave))


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("a.wav", {}),
        ("a.wav", {"subtype": "PCM_U8"}),
        ("a.wav", {"subtype": "DOUBLE"}),
        ("a.flac", {}),
        ("a.ogg", {}),
        ("a.mp3", {}),
        ("a.aif", {"format": "AIFF"}),
        ("a.aiff", {}),
    ],
)
def test_any_format_is_read(tmp_path: Path, name: str, how: dict[str, str]) -> None:
    wave, rate = read_recording(write(tmp_path / name, **how), 10)
    assert wave.dtype == np.float32
    assert rate == 44_100
    assert len(wave) == pytest.approx(44_100, rel=0.1)  # MP3 adds some silence
    assert frequency(wave[4000:40_000], rate) == pytest.approx(440, abs=2)
    assert np.abs(wave[4000:40_000]).max() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 48_000, 192_000])
def test_any_rate_is_resampled(tmp_path: Path, rate: int) -> None:
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    wave = resampled(read_recording(write(tmp_path / "a.wav", tone, rate), 10), 16_000)
    assert len(wave) == pytest.approx(16_000, abs=2)
    assert frequency(wave, 16_000) == pytest.approx(440, abs=1)


def test_channels_are_averaged(tmp_path: Path) -> None:
    both = np.stack([TONE, np.zeros_like(TONE), TONE / 2], axis=1)
    mono = read_recording(write(tmp_path / "a.wav", both), 10).wave
    np.testing.assert_allclose(mono, TONE / 2, atol=1e-4)


@pytest.mark.parametrize(("left", "right"), [(1.0, -1.0), (-0.5, 0.5)])
def test_of_channels_that_cancel_out_one_is_heard(
    tmp_path: Path, left: float, right: float
) -> None:
    both = np.stack([left * TONE, right * TONE + 0.2], axis=1)
    mono = read_recording(write(tmp_path / "a.wav", both), 10).wave
    np.testing.assert_allclose(np.abs(mono), np.abs(left * TONE), atol=1e-3)


def test_of_many_channels_the_only_one_that_plays_is_heard_as_softly(tmp_path: Path) -> None:
    channels = np.zeros((len(TONE), 8))
    channels[:, 3] = TONE
    mono = read_recording(write(tmp_path / "a.wav", channels), 10).wave
    np.testing.assert_allclose(mono, TONE / 8, atol=1e-4)


def test_an_offset_is_taken_out(tmp_path: Path) -> None:
    wave = read_recording(write(tmp_path / "a.wav", TONE + 0.3), 10).wave
    np.testing.assert_allclose(wave, TONE, atol=1e-3)
    silence = read_recording(write(tmp_path / "b.wav", np.full(900, 0.5)), 10).wave
    assert np.abs(silence).max() < 1e-6


def test_of_a_long_file_only_what_is_asked_for_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "hours.wav", np.tile(TONE, 20))
    asked = []
    real = soundfile.SoundFile.read

    def read(self: soundfile.SoundFile, frames: int, **how: object) -> np.ndarray:
        asked.append(frames)
        return real(self, frames, **how)

    monkeypatch.setattr(soundfile.SoundFile, "read", read)
    assert len(read_recording(path, 0.5).wave) == 22_050
    assert asked == [22_050]


def test_a_recording_is_read_on_as_long_as_more_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "long.flac", np.tile(TONE, 6))
    whole = read_recording(path, 9).wave
    so_far = list(read_on(path, 9))
    assert [len(each.wave) / 44_100 for each in so_far] == [1.25, 2.5, 3.75, 5.0, 6.0]
    for each in so_far:
        np.testing.assert_allclose(each.wave, whole[: len(each.wave)], atol=1e-3)
    assert [len(each.wave) / 44_100 for each in read_on(path, 2.0)] == [1.25, 2.0]
    assert [len(each.wave) / 44_100 for each in read_on(path, 2.5)] == [1.25, 2.5]


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3"])
def test_blocks_read_one_by_one_are_the_recording_read_at_once(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a.{suffix}", np.tile(TONE, 4))
    at_once = read_recording(path, 4).wave
    *_, whole = read_on(path, 4)
    np.testing.assert_array_equal(whole.wave, at_once)


def test_what_is_no_sound_is_told(tmp_path: Path) -> None:
    text = tmp_path / "text.wav"
    text.write_text("bread and butter")
    empty = tmp_path / "empty.flac"
    empty.write_bytes(b"")
    none = write(tmp_path / "none.wav", TONE[:0])
    odd = write(tmp_path / "nan.wav", np.array([0.1, np.nan, 0.2]), subtype="FLOAT")
    endless = write(tmp_path / "inf.wav", np.array([0.1, np.inf, -np.inf]), subtype="FLOAT")
    for path, told in {
        endless: "samples that are no numbers",
        text: "not audio that can be read",
        empty: "not audio that can be read",
        tmp_path: "a folder, not a sound; name a file in it",
        tmp_path / "absent.wav": "no such file",
        none: "holds no samples",
        odd: "samples that are no numbers",
    }.items():
        with pytest.raises(MuseganError, match=rf"^{path}: .*{told}"):
            read_recording(path, 1)


def test_what_a_rate_cannot_hold_is_left_out() -> None:
    high = np.sin(2 * np.pi * 9000 * np.arange(48_000) / 48_000).astype(np.float32)
    assert np.abs(resampled(Recording(high, 48_000), 16_000)[500:-500]).max() < 1e-3
