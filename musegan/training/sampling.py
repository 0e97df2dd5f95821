"""Samples of a generator in training, always from the same latents for the same seed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from musegan.data.arrangements import playing
from musegan.models.generator import keep
from musegan.models.latents import sample_latents
from musegan.models.patches import from_patches
from musegan.models.planned import PhraseGenerator
from musegan.models.sounding import sound
from musegan.pianoroll import Phrases, concatenate

BATCH = 16


def sample_logits(
    generator: PhraseGenerator, silent: Tensor, seed: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """Masks and logits of phrases of any style, in batches.

    Args:
        generator: in training, on any device.
        silent: (samples, tracks, bars), 1 where a track shall be silent.
        seed: of the latents.
    """
    layout = generator.layout
    device = next(generator.parameters()).device
    random = torch.Generator().manual_seed(seed)
    for mask in silent.to(device).split(BATCH):
        style = torch.zeros(len(mask), generator.styles + 1, device=device)
        style[:, -1] = 1
        latents = sample_latents(len(mask), generator.sizes, layout.tracks, layout.bars, random)
        with torch.no_grad():
            nothing = torch.zeros(layout.shape(len(mask)), device=device)
            yield mask, generator(latents.to(device), style, nothing, mask)


def sample_phrases(generator: PhraseGenerator, like: Phrases, count: int, seed: int) -> Phrases:
    """Phrases of any style, arranged as `count` random phrases of `like` are."""
    layout = generator.layout
    chosen = np.random.default_rng(seed).integers(len(like), size=count)
    silent = torch.from_numpy(1 - playing(like.select(chosen), layout.tracks))
    return concatenate(
        [
            from_patches(keep(sound(logits, layout), 1 - mask, layout), layout)
            for mask, logits in sample_logits(generator, silent, seed)
        ]
    )
