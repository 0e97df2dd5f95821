from pathlib import Path

import numpy as np
import pytest

from musegan.errors import MuseganError
from musegan.rendering.soundfont import default_soundfont, load_soundfont
from musegan.rendering.wave import Sound, render_wave
from tests.rendering.sounds import song


def damaged(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "damaged.sf2"
    path.write_bytes(data)
    return path


def test_the_default_soundfont_is_found_and_plain() -> None:
    soundfont = load_soundfont(default_soundfont())
    assert soundfont.path.name == "TimGM6mb.sf2"
    assert not soundfont.compressed
    assert soundfont.data[soundfont.samples.start - 8 : soundfont.samples.start - 4] == b"smpl"


def test_a_quieter_soundfont_is_the_same_but_for_its_samples() -> None:
    soundfont = load_soundfont(default_soundfont())
    quiet = soundfont.quieter(0.25)
    assert len(quiet) == len(soundfont.data)
    assert quiet[: soundfont.samples.start] == soundfont.data[: soundfont.samples.start]
    assert quiet[soundfont.samples.stop :] == soundfont.data[soundfont.samples.stop :]
    was = np.frombuffer(soundfont.data[soundfont.samples], "<i2")
    now = np.frombuffer(quiet[soundfont.samples], "<i2")
    assert np.abs(now - was / 4).max() <= 0.5


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "not a SoundFont; give a .sf2 file"),
        (b"hello", "not a SoundFont; give a .sf2 file"),
        (b"RIFF\x04\x00\x00\x00WAVEfmt ", "not a SoundFont; give a .sf2 file"),
        (b"RIFF\x04\x00\x00\x00sfbk", "cut off or damaged; fetch it again"),
    ],
)
def test_a_file_that_is_no_soundfont_is_refused(
    tmp_path: Path, data: bytes, complaint: str
) -> None:
    with pytest.raises(MuseganError, match=f"damaged.sf2: .*{complaint}"):
        load_soundfont(damaged(tmp_path, data))


@pytest.mark.parametrize("share", [0.01, 0.5, 0.999])
def test_a_soundfont_that_is_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    whole = default_soundfont().read_bytes()
    path = damaged(tmp_path, whole[: int(len(whole) * share)])
    with pytest.raises(MuseganError, match="cut off or damaged"):
        load_soundfont(path)


@pytest.mark.parametrize("padding", [b"", b"\0"])
def test_a_chunk_of_odd_length_may_lack_its_padding(tmp_path: Path, padding: bytes) -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return name + len(data).to_bytes(4, "little") + data

    info = chunk(b"LIST", b"INFO" + chunk(b"ifil", b"\3\0\0\0"))
    samples = chunk(b"LIST", b"sdta" + chunk(b"smpl", b"Ogg") + padding)
    presets = chunk(b"LIST", b"pdta" + chunk(b"phdr", bytes(38)) + chunk(b"shdr", bytes(46)))
    soundfont = load_soundfont(
        damaged(tmp_path, chunk(b"RIFF", b"sfbk" + info + samples + presets))
    )
    assert soundfont.compressed
    assert soundfont.data[soundfont.samples] == b"Ogg"


@pytest.mark.parametrize("byte", [0, 1, 255])
@pytest.mark.parametrize("part", [b"phdr", b"inst", b"shdr"])
def test_a_soundfont_of_nonsense_ends_in_one_line(
    tmp_path: Path, part: bytes, byte: int, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = default_soundfont().read_bytes()
    start = whole.index(part) + 8
    stop = start + int.from_bytes(whole[start - 4 : start], "little")
    path = damaged(tmp_path, whole[:start] + bytes([byte]) * (stop - start) + whole[stop:])
    with pytest.raises(MuseganError, match=r"damaged\.sf2"):
        render_wave(song([(0, 240, 60, 100)]), Sound(path))
    assert capfd.readouterr().err == ""


def test_a_missing_soundfont_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MuseganError, match=r"none\.sf2: no such SoundFont"):
        load_soundfont(tmp_path / "none.sf2")
    with pytest.raises(MuseganError, match="cannot be read"):
        load_soundfont(tmp_path)


def test_a_musegan_without_its_soundfont_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("musegan.rendering.soundfont.find_spec", lambda name: None)
    with pytest.raises(MuseganError, match="name one with --soundfont"):
        default_soundfont()
