"""Tracks played note by note: each in time to the sample, with its own end, and no clicks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import soxr
from numpy.typing import NDArray

from musegan.song import Multitrack, Track, seconds_at

Mono = NDArray[np.float32]

RELEASE = 0.12  # seconds a note takes to die away
LAYERS = (-6.0, -3.0, 0.0)  # dB for each octave above the fundamental, soft to loud
LONGEST = 120.0  # seconds a note is held at most
RINGING = 1.5  # seconds at most that a sound rings


class Voice(Protocol):
    """Whatever plays single notes."""

    @property
    def rate(self) -> int:
        """Samples a second."""

    @property
    def rings(self) -> bool:
        """Whether its sounds ring out, however soon their notes end, as drums do."""

    def play(self, pitch: int, seconds: float, brightness: float) -> Mono:
        """A note held for so long, brighter by so many dB an octave; a longer one begins alike."""


def play_tracks(song: Multitrack, voices: Mapping[int, Sequence[Voice]], rate: int) -> Mono:
    """The sound of some tracks, (samples,), which ends when the last note has died away.

    Args:
        song: what is played.
        voices: by the numbers of tracks, who plays each; several take turns, each for an equal
            part of the song.
        rate: samples a second.
    """
    total = float(seconds_at(song, np.array(song.end)))
    rings = any(voice.rings for players in voices.values() for voice in players)
    wave = np.zeros(round((total + (RINGING if rings else RELEASE)) * rate) + 1, np.float32)
    for number, players in voices.items():
        _play_track(wave, song, song.tracks[number], players, rate)
    return wave[: int(np.flatnonzero(wave)[-1]) + 2] if rings and wave.any() else wave


def _play_track(
    wave: Mono, song: Multitrack, track: Track, voices: Sequence[Voice], rate: int
) -> None:
    """Add a track to `wave`; what has the same player, pitch and layer is made only once."""
    notes = track.notes
    starts, ends = seconds_at(song, notes.start), seconds_at(song, notes.end)
    lasting = np.minimum(ends - starts, LONGEST)
    if any(voice.rings for voice in voices):
        lasting = np.full_like(lasting, RINGING)
    player = np.minimum(starts / len(wave) * rate * len(voices), len(voices) - 1).astype(int)
    layer = notes.velocity * len(LAYERS) // 128
    keys = np.stack([player, notes.pitch, layer], 1)
    for key in np.unique(keys, axis=0):
        who, pitch, loud = key.tolist()
        alike = np.flatnonzero((keys == key).all(1))
        voice, longest = voices[who], float(lasting[alike].max()) + RELEASE
        sound = voice.play(pitch, longest, LAYERS[loud])
        if voice.rate != rate:
            sound = soxr.resample(sound, voice.rate, rate)
        for note in alike.tolist():
            gain = (int(notes.velocity[note]) / 127) ** 2  # General MIDI level 2: 40 log10(v / 127)
            begin = round(float(starts[note]) * rate)
            _add(wave, sound, begin, round(float(lasting[note]) * rate), rate, gain)


def _add(wave: Mono, sound: Mono, begin: int, held: int, rate: int, gain: float) -> None:
    release = round(RELEASE * rate)
    length = min(held + release, len(sound), len(wave) - begin)
    note = gain * sound[:length]
    dying = np.arange(max(0, length - held), dtype=np.float32) / release
    note[length - len(dying) :] *= np.cos(np.minimum(dying, 1) * np.float32(np.pi / 2)) ** 2
    wave[begin : begin + length] += note
