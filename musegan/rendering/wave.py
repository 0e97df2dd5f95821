"""Song -> waveform: stereo, its loudest sample at -1 dBFS, its tail not cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musegan.errors import MuseganError
from musegan.midi import playable_midi, read_midi
from musegan.midi.straying import stray
from musegan.rendering.soundfont import SoundFont, default_soundfont, load_soundfont
from musegan.rendering.synthesis import NATIVE_RATE, Samples, Synthesiser, choose_synthesiser
from musegan.rendering.voices import Mono, Voice, play_tracks
from musegan.song import Multitrack, seconds_at

Wave = NDArray[np.float32]

PEAK = 10 ** (-1 / 20)  # -1 dBFS
LONGEST = 3600  # seconds of sound a song may give: an hour takes some 2 GB of memory
ROOMS = (5, 12, 60)  # seconds for the last notes to die away, tried until they do
GAINS = (1.0, 1 / 4, 1 / 16)  # loudness, tried until nothing is cut off at full scale
FULL_SCALE = 32767
SILENCE = 1e-4  # of the peak (-80 dB): what is softer at the end is trimmed
LEAST_AUDIBLE = 2  # steps of 16 bits
FADE = 0.02  # seconds over which the trimmed end fades, so that it does not click
RATES = (8_000, 192_000)


@dataclass(frozen=True)
class Sound:
    """How a song is to sound.

    Attributes:
        soundfont: a SoundFont file; None is the one that comes with pretty_midi.
        sample_rate: samples a second, 8000..192000.
        synth: `midirenderer`, `fluidsynth`, or `auto`: midirenderer wherever it can read the
            SoundFont.
    """

    soundfont: Path | None = None
    sample_rate: int = NATIVE_RATE
    synth: str = "auto"


def render_wave(
    source: Multitrack | Path,
    sound: Sound = Sound(),  # frozen
    voices: Mapping[int, Sequence[Voice]] | None = None,
) -> Wave:
    """The sound of a song or of a MIDI file, (samples, 2) float32 at `sound.sample_rate`.

    Time 0 is the song's start. The same song and settings give the same samples.

    Args:
        source: the song, or its file.
        sound: how it is to sound.
        voices: by the numbers of tracks, who plays each instead of the SoundFont; see
            `play_tracks`.

    Raises:
        MuseganError: the song cannot be read, holds no notes, is longer than an hour or gives no
            sound; or the SoundFont, the synthesiser or the sample rate is of no use.
    """
    synthesise, soundfont = check_sound(sound)
    song = read_midi(source) if isinstance(source, Path) else source
    name = source if isinstance(source, Path) else source.name or "song"
    _check_length(song, str(name))
    rest = _without(song, voices) if voices else song
    wave = np.zeros((0, 2), np.float32)
    if rest.note_count():
        samples, gain = _sounded(rest, rest if voices else source, synthesise, soundfont)
        wave = _floating(samples, sound.sample_rate, np.float32(gain * FULL_SCALE))
    if voices:
        wave = _together(wave, play_tracks(song, voices, sound.sample_rate))
    if len(wave) == 0:
        raise MuseganError(
            f"{name}: gives no sound with {soundfont.path.name}; try another SoundFont"
        )
    return _levelled(wave, round(FADE * sound.sample_rate))


def check_sound(sound: Sound) -> tuple[Synthesiser, SoundFont]:
    """The synthesiser and the SoundFont of a sound.

    Raises:
        MuseganError: there is no such thing, or they do not go together.
    """
    low, high = RATES
    if not low <= sound.sample_rate <= high:
        raise MuseganError(
            f"a sample rate of {sound.sample_rate:,}: it lies in {low:,} to {high:,} a second"
        )
    soundfont = load_soundfont(sound.soundfont or default_soundfont())
    return choose_synthesiser(sound.synth, soundfont), soundfont


def _check_length(song: Multitrack, name: str) -> None:
    if not song.note_count():
        raise MuseganError(f"{name}: holds no notes to play")
    seconds = _seconds(song)
    if seconds > LONGEST:
        raise MuseganError(
            f"{name}: lasts {seconds / 60:,.0f} minutes, the limit is {LONGEST // 60}; "
            + (stray(song) or "split it")
        )


def _seconds(song: Multitrack) -> float:
    return float(seconds_at(song, np.array(song.end)))


def _without(song: Multitrack, voices: Mapping[int, Sequence[Voice]]) -> Multitrack:
    """The song without the tracks that voices play."""
    rest = tuple(track for number, track in enumerate(song.tracks) if number not in voices)
    return replace(song, tracks=rest)


def _together(wave: Wave, voices: Mono) -> Wave:
    """Both at once, the voices in the middle."""
    longer = max(len(wave), len(voices))
    both = np.pad(wave, ((0, longer - len(wave)), (0, 0)))
    both[: len(voices)] += voices[:, None]
    return both


def _sounded(
    song: Multitrack, source: Multitrack | Path, synthesise: Synthesiser, soundfont: SoundFont
) -> tuple[Samples, float]:
    """What the synthesiser makes of it, neither overloaded nor cut short where that can be.

    Returns:
        The samples without the silence at their end, and the gain they were made with.
    """
    rooms, gains = iter(ROOMS), iter(GAINS)
    room, gain = next(rooms), next(gains)
    while True:
        samples = synthesise(playable_midi(source, _tick_after(song, room)), soundfont, gain)
        peak = _peak(samples)
        if peak >= FULL_SCALE and gain > GAINS[-1]:
            gain = next(gains)
        elif _peak(samples[-NATIVE_RATE // 20 :]) > LEAST_AUDIBLE and room < ROOMS[-1]:
            room = next(rooms)
        else:
            return _trim(samples, max(LEAST_AUDIBLE, peak * SILENCE)), gain


def _tick_after(song: Multitrack, seconds: float) -> int:
    """The tick `seconds` or more after the song's end."""
    last = [tempo.bpm for tempo in song.tempos if tempo.time <= song.end][-1:]
    later = [tempo.bpm for tempo in song.tempos if tempo.time > song.end]
    fastest = max([*last, *later], default=120.0)
    return song.end + round(seconds * fastest / 60 * song.ticks_per_quarter)


def _peak(samples: Samples) -> int:
    return max(int(samples.max(initial=0)), -int(samples.min(initial=0)))


def _trim(samples: Samples, threshold: float) -> Samples:
    """Up to the last sample louder than `threshold`, and a fade more."""
    for end in range(len(samples), 0, -NATIVE_RATE):
        start = max(0, end - NATIVE_RATE)
        loud = np.flatnonzero(np.abs(samples[start:end].astype(np.int32)) > threshold)
        if len(loud):
            return samples[: start + int(loud[-1]) // 2 + 1 + round(FADE * NATIVE_RATE)]
    return samples[:0]


def _floating(samples: Samples, rate: int, full_scale: np.float32) -> Wave:
    """Samples at `rate`, 1 where they were at full scale."""
    if rate != NATIVE_RATE:
        import soxr

        resampled: Wave = soxr.resample(samples.astype(np.float32), NATIVE_RATE, rate)
        resampled /= full_scale
        return resampled
    # numpy's own memory comes in huge pages, which take a virtual machine three times as long
    memory = bytearray(samples.size * np.dtype(np.float32).itemsize)
    wave = np.frombuffer(memory, np.float32).reshape(samples.shape)
    return np.divide(samples, full_scale, out=wave)


def _levelled(wave: Wave, fade: int) -> Wave:
    """Its last `fade` samples faded out and its peak at -1 dBFS."""
    end = wave[-fade:]
    end *= np.linspace(1, 0, len(end), dtype=np.float32)[:, None]
    wave *= np.float32(PEAK / max(float(wave.max()), -float(wave.min())))
    return wave
