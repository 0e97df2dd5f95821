"""How a generator and a critic are played against each other, and how ours are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from torch import Tensor, nn

from musegan.models.critic import Critic
from musegan.models.generator import Generator, complete
from musegan.models.latents import Latents
from musegan.models.sounding import sound
from musegan.training.recipe import Recipe

G = TypeVar("G", bound=nn.Module)
C = TypeVar("C", bound=nn.Module)
B = TypeVar("B", bound="HasReal")


class HasReal(Protocol):
    """What one update hears; all but the real music is between the batch and its contest."""

    @property
    def real(self) -> Tensor:
        """Real music, (batch, ...)."""


@dataclass(frozen=True)
class Contest(Generic[G, C, B]):
    """How a generator and a critic are played against each other.

    Attributes:
        make: music for a batch, (batch, ...) like its real music.
        score: the critic's scores of music that belongs to a batch, (batch,).
        views: what feature matching compares of music, (batch, bars, time in bar, channels).
    """

    make: Callable[[G, B, Recipe], Tensor]
    score: Callable[[C, Tensor, B], Tensor]
    views: Callable[[C, Tensor], Tensor]


@dataclass(frozen=True)
class Batch:
    """What one update hears, on the training device.

    Attributes:
        real: patches of real phrases.
        style: (batch, styles + 1) one-hot style labels; the last is "any".
        mask: (batch, tracks, bars), 1 = given.
        given: the patches of `real` that the mask marks, silence elsewhere.
        latents: for the made phrases.
    """

    real: Tensor
    style: Tensor
    mask: Tensor
    given: Tensor
    latents: Latents


def make_phrases(generator: Generator, batch: Batch, recipe: Recipe) -> Tensor:
    """What a listener hears: the batch's given notes and what the generator adds to them."""
    layout = generator.layout
    logits = generator(batch.latents, batch.style, batch.given, batch.mask).float()
    return complete(sound(logits, layout, soft=not recipe.binary), batch.given, batch.mask, layout)


def score_phrases(critic: Critic, patches: Tensor, batch: Batch) -> Tensor:
    """The scores of patches under the batch's styles and masks."""
    scores: Tensor = critic(patches, batch.style, batch.mask)
    return scores


def view_phrases(critic: Critic, patches: Tensor) -> Tensor:
    """The critic's streams, bar by bar."""
    views: Tensor = critic.views(patches).unflatten(1, (critic.layout.bars, -1))
    return views


PHRASES = Contest(make_phrases, score_phrases, view_phrases)
