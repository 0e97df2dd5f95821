"""How a generator and a critic are played against each other, whatever they make and judge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

from torch import Tensor, nn

from musegan.training.chance import Chance
from musegan.training.matching import Traits
from musegan.training.recipe import CommonRecipe
from musegan.training.sections import GrowthRecipe

G = TypeVar("G", bound=nn.Module)
C = TypeVar("C", bound=nn.Module)
B = TypeVar("B", bound="HasReal")
R = TypeVar("R", bound=CommonRecipe)


class HasReal(Protocol):
    """What one update hears; all but the real music is between the batch and its contest."""

    @property
    def real(self) -> Tensor:
        """Real music, (batch, ...)."""


class Verdict(NamedTuple):
    """What a critic finds of music.

    Attributes:
        score: (batch,) how real it is.
        amiss: (batch,) how wrong the critic's guesses at what was wished for are; None where it
            makes none. It learns to guess on real music, and the generator to be guessed right.
    """

    score: Tensor
    amiss: Tensor | None = None


@dataclass(frozen=True)
class Contest(Generic[G, C, B, R]):
    """How a generator and a critic are played against each other.

    Attributes:
        make: music for a batch, (batch, ...) like its real music.
        judge: what the critic finds of music that belongs to a batch.
        traits: what feature matching compares of it.
        augment: the music and the batch with changes of some kinds, each made to a row with a
            chance; None where there are no such changes.
        tell_noise: the batch with how much noise was added to the music, (batch,) shares; None
            where the critic cannot be told.
        grow: the music as it is heard at a share of the training; None where it cannot grow.
        paths: how far what is made moves with its style, (batch,); None where it has none.
    """

    make: Callable[[G, B, R], Tensor]
    judge: Callable[[C, Tensor, B], Verdict]
    traits: Callable[[C, Tensor, B], list[Traits]]
    augment: Callable[[C, Tensor, B, Sequence[str], Tensor, Chance], tuple[Tensor, B]] | None = None
    tell_noise: Callable[[B, Tensor], B] | None = None
    grow: Callable[[C, Tensor, GrowthRecipe, float], Tensor] | None = None
    paths: Callable[[G, B, Chance], Tensor] | None = None
