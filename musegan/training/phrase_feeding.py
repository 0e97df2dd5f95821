"""Where batches of phrases, and of their codes, come from."""

from __future__ import annotations

from typing import NamedTuple

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
from musegan.training.code_contest import CodeBatch
from musegan.training.contest import B
from musegan.training.feeding import Feeder
from musegan.training.masks import heard_alone, random_masks
from musegan.training.parts import rows_of
from musegan.training.recipe import Recipe
from musegan.training.roll_contest import RollBatch


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
        latents, style = rows_of(latents, own), style[own]
        labels = torch.eye(self.styles + 1)[torch.from_numpy(style)]
        # silence is always given: a model composes to an arrangement
        masks = np.maximum(masks[own], 1 - plays)
        return Wishes(labels.to(self.device, non_blocking=True), masks, latents.to(self.device))


class PhraseFeeder(WishFeeder[RollBatch]):
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

    def batch(self, number: int) -> RollBatch:
        """The own rows of batch `number` of the training."""
        phrases, style = self.source.draw(number, self.recipe.batch)
        phrases = phrases.select(self.own)
        plays = playing(phrases, self.layout.tracks)
        heard = self.heard(number, plays)
        phrases = phrases.keep(heard[phrases.phrase, phrases.track])
        wishes = self.wishes(number, style, plays * heard[..., None])
        return RollBatch(
            to_patches(phrases, self.layout, self.device),
            wishes.style,
            self.sent(wishes.masks),
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
        own = chosen[self.own]
        heard = self.heard(number, self.plays[own])
        wishes = self.wishes(number, self.style[chosen], self.plays[own] * heard[..., None])
        real = self.codes[self.sent(own)] * self.sent(heard)[:, None, :, None]
        return CodeBatch(real, wishes.style, self.sent(wishes.masks), wishes.latents)
