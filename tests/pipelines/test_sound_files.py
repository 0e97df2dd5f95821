from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musegan.errors import MuseganError
from pipelines.sound_files import SoundChunk, shape_files
from pipelines.sound_sources import SoundSource, find_sounds
from tests.pipelines.recordings import SETTINGS, tone, write_recordings


@pytest.fixture(scope="module")
def chunk(tmp_path_factory) -> SoundChunk:
    folder = write_recordings(tmp_path_factory.mktemp("shape") / "sounds", pitches=2)
    return shape_files(find_sounds(folder), SETTINGS)


def test_sounds_begin_alike_and_tell_the_file_they_are_from(chunk):
    assert chunk.waves.shape == (5, 2000)
    assert chunk.waves.dtype == np.int16
    assert chunk.file.tolist() == [5, 6, 7, 8, 9]
    assert chunk.hashes[0] == chunk.hashes[1]  # flute-060-1 and its copy
    assert len(set(chunk.hashes.tolist())) == 4
    assert np.abs(chunk.waves.astype(int)).max(axis=1).tolist() == [29_204] * 5  # -1 dBFS
    assert np.abs(chunk.waves[:, :70]).max() < 1000
    assert (np.abs(chunk.waves[:, 80:110]).max(axis=1) > 10_000).all()


def test_reasons_are_in_words_without_the_files_name(chunk):
    nothing, odd, silence, text, unknown = chunk.reasons[:5]
    assert nothing == "holds no samples; record it again"
    assert odd == "holds samples that are no numbers; export it again"
    assert silence == "is silent"
    assert text.startswith("not audio that can be read (")
    assert unknown == "has no pitch, as others have, in the table of labels or in its name"
    assert chunk.reasons[5:] == [""] * 5
    assert chunk.faults[:5] == ["unreadable", "unreadable", "", "unreadable", "unlabelled"]
    assert chunk.faults[5:] == [""] * 5


def test_without_labels_there_is_no_sound(tmp_path):
    source = SoundSource(Path("a.wav"), "a.wav", "", 60, "", None)
    assert shape_files([source], SETTINGS).reasons == ["has no instrument in the table of labels"]


def test_drums_need_no_pitch(tmp_path):
    folder = write_recordings(tmp_path / "sounds", pitches=1)
    unknown = [item for item in find_sounds(folder) if item.pitch is None]
    assert len(shape_files(unknown, replace(SETTINGS, pitched=False)).waves) == 1


@pytest.mark.parametrize(
    ("silence", "blocks"),
    [(0.0, [1.25]), (3.0, [1.25] * 3), (30.0, [1.25] * 8 + [0.25])],
)
def test_of_a_long_recording_only_what_is_needed_is_read(tmp_path, monkeypatch, silence, blocks):
    wave = np.concatenate([np.zeros(round(silence * 8000)), *[tone(60, 8000)] * 99])
    soundfile.write(tmp_path / "long-060-1.wav", wave, 8000)
    asked = []
    real = soundfile.SoundFile.read
    monkeypatch.setattr(
        soundfile.SoundFile,
        "read",
        lambda self, frames, **how: asked.append(frames / 8000) or real(self, frames, **how),
    )
    chunk = shape_files(find_sounds(tmp_path), SETTINGS)
    assert asked == blocks
    late = "nothing sounds in its first 10.25 s; cut off what is before"
    assert chunk.reasons == [late if silence > 10 else ""]


def test_a_note_after_silence_is_the_note_without_it(tmp_path):
    for name, silence in (("a-060-1.wav", 0), ("b-060-1.wav", 5)):
        wave = np.concatenate([np.zeros(8000 * silence), tone(60, 8000)])
        soundfile.write(tmp_path / name, wave, 8000)
    at_once, late = shape_files(find_sounds(tmp_path), SETTINGS).waves.astype(int)
    assert np.abs(at_once - late).max() < 200


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"rate": 100}, "rate 100: give 4,000 to 96,000"),
        ({"seconds": 0.01}, "seconds 0.01: give 0.1 to 30"),
        ({"seconds": float("nan")}, "seconds nan"),
        ({"valid": 0.5, "test": 0.5}, "shares that leave some"),
    ],
)
def test_settings_out_of_range_are_told(changes, told):
    with pytest.raises(MuseganError, match=told):
        replace(SETTINGS, **changes).check()
    SETTINGS.check()
