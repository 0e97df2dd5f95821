"""Notes from their pictures: oscillators for the partials, shaped noise for the rest."""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

from musegan.audio.partials.bands import noise_bands
from musegan.audio.partials.layout import DETUNE, LEVEL, NoteLayout, hertz_of
from musegan.audio.representations.scales import to_amplitudes
from musegan.audio.representations.stft import Stft


def synthesise(
    picture: Tensor, pitch: float, layout: NoteLayout, random: torch.Generator
) -> Tensor:
    """The sound of a picture with any number of frames, (frames x hop,).

    Each partial is an oscillator whose phase is never broken, so nothing clicks. All begin in sine
    phase, as a plucked or bowed string's do.

    Args:
        picture: (2, rows, frames).
        pitch: MIDI pitch, fractions too.
        layout: of the picture.
        random: of the noise.
    """
    return _partials(picture, hertz_of(pitch), layout) + _noise(picture, layout, random)


def _partials(picture: Tensor, hertz: float, layout: NoteLayout) -> Tensor:
    count = layout.audible(hertz)
    samples = picture.shape[-1] * layout.hop
    amplitudes = to_amplitudes(picture[LEVEL, :count], layout.floor)
    numbers = torch.arange(1, count + 1)[:, None]
    speeds = numbers * hertz / layout.rate * 2 ** (picture[DETUNE, :count] / 12)
    wave = torch.zeros(samples)
    for amplitude, speed in zip(amplitudes, speeds, strict=True):
        turns = _per_sample(speed, samples).double().cumsum(0) % 1
        wave += _per_sample(amplitude, samples) * torch.sin(2 * math.pi * turns.float())
    return wave


def _noise(picture: Tensor, layout: NoteLayout, random: torch.Generator) -> Tensor:
    stft = Stft(layout.stft)
    white = torch.randn(1, picture.shape[-1] * layout.hop, generator=random)
    gains = noise_bands(layout).T @ to_amplitudes(picture[LEVEL, layout.partials :], layout.floor)
    # what a bin hears of white noise, so that levels mean the same on both ways
    heard = float(stft.amplitude.abs()[0] * stft.hann.square().sum().sqrt())
    return stft.inverse(cast(Tensor, stft(white)) * gains / heard)[0]


def _per_sample(frames: Tensor, samples: int) -> Tensor:
    return F.interpolate(frames[None, None], samples, mode="linear")[0, 0]
