"""What is heard of the model that ships: a melody at its pitches, and nothing that clicks."""

import numpy as np
import pytest

from musegan.audio.pitch import heard_pitch
from musegan.composing.timbres import load_timbres, make_instrument
from musegan.rendering.voices import play_tracks
from musegan.song import Multitrack, Notes, Tempo, Track

RATE = 16_000
MELODY = (60, 62, 64, 67, 72, 71, 69, 65, 61, 66)
HELD = 45  # hundredths of a second
CENTS = 0.2  # semitones


@pytest.mark.parametrize("mix", ["violin", "trumpet", "violin:0.5,synth-saw:0.5"])
def test_every_note_of_a_melody_is_within_20_cents(mix):
    rows = [(50 * place, HELD, pitch, 100) for place, pitch in enumerate(MELODY)]
    song = Multitrack((Track(Notes.of(rows)),), 100, (Tempo(0, 60.0),))
    wave = play_tracks(song, {0: [make_instrument(load_timbres(), mix)]}, RATE)
    for place, pitch in enumerate(MELODY):
        begin = round((0.5 * place + 0.05) * RATE)
        note = wave[begin : begin + round(0.4 * RATE)]
        assert heard_pitch(note, RATE, pitch) == pytest.approx(pitch, abs=CENTS)
    assert np.isfinite(wave).all()
