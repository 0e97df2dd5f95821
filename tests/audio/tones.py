"""Sounds for tests, made of sines."""

import math

import torch
from torch import Tensor


def snr(sound: Tensor, again: Tensor) -> float:
    """Decibels of a sound over what differs in another; of a batch the worst."""
    noise = ((sound - again) ** 2).sum(-1)
    return float(10 * torch.log10((sound**2).sum(-1) / noise).min())


def sine(frequency: float, samples: int, rate: int = 16_000, phase: float = 0.0) -> Tensor:
    time = torch.arange(samples, dtype=torch.float64) / rate
    return torch.sin(2 * math.pi * frequency * time + phase).float()


def plucks(samples: int, rate: int = 16_000) -> Tensor:
    """(4, samples): decaying notes of ten partials, 60 to 700 Hz, struck after 100 samples."""
    time = torch.arange(samples) / rate
    notes = []
    for frequency in (61.7, 147.3, 331.1, 703.9):
        partials = [
            sine(k * frequency, samples, rate, phase=k) / k
            for k in range(1, 11)
            if k * frequency < rate / 2
        ]
        notes.append(torch.stack(partials).sum(0) * torch.exp(-3 * time))
    waves = torch.stack(notes).roll(100, -1)
    waves[:, :100] = 0
    return 0.9 * waves / waves.abs().amax(-1, keepdim=True)
