"""Batches ahead of time: drawn and unrolled by a thread while the networks are busy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Generic, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musegan.data.arrangements import playing
from musegan.data.batches import PhraseSource
from musegan.models.coder import sounds
from musegan.models.latents import Latents, sample_latents
from musegan.models.patches import to_patches
from musegan.models.planned import PhraseGenerator
from musegan.training.chance import Chance
from musegan.training.code_contest import CodeBatch
from musegan.training.contest import B, Batch
from musegan.training.masks import heard_alone, random_masks
from musegan.training.parts import rows_of, tensors_of
from musegan.training.recipe import CommonRecipe, Recipe


class Feeder(ABC, Generic[B]):
    """Makes the batches of a step from (seed, step) alone, so a resumed training hears the same.

    Attributes:
        seed: of all draws.
        recipe: how many batches a step has, and how they are made.
        device: where the batches go.
        rows: those of each batch that this process makes; None for all.
    """

    seed: int
    recipe: CommonRecipe
    device: torch.device
    rows: range | None = None

    @abstractmethod
    def batch(self, number: int) -> B:
        """The own rows of batch `number` of the training."""

    @property
    def own(self) -> range:
        """The rows of each batch that this process makes."""
        return range(self.recipe.batch) if self.rows is None else self.rows

    def numbers(self, step: int) -> range:
        """The numbers of a step's batches, one for each critic update."""
        return range(step * self.recipe.critic_steps, (step + 1) * self.recipe.critic_steps)

    def batches(self, step: int) -> list[B]:
        """The batches of one step, one for each critic update."""
        return [self.batch(number) for number in self.numbers(step)]

    def chances(self, step: int) -> list[Chance]:
        """Randomness of each critic update of a step."""
        seeds = [
            np.random.default_rng([self.seed, n, 2]).integers(2**63) for n in self.numbers(step)
        ]
        return [Chance(int(seed), self.recipe.batch, self.device, self.own) for seed in seeds]

    @contextmanager
    def ahead(self, first: int, last: int, depth: int = 2) -> Iterator[Iterator[list[B]]]:
        """The batches of steps first..last - 1 in order, `depth` steps made ahead by a thread.

        On a GPU they are copied and unrolled beside the work on the batches before.
        """
        beside = torch.cuda.Stream(self.device) if self.device.type == "cuda" else None

        def make(step: int) -> tuple[list[B], torch.Event | None]:
            if beside is None:
                return self.batches(step), None
            with torch.cuda.stream(beside):
                return self.batches(step), beside.record_event()

        with ThreadPoolExecutor(1, "batches") as pool:
            waiting: list[Future[tuple[list[B], torch.Event | None]]] = []

            def flow() -> Iterator[list[B]]:
                for step in range(first, last):
                    while len(waiting) < depth and step + len(waiting) < last:
                        waiting.append(pool.submit(make, step + len(waiting)))
                    batches, ready = waiting.pop(0).result()
                    if ready is not None:
                        _take_over(batches, ready)
                    yield batches

            try:
                yield flow()
            finally:
                for future in waiting:
                    future.cancel()


def _take_over(batches: list[B], ready: torch.Event) -> None:
    """Let the stream in use wait for batches made beside it, and keep their memory till then."""
    here = torch.cuda.current_stream()
    here.wait_event(ready)
    for batch in batches:
        for tensor in tensors_of(batch):
            tensor.record_stream(here)


class Wishes(NamedTuple):
    """What the rows of a batch are to be, beside their notes.

    Attributes:
        style: (batch, styles + 1) one-hot style labels; the last is "any".
        masks: (batch, tracks, bars) float32, 1 = given; silence is always given.
        latents: for the made phrases.
    """

    style: Tensor
    masks: NDArray[np.float32]
    latents: Latents


class WishFeeder(Feeder[B]):
    """Draws masks, styles and latents for phrases.

    Args:
        recipe: batch size, masks, hidden styles.
        generator: tells layout and latents.
        seed: of all draws.
        device: where the batches go.
    """

    recipe: Recipe

    def __init__(
        self,
        recipe: Recipe,
        generator: PhraseGenerator,
        seed: int,
        device: torch.device,
    ) -> None:
        self.seed, self.recipe, self.device = seed, recipe, device
        self.layout, self.sizes, self.styles = generator.layout, generator.sizes, generator.styles

    def heard(self, number: int, plays: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which tracks of the own rows of batch `number` are heard, (own rows, tracks).

        Args:
            number: of the batch.
            plays: (own rows, tracks, bars), which cells of the own rows sound.
        """
        random = np.random.default_rng([self.seed, number, 3])
        return heard_alone(plays, self.own, self.recipe.batch, self.recipe.alone, random)

    def wishes(self, number: int, style: NDArray[np.int64], plays: NDArray[np.float32]) -> Wishes:
        """Wishes for the own rows of batch `number`.

        Args:
            number: of the batch.
            style: (batch,) style labels of the whole batch.
            plays: (own rows, tracks, bars), which cells of the own rows sound.
        """
        size, layout, own = self.recipe.batch, self.layout, self.own
        random = np.random.default_rng([self.seed, number, 1])
        style = np.where(random.random(size) < self.recipe.any_style, self.styles, style)
        masks = random_masks(size, layout.tracks, layout.bars, dict(self.recipe.masks), random)
        normal = torch.Generator().manual_seed(int(random.integers(2**63)))
        latents = sample_latents(size, self.sizes, layout.tracks, layout.bars, normal)
        # all is drawn for the whole batch, so that its rows do not depend on who makes them
        latents, style = rows_of(latents, own), style[own.start : own.stop]
        labels = torch.eye(self.styles + 1)[torch.from_numpy(style)]
        # silence is always given: a model composes to an arrangement
        masks = np.maximum(masks[own.start : own.stop], 1 - plays)
        return Wishes(labels.to(self.device, non_blocking=True), masks, latents.to(self.device))


class PhraseFeeder(WishFeeder[Batch]):
    """Phrases with masks, styles and latents.

    Args:
        source: where phrases come from.
        recipe: see `WishFeeder`.
        generator: likewise.
        device: likewise.
    """

    def __init__(
        self,
        source: PhraseSource,
        recipe: Recipe,
        generator: PhraseGenerator,
        device: torch.device,
    ) -> None:
        super().__init__(recipe, generator, source.seed, device)
        self.source = source

    def batch(self, number: int) -> Batch:
        """The own rows of batch `number` of the training."""
        phrases, style = self.source.draw(number, self.recipe.batch)
        phrases = phrases.select(np.arange(self.own.start, self.own.stop))
        plays = playing(phrases, self.layout.tracks)
        heard = self.heard(number, plays)
        phrases = phrases.keep(heard[phrases.phrase, phrases.track])
        wishes = self.wishes(number, style, plays * heard[..., None])
        return Batch(
            to_patches(phrases, self.layout, self.device),
            wishes.style,
            torch.from_numpy(wishes.masks).to(self.device, non_blocking=True),
            to_patches(phrases, self.layout, self.device, wishes.masks),
            wishes.latents,
        )


class CodeFeeder(WishFeeder[CodeBatch]):
    """Codes of phrases with masks, styles and latents.

    Args:
        codes: of all phrases, (phrases, bars, tracks, code), on the device.
        style: (phrases,) their style labels.
        recipe: see `WishFeeder`.
        generator: likewise.
        seed: likewise.
        device: likewise.
    """

    def __init__(
        self,
        codes: Tensor,
        style: NDArray[np.int64],
        recipe: Recipe,
        generator: PhraseGenerator,
        seed: int,
        device: torch.device,
    ) -> None:
        super().__init__(recipe, generator, seed, device)
        self.codes, self.style = codes, style
        self.plays = sounds(codes)[..., 0].transpose(1, 2).cpu().numpy()

    def batch(self, number: int) -> CodeBatch:
        """The own rows of batch `number` of the training."""
        random = np.random.default_rng([self.seed, number, 0])
        chosen = random.integers(len(self.codes), size=self.recipe.batch)
        own = chosen[self.own.start : self.own.stop]
        heard = self.heard(number, self.plays[own])
        wishes = self.wishes(number, self.style[chosen], self.plays[own] * heard[..., None])
        there = torch.from_numpy(heard).to(self.device, non_blocking=True)
        real = self.codes[torch.from_numpy(own).to(self.device, non_blocking=True)]
        real = real * there[:, None, :, None]
        mask = torch.from_numpy(wishes.masks).to(self.device, non_blocking=True)
        return CodeBatch(real, wishes.style, mask, wishes.latents)
