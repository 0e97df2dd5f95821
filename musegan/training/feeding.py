"""Batches ahead of time: drawn and unrolled by a thread while the networks are busy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Generic

import numpy as np
import torch

from musegan.data.arrangements import playing
from musegan.data.batches import PhraseSource
from musegan.models.generator import Generator
from musegan.models.latents import sample_latents
from musegan.models.patches import to_patches
from musegan.training.contest import B, Batch
from musegan.training.masks import random_masks
from musegan.training.recipe import CommonRecipe, Recipe


class Feeder(ABC, Generic[B]):
    """Makes the batches of a step from (seed, step) alone, so a resumed training hears the same.

    Attributes:
        seed: of all draws.
        recipe: how many batches a step has, and how they are made.
        device: where the batches go.
    """

    seed: int
    recipe: CommonRecipe
    device: torch.device

    @abstractmethod
    def batch(self, number: int) -> B:
        """Batch `number` of the training."""

    def batches(self, step: int) -> list[B]:
        """The batches of one step, one for each critic update."""
        critic_steps = self.recipe.critic_steps
        return [self.batch(step * critic_steps + turn) for turn in range(critic_steps)]

    def penalty_random(self, step: int) -> torch.Generator:
        """Randomness of the penalties of a step."""
        seed = int(np.random.default_rng([self.seed, step, 2]).integers(2**63))
        return torch.Generator(self.device).manual_seed(seed)

    @contextmanager
    def ahead(self, first: int, last: int, depth: int = 2) -> Iterator[Iterator[list[B]]]:
        """The batches of steps first..last - 1 in order, `depth` steps made ahead by a thread."""
        with ThreadPoolExecutor(1, "batches") as pool:
            waiting: list[Future[list[B]]] = []

            def flow() -> Iterator[list[B]]:
                for step in range(first, last):
                    while len(waiting) < depth and step + len(waiting) < last:
                        waiting.append(pool.submit(self.batches, step + len(waiting)))
                    yield waiting.pop(0).result()

            try:
                yield flow()
            finally:
                for future in waiting:
                    future.cancel()


class PhraseFeeder(Feeder[Batch]):
    """Phrases with masks, styles and latents.

    Args:
        source: where phrases come from.
        recipe: batch size, masks, hidden styles.
        generator: tells layout and latents.
        styles: number of styles.
        device: where the batches go.
    """

    def __init__(
        self,
        source: PhraseSource,
        recipe: Recipe,
        generator: Generator,
        styles: int,
        device: torch.device,
    ) -> None:
        self.source, self.settings = source, recipe
        self.seed, self.recipe, self.device = source.seed, recipe, device
        self.layout, self.sizes, self.styles = generator.layout, generator.sizes, styles

    def batch(self, number: int) -> Batch:
        """Batch `number` of the training."""
        size, layout = self.settings.batch, self.layout
        phrases, style = self.source.draw(number, size)
        random = np.random.default_rng([self.seed, number, 1])
        style = np.where(random.random(size) < self.settings.any_style, self.styles, style)
        masks = random_masks(size, layout.tracks, layout.bars, dict(self.settings.masks), random)
        # silence is always given: a model composes to an arrangement
        masks = np.maximum(masks, 1 - playing(phrases, layout.tracks))
        normal = torch.Generator().manual_seed(int(random.integers(2**63)))
        latents = sample_latents(size, self.sizes, layout.tracks, layout.bars, normal)
        labels = torch.eye(self.styles + 1)[torch.from_numpy(style)]
        return Batch(
            to_patches(phrases, layout, self.device),
            labels.to(self.device, non_blocking=True),
            torch.from_numpy(masks).to(self.device, non_blocking=True),
            to_patches(phrases, layout, self.device, masks),
            latents.to(self.device),
        )
