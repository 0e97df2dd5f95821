from dataclasses import replace

import numpy as np
import soundfile
from PIL import Image

from musegan.evaluation.material import Material
from musegan.evaluation.samples import write_samples
from musegan.midi import read_midi
from musegan.pianoroll import Phrases, concatenate

from .datasets import FOUR, full_phrases
from .hands import TRIO


def test_samples_can_be_read_seen_and_heard(tmp_path):
    silent = Phrases.of([[]], FOUR, 2)
    some = Material.made(concatenate([full_phrases(1, seed=3), silent, full_phrases(2, seed=4)]))
    some = replace(some, tempo=np.array([240.0, 240, 240, 180]))
    samples = write_samples(some, 2, TRIO, tmp_path / "deep" / "samples")
    assert [sample.midi.name for sample in samples] == ["00.mid", "01.mid"]
    for sample, index, tempo in zip(samples, (0, 3), (240, 180), strict=True):
        song = read_midi(sample.midi)
        assert song.note_count() == len(some.phrases.select([index]).canonical().pitch)
        assert round(song.tempos[0].bpm) == tempo
        with Image.open(sample.picture) as picture:
            assert picture.format == "PNG"
        sound, _ = soundfile.read(sample.sounds["listen"])
        assert np.abs(sound).max() > 0.1


def test_no_samples_of_silence(tmp_path):
    silence = Material.made(Phrases.of([[], []], FOUR, 2))
    assert write_samples(silence, 4, TRIO, tmp_path) == []
