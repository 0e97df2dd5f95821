"""Some of the judged phrases as files to see and hear."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from musegan.evaluation.material import Material
from musegan.evaluation.page import Sample
from musegan.instruments import Ensemble, to_multitrack
from musegan.midi import write_midi
from musegan.rendering.audio_file import render_audio
from musegan.rendering.png import draw_phrase


def write_samples(material: Material, count: int, ensemble: Ensemble, folder: Path) -> list[Sample]:
    """Write phrases as MIDI, picture and sound into a folder, which is made if need be.

    At most `count` of them, at even distances; phrases without notes are passed over.
    """
    heard = material.at(np.flatnonzero(np.diff(material.phrases.offsets))).thinned(count)
    folder.mkdir(parents=True, exist_ok=True)
    samples = []
    for index, tempo in enumerate(heard.tempo.tolist()):
        name = f"{index:02d}"
        # Ogg, for the page carries the sound within it
        midi, picture, audio = (folder / f"{name}.{ending}" for ending in ("mid", "png", "ogg"))
        song = to_multitrack(heard.phrases, index, ensemble, bpm=tempo, name=name)
        write_midi(song, midi)
        draw_phrase(heard.phrases, index, ensemble, picture, bpm=tempo, title=name)
        render_audio(song, audio)
        samples.append(Sample(name, picture, {"listen": audio}, midi))
    return samples
