"""A note heard as partials and noise.

After Serra & Smith (1990), "Spectral modeling synthesis: a sound analysis/synthesis system based on
a deterministic plus stochastic decomposition". The pitch is known but for its course over time,
which is followed first; each partial is then heard through a window of whole periods, which is deaf
to all the others.
"""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

from musegan.audio.partials.bands import noise_bands
from musegan.audio.partials.layout import NoteLayout, hertz_of
from musegan.audio.representations.scales import to_levels
from musegan.audio.representations.stft import Stft

TRACKING_HOP = 64  # samples between two looks at the pitch
TRACKING_WINDOW = 384
SMOOTHING = 13  # looks over which the pitch's course is smoothed
REACHES = (700.0, 3000.0)  # Hz up to which partials tell the pitch, first roughly, then finely
MOST_DETUNED = 0.06  # a semitone
CLEAR = 30.0  # dB above the floor from which a partial's own detuning is believed


def analyse(wave: Tensor, pitch: float, layout: NoteLayout) -> Tensor:
    """The picture of a note, or of a hit where the layout is of hits.

    Args:
        wave: (samples,) within -1..1 at the layout's rate; what lacks is taken as silence.
        pitch: MIDI pitch, within a semitone; of no meaning for a hit.
        layout: of the picture.

    Returns:
        (2, rows, frames). Detuning is told from the note's own mean pitch: the picture is in tune.
    """
    wave = F.pad(wave, (0, layout.samples))[: layout.samples]
    if not layout.pitched:
        levels = noise_levels(wave, layout)
        return torch.stack([levels, torch.zeros_like(levels)])
    hertz = hertz_of(pitch)
    course = torch.zeros(layout.samples)  # how far the pitch is from nominal, as a share of it
    for reach in REACHES:
        course = course + _drift(wave, hertz * (1 + course), reach, layout)
        course = course.clamp(-MOST_DETUNED, MOST_DETUNED)
    count = layout.audible(hertz)
    turns = _turns(hertz * (1 + course), layout.rate)
    period = layout.rate / hertz
    window = round(max(3, math.ceil(layout.window / period)) * period)
    heard = _demodulate(wave, turns, count, window, layout.hop)
    levels = to_levels(heard.abs(), layout.floor)

    numbers = torch.arange(1, count + 1)[:, None]
    steps = torch.angle(heard[:, 1:] * heard[:, :-1].conj()) / (2 * math.pi)
    own = F.pad(steps, (1, 0)) * layout.rate / layout.hop / (numbers * hertz)
    clear = ((levels + 1) * layout.floor / 2 / CLEAR - 0.5).clamp(0, 1)
    base = course.view(layout.frames, layout.hop).mean(1)
    power = heard.abs().square().sum(0)
    base = base - (base * power).sum() / power.sum().clamp(min=1e-12)
    detuned = 12 * torch.log2(1 + base + own.clamp(-MOST_DETUNED, MOST_DETUNED) * clear)

    rest = wave - _sounded(heard, turns, layout.hop)
    noise = noise_levels(rest, layout)
    picture = torch.zeros(2, layout.rows, layout.frames)
    picture[0] = -1
    picture[0, :count], picture[1, :count] = levels, detuned.clamp(-1, 1)
    picture[0, layout.partials :] = noise
    return picture


def noise_levels(rest: Tensor, layout: NoteLayout) -> Tensor:
    """The level of noise in each band, (bands, frames), of (samples,)."""
    spectrum = cast(Tensor, Stft(layout.stft)(rest[None]))[0]
    share = noise_bands(layout)
    power = (share @ spectrum.abs().square()) / share.sum(1, keepdim=True)
    return to_levels(power.sqrt(), layout.floor)


def _drift(wave: Tensor, hertz: Tensor, reach: float, layout: NoteLayout) -> Tensor:
    """How far the pitch is from `hertz`, both (samples,), as a share of it."""
    mean = float(hertz.mean())
    count = max(1, min(layout.audible(mean), int(reach / mean)))
    turns = _turns(hertz, layout.rate)
    window = max(TRACKING_WINDOW, round(3 * layout.rate / mean))
    heard = _demodulate(wave, turns, count, window, TRACKING_HOP)
    numbers = torch.arange(1, count + 1)[:, None]
    across = heard[:, 1:] * heard[:, :-1].conj()
    shift = torch.angle(across) / (2 * math.pi) * layout.rate / TRACKING_HOP / (numbers * mean)
    weight = across.abs() * numbers.square()
    power = F.pad(weight.sum(0), (1, 0))
    drawn = F.pad((weight * shift).sum(0), (1, 0))
    mean_shift = drawn.sum() / power.sum().clamp(min=1e-20)
    rest = 1e-4 * power.max() + 1e-20
    smooth = torch.hann_window(SMOOTHING + 2, periodic=False)[1:-1][None, None]
    over, under = (
        F.conv1d(each[None, None], smooth, padding=SMOOTHING // 2)[0, 0] for each in (drawn, power)
    )
    course = (over + rest * mean_shift) / (under + rest)
    return F.interpolate(course[None, None], layout.samples, mode="linear")[0, 0]


def _turns(hertz: Tensor, rate: int) -> Tensor:
    """The fundamental's phase in turns at each sample, float64."""
    turns = hertz.double().cumsum(0) / rate
    return turns - turns[0]


def _demodulate(wave: Tensor, turns: Tensor, count: int, window: int, hop: int) -> Tensor:
    """What is heard of each partial, complex (count, samples / hop): its amplitude and phase."""
    numbers = torch.arange(1, count + 1)[:, None]
    angle = (turns * numbers % 1).float() * (-2 * math.pi)
    shifted = torch.stack([wave * torch.cos(angle), wave * torch.sin(angle)], 1)
    kernel = torch.hann_window(window)
    kernel = kernel * (2 / kernel.sum())
    beyond = (window - hop) // 2
    padded = F.pad(shifted.flatten(0, 1)[:, None], (beyond, window - hop - beyond))
    real, imag = (
        F.conv1d(padded, kernel[None, None], stride=hop)[:, 0].unflatten(0, (-1, 2)).unbind(1)
    )
    return torch.complex(real, imag)


def _sounded(heard: Tensor, turns: Tensor, hop: int) -> Tensor:
    """The sound of partials that were heard so, (samples,)."""
    numbers = torch.arange(1, len(heard) + 1)[:, None]
    angle = (turns * numbers % 1).float() * (2 * math.pi)
    real, imag = (
        F.interpolate(part[None], len(turns), mode="linear")[0] for part in (heard.real, heard.imag)
    )
    return (real * torch.cos(angle) - imag * torch.sin(angle)).sum(0)
