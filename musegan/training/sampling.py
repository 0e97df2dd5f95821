"""Samples of a generator in training, always from the same latents for the same seed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musegan.data.arrangements import playing
from musegan.models.generator import complete, keep
from musegan.models.latents import sample_latents
from musegan.models.patches import PatchLayout, from_patches, to_patches
from musegan.models.planned import PhraseGenerator
from musegan.models.sounding import sound
from musegan.pianoroll import Phrases, concatenate

BATCH = 16


def sample_logits(
    generator: PhraseGenerator, mask: Tensor, seed: int, given: Phrases | None = None
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Masks, what is given and logits of phrases of any style, in batches.

    Args:
        generator: in training, on any device.
        mask: (samples, tracks, bars), 1 where a cell is given.
        seed: of the latents.
        given: as many phrases, of which the cells are given; silence where left out.
    """
    layout = generator.layout
    device = next(generator.parameters()).device
    random = torch.Generator().manual_seed(seed)
    for begin in range(0, len(mask), BATCH):
        marked = mask[begin : begin + BATCH].to(device)
        style = torch.zeros(len(marked), generator.styles + 1, device=device)
        style[:, -1] = 1
        latents = sample_latents(len(marked), generator.sizes, layout.tracks, layout.bars, random)
        patches = torch.zeros(layout.shape(1), device=device)
        if given is not None:
            some = given.select(np.arange(begin, begin + len(marked)))
            patches = keep(to_patches(some, layout).to(device), marked, layout)
        with torch.no_grad():
            yield marked, patches, generator(latents.to(device), style, patches, marked)


def arranged_logits(
    generator: PhraseGenerator, like: Phrases, count: int, seed: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """Masks of silence and logits of phrases arranged as `count` random ones of `like` are."""
    chosen = np.random.default_rng(seed).integers(len(like), size=count)
    silent = torch.from_numpy(1 - playing(like.select(chosen), generator.layout.tracks))
    for mask, _, logits in sample_logits(generator, silent, seed):
        yield mask, logits


def played(logits: Tensor, silent: Tensor, layout: PatchLayout) -> Phrases:
    """The notes of logits, none in the cells that the mask marks as silent."""
    return from_patches(keep(sound(logits, layout), 1 - silent, layout), layout)


def sample_phrases(generator: PhraseGenerator, like: Phrases, count: int, seed: int) -> Phrases:
    """Phrases of any style, arranged as `count` random phrases of `like` are."""
    return concatenate(
        [
            played(logits, silent, generator.layout)
            for silent, logits in arranged_logits(generator, like, count, seed)
        ]
    )


def complete_phrases(
    generator: PhraseGenerator, phrases: Phrases, given: NDArray[np.bool_], seed: int
) -> Phrases:
    """Phrases whose tracks are kept where they are given, and made anew where else they play.

    Args:
        generator: in training, on any device.
        phrases: to complete.
        given: (phrases, tracks) which tracks are kept.
        seed: of the latents.
    """
    layout = generator.layout
    kept = given[:, :, None] | (playing(phrases, layout.tracks) == 0)
    mask = torch.from_numpy(kept.astype(np.float32))
    return concatenate(
        [
            from_patches(complete(sound(logits, layout), patches, mask, layout), layout)
            for mask, patches, logits in sample_logits(generator, mask, seed, phrases)
        ]
    )
