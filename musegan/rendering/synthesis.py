"""MIDI bytes and a SoundFont -> sound, by one of two synthesisers.

midirenderer (rustysynth in a wheel) needs nothing of the system and reads SF2; fluidsynth, where
someone has installed it, also reads SF3.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musegan.errors import MuseganError
from musegan.rendering.soundfont import SoundFont

Samples = NDArray[np.int16]
Synthesiser = Callable[[bytes, SoundFont, float], Samples]
"""(MIDI file, SoundFont, gain 0..1) -> (samples, 2) int16 at `NATIVE_RATE`, cut at full scale."""

NATIVE_RATE = 48_000
SYNTHS = ("auto", "midirenderer", "fluidsynth")
FLUID_GAIN = 0.6  # brings it to the loudness of midirenderer


def choose_synthesiser(synth: str, soundfont: SoundFont) -> Synthesiser:
    """The synthesiser of that name; `auto` is midirenderer wherever it can read the SoundFont.

    Raises:
        MuseganError: there is no such synthesiser, or it cannot play this SoundFont.
    """
    if synth not in SYNTHS:
        raise MuseganError(f"no synthesiser '{synth}': there are {', '.join(SYNTHS)}")
    if synth == "midirenderer" or (synth == "auto" and not soundfont.compressed):
        if soundfont.compressed:
            raise MuseganError(
                f"{soundfont.path}: an SF3 SoundFont, which midirenderer cannot read; "
                "give an SF2 or use fluidsynth"
            )
        return play_with_midirenderer
    if find_spec("fluidsynth") is None:
        need = f"{soundfont.path}: an SF3 SoundFont needs fluidsynth" if synth == "auto" else synth
        raise MuseganError(
            f"{need}, which is not installed; install the system's libfluidsynth3 and "
            "`pip install pyfluidsynth`"
        )
    return play_with_fluidsynth


def play_with_midirenderer(midi: bytes, soundfont: SoundFont, gain: float) -> Samples:
    """A `Synthesiser`; gain is applied to the SoundFont, since there is no other knob.

    Raises:
        MuseganError: midirenderer refuses the SoundFont.
    """
    import midirenderer

    font = soundfont.data if gain == 1 else soundfont.quieter(gain)
    try:
        wav = midirenderer.render_wave_from(font, midi)
    except BaseException as problem:
        # a panic in Rust comes as an exception beside Exception, of a class nobody can import
        if isinstance(problem, Exception) or type(problem).__name__ == "PanicException":
            raise MuseganError(
                f"{soundfont.path}: the synthesiser cannot play with it ({problem}); "
                "try another SoundFont"
            ) from None
        raise
    return _samples(wav)


def _samples(wav: bytes) -> Samples:
    """Those of a WAV of two channels of 16 bits, where they lie."""
    at = wav.index(b"data") + 8
    count = int.from_bytes(wav[at - 4 : at], "little") // 2
    return np.frombuffer(wav, "<i2", count, at).reshape(-1, 2)


def play_with_fluidsynth(midi: bytes, soundfont: SoundFont, gain: float) -> Samples:
    """A `Synthesiser`.

    Raises:
        MuseganError: its system library is missing, or it refuses the SoundFont.
    """
    fluidsynth = _import_fluidsynth()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "song.mid")
        file.write_bytes(midi)
        synth = fluidsynth.Synth(gain=FLUID_GAIN * gain, samplerate=float(NATIVE_RATE))
        try:
            if synth.sfload(str(soundfont.path)) == fluidsynth.FLUID_FAILED:
                raise MuseganError(
                    f"{soundfont.path}: fluidsynth cannot play with it; try another SoundFont"
                )
            player = fluidsynth.new_fluid_player(synth.synth)
            fluidsynth.fluid_player_add(player, str(file).encode())
            fluidsynth.fluid_player_play(player)
            parts = []
            while fluidsynth.fluid_player_get_status(player) == fluidsynth.FLUID_PLAYER_PLAYING:
                parts.append(synth.get_samples(NATIVE_RATE // 4))
            fluidsynth.delete_fluid_player(player)
        finally:
            synth.delete()
    samples: Samples = np.concatenate(parts).reshape(-1, 2)
    return samples


def _import_fluidsynth() -> Any:
    try:
        import fluidsynth
    except ImportError as problem:
        raise MuseganError(
            f"fluidsynth cannot be loaded ({problem}); install the system's libfluidsynth3"
        ) from None
    return fluidsynth
