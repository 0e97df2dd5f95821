"""The bands that noise is heard and made in."""

from __future__ import annotations

import torch
from torch import Tensor

from musegan.audio.partials.layout import NoteLayout
from musegan.audio.representations.axes import mel_frequencies


def noise_bands(layout: NoteLayout) -> Tensor:
    """How each band shares in the bins of a Fourier transform, (bands, window / 2 + 1).

    Triangles evenly spaced on the mel scale, but none narrower than a bin; all shares in a bin add
    up to 1.
    """
    spacing = layout.rate / layout.window
    centres = band_centres(layout)
    bins = torch.arange(layout.window // 2 + 1) * spacing
    place = torch.searchsorted(centres, bins.double(), right=True).clamp(1, layout.bands - 1)
    low, high = centres[place - 1], centres[place]
    up = ((bins - low) / (high - low)).clamp(0, 1).float()
    shares = torch.zeros(layout.bands, len(bins))
    each = torch.arange(len(bins))
    shares[place - 1, each] += 1 - up
    shares[place, each] += up
    return shares


def band_centres(layout: NoteLayout) -> Tensor:
    """(bands,) Hz, float64, rising from 0 to half the rate."""
    centres = mel_frequencies(torch.arange(layout.bands) / (layout.bands - 1), layout.rate / 2)
    least = torch.arange(layout.bands) * layout.rate / layout.window
    return torch.maximum(centres, least).clamp(max=layout.rate / 2)
