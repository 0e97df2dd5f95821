"""Waveform -> WAV, FLAC or Ogg file, told by its extension."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile

from musegan.errors import MuseganError
from musegan.files import write_whole
from musegan.rendering.wave import Sound, Wave, render_wave
from musegan.song import Multitrack

AUDIO_FORMATS = {"wav": ("WAV", "PCM_16"), "flac": ("FLAC", "PCM_16"), "ogg": ("OGG", "VORBIS")}
BLOCK = 1 << 16  # samples handed to the encoder at a time; Vorbis crashes on very many


def render_audio(
    source: Multitrack | Path,
    path: Path,
    sound: Sound = Sound(),  # noqa: B008  # frozen
) -> None:
    """Play a song or a MIDI file into an audio file; see `render_wave` and `write_audio`."""
    check_extension(path)
    write_audio(render_wave(source, sound), sound.sample_rate, path)


def write_audio(wave: Wave, sample_rate: int, path: Path) -> None:
    """Write a waveform as .wav or .flac (16 bits) or .ogg (Vorbis), the same bytes every time.

    Args:
        wave: (samples, channels) float32 within -1..1.
        sample_rate: samples a second.
        path: the file, with the extension of its format.

    Raises:
        MuseganError: another extension, or the file cannot be written.
    """
    kind, coding = AUDIO_FORMATS[check_extension(path)]
    # libsndfile rounds differently for WAV and for FLAC
    samples = np.rint(wave * 32767).astype(np.int16) if coding == "PCM_16" else wave
    stream = BytesIO()
    with soundfile.SoundFile(
        stream, "w", sample_rate, wave.shape[1], coding, format=kind
    ) as encoder:
        for start in range(0, len(samples), BLOCK):
            encoder.write(samples[start : start + BLOCK])
    data = stream.getvalue()
    write_whole(path, with_serial(data, 0) if kind == "OGG" else data)


def check_extension(path: Path) -> str:
    """The audio format that `path` names by its extension.

    Raises:
        MuseganError: it names none.
    """
    name = path.suffix.lower().removeprefix(".")
    if name not in AUDIO_FORMATS:
        known = ", ".join(f".{each}" for each in AUDIO_FORMATS)
        raise MuseganError(f"{path}: no audio format has the extension '{path.suffix}': {known}")
    return name


def with_serial(ogg: bytes, serial: int) -> bytes:
    """An Ogg stream with its serial number, which encoders draw by chance, set (RFC 3533).

    The checksum of a page is linear over XOR, so it changes by the checksum of the change.
    """
    pages = bytearray(ogg)
    change = serial ^ struct.unpack_from("<I", ogg, 14)[0]
    checksums = _checksums_before_zeros(struct.pack("<I", change))
    at = 0
    while at < len(pages):
        segments = pages[at + 26]
        size = 27 + segments + sum(pages[at + 27 : at + 27 + segments])
        (checksum,) = struct.unpack_from("<I", pages, at + 22)
        struct.pack_into("<I", pages, at + 14, serial)
        struct.pack_into("<I", pages, at + 22, checksum ^ checksums[size - 18])
        at += size
    return bytes(pages)


def _checksums_before_zeros(data: bytes, zeros: int = 27 + 255 + 255 * 255) -> list[int]:
    """CRC-32 (polynomial 04C11DB7, not reflected) of `data` and then 0, 1, 2, ... zero bytes."""
    state = 0
    states = []
    for byte in data + bytes(zeros):
        state ^= byte << 24
        for _ in range(8):
            state = state << 1 ^ (0x104C11DB7 if state & 0x8000_0000 else 0)
        states.append(state)
    return states[len(data) - 1 :]
