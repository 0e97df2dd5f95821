"""Sounds from their pictures: oscillators for the partials, shaped noise for the rest."""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor

from musegan.audio.partials.bands import noise_bands
from musegan.audio.partials.layout import DETUNE, LEVEL, NoteLayout, hertz_of
from musegan.audio.representations.scales import to_amplitudes
from musegan.audio.representations.stft import Stft

GUESSES = 16  # turns of Griffin-Lim


def synthesise(
    picture: Tensor, pitch: float, layout: NoteLayout, random: torch.Generator
) -> Tensor:
    """The sound of a picture with any number of frames, (frames x hop,).

    Each partial is an oscillator whose phase is never broken, so nothing clicks. All begin in sine
    phase, as a plucked or bowed string's do. Of a hit, a drum's tone as well as its noise is in the
    bands: noise shaped by them is bent until its spectrum is theirs (Griffin & Lim, "Signal
    estimation from modified short-time Fourier transform", 1984).

    Args:
        picture: (2, rows, frames).
        pitch: MIDI pitch, fractions too; of no meaning for a hit.
        layout: of the picture.
        random: of the noise.
    """
    if not layout.pitched:
        return _noise(picture, layout, random, GUESSES)
    return _partials(picture, hertz_of(pitch), layout) + _noise(picture, layout, random)


def _partials(picture: Tensor, hertz: float, layout: NoteLayout) -> Tensor:
    count = layout.audible(hertz)
    amplitudes = to_amplitudes(picture[LEVEL, :count], layout.floor)
    numbers = torch.arange(1, count + 1)[:, None]
    speeds = numbers * hertz / layout.rate * 2 ** (picture[DETUNE, :count] / 12)
    wave = torch.zeros(picture.shape[-1] * layout.hop)
    for amplitude, speed in zip(amplitudes, speeds, strict=True):
        turns = _per_sample(speed.double(), layout.hop).cumsum(0).frac_()
        sine = turns.float().mul_(2 * math.pi).sin_()
        wave.addcmul_(sine, _per_sample(amplitude, layout.hop))
    return wave


def _noise(
    picture: Tensor, layout: NoteLayout, random: torch.Generator, guesses: int = 0
) -> Tensor:
    stft = Stft(layout.stft)
    white = torch.randn(1, picture.shape[-1] * layout.hop, generator=random)
    gains = noise_bands(layout).T @ to_amplitudes(picture[LEVEL, layout.partials :], layout.floor)
    # what a bin hears of white noise, so that levels mean the same on both ways
    heard = float(stft.amplitude.abs()[0] * stft.hann.square().sum().sqrt())
    wave = stft.inverse(cast(Tensor, stft(white)) * gains / heard)
    for _ in range(guesses):
        wave = stft.inverse(torch.polar(gains, cast(Tensor, stft(wave))[0].angle())[None])
    return wave[0]


def _per_sample(frames: Tensor, hop: int) -> Tensor:
    """Straight lines between the centres of frames, (frames x hop,)."""
    ends = torch.cat([frames[:1], frames, frames[-1:]])[:, None]
    share = (torch.arange(hop, dtype=frames.dtype) + 0.5) / hop
    lines = torch.addcmul(ends[:-1], ends.diff(dim=0), share)
    return lines.flatten()[hop // 2 : hop // 2 + len(frames) * hop]
