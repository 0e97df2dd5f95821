import errno
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musegan.errors import MuseganError
from musegan.rendering.audio_file import AUDIO_FORMATS, render_audio, with_serial, write_audio
from musegan.rendering.wave import PEAK, Sound
from tests.rendering.sounds import song

PIECE = song([(0, 480, 60, 100), (480, 480, 67, 90)], program=48)


def noise(seconds: float, rate: int = 48_000) -> np.ndarray:
    values = np.random.default_rng(7).uniform(-0.5, 0.5, (round(seconds * rate), 2))
    return values.astype(np.float32)


@pytest.mark.parametrize("extension", [*AUDIO_FORMATS, "WAV"])
def test_the_extension_chooses_the_format(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"a.{extension}"
    render_audio(PIECE, path, Sound(sample_rate=22_050))
    about = soundfile.info(path)
    assert about.format == extension.upper()
    assert (about.samplerate, about.channels) == (22_050, 2)
    peak = np.abs(soundfile.read(path)[0]).max()
    assert peak == pytest.approx(PEAK, abs=0.03 if extension == "ogg" else 1e-4)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("extension", ["wav", "flac"])
def test_16_bits_keep_the_waveform(tmp_path: Path, extension: str) -> None:
    wave = noise(0.2)
    write_audio(wave, 48_000, tmp_path / f"a.{extension}")
    read, _ = soundfile.read(tmp_path / f"a.{extension}")
    assert np.abs(read - wave).max() < 1 / 32768


@pytest.mark.parametrize("extension", list(AUDIO_FORMATS))
def test_the_same_song_gives_the_same_bytes(tmp_path: Path, extension: str) -> None:
    paths = [tmp_path / f"{name}.{extension}" for name in "ab"]
    for path in paths:
        render_audio(PIECE, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_new_serial_number_leaves_an_ogg_that_decoders_accept(tmp_path: Path) -> None:
    wave = noise(3)
    write_audio(wave, 48_000, tmp_path / "a.ogg")
    first = (tmp_path / "a.ogg").read_bytes()
    (tmp_path / "b.ogg").write_bytes(with_serial(first, 0xDEADBEEF))
    assert with_serial(with_serial(first, 0xDEADBEEF), 0) == first
    one, other = (soundfile.read(tmp_path / name)[0] for name in ("a.ogg", "b.ogg"))
    assert len(other) == len(wave)
    assert np.array_equal(one, other)


def test_a_page_with_a_wrong_checksum_would_be_noticed(tmp_path: Path) -> None:
    write_audio(noise(3), 48_000, tmp_path / "a.ogg")
    data = bytearray((tmp_path / "a.ogg").read_bytes())
    second_page = data.index(b"OggS", 4)
    data[second_page + 22] ^= 1
    (tmp_path / "b.ogg").write_bytes(data)
    with pytest.raises(soundfile.LibsndfileError):
        soundfile.read(tmp_path / "b.ogg")


def test_a_long_ogg_is_written(tmp_path: Path) -> None:
    wave = np.zeros((60 * 48_000, 2), np.float32)
    write_audio(wave, 48_000, tmp_path / "a.ogg")
    assert soundfile.info(tmp_path / "a.ogg").frames == len(wave)


@pytest.mark.parametrize("name", ["a.mp3", "a", "a.mid"])
def test_an_unknown_extension_is_told_the_known(tmp_path: Path, name: str) -> None:
    with pytest.raises(MuseganError, match=r"no audio format.*: \.wav, \.flac, \.ogg"):
        render_audio(PIECE, tmp_path / name)


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(path: Path, data: bytes) -> int:
        with path.open("wb") as stream:
            stream.write(data[:100])
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    (tmp_path / "a.wav").write_bytes(b"before")
    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(
        MuseganError, match=r"a\.wav: cannot be written \(No space left on device\)"
    ):
        render_audio(PIECE, tmp_path / "a.wav")
    assert [p.name for p in tmp_path.iterdir()] == ["a.wav"]
    assert (tmp_path / "a.wav").read_bytes() == b"before"


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(MuseganError, match=r"a\.wav: cannot be written \(No such file"):
        render_audio(PIECE, tmp_path / "none" / "a.wav")
