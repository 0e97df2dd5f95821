"""The sections of a recipe, each one idea that can be had alone."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from musegan.models.critic import STREAMS
from musegan.training.penalties import PENALTIES

Positive = Annotated[int, Field(ge=1)]
Size = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Momentum = Annotated[float, Field(ge=0, lt=1)]


class Part(BaseModel):
    """A section of a recipe: no unknown keys, no changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def check_names(given: Any, known: Any, what: str) -> None:
    """Raise ValueError if one of the given names is not known."""
    for name in given:
        if name not in known:
            raise ValueError(f"unknown {what} '{name}'; there are {', '.join(known)}")


class AnyCritic(Part):
    """What critics of all kinds have.

    Attributes:
        width: channels.
        spectral: whether every layer's largest singular value is held at 1; see
            `musegan.models.spectral`.
    """

    width: Positive = 32
    spectral: bool = False


class CriticRecipe(AnyCritic):
    """Sizes of the critic; see `musegan.models.critic.Critic`."""

    blocks: tuple[Size, Size, Size] = (0, 1, 1)
    streams: tuple[str, ...] = STREAMS

    @model_validator(mode="after")
    def _known_streams(self) -> CriticRecipe:
        check_names(self.streams, STREAMS, "stream")
        return self


class TimbreCriticRecipe(AnyCritic):
    """Sizes of a critic of timbres; see `musegan.models.timbres.critic.TimbreCritic`."""

    blocks: tuple[Size, Size] = (1, 1)


class PenaltyRecipe(Part):
    """A regulariser of the critic, applied every so many steps with its weight scaled to match."""

    kind: str
    weight: Weight
    every: Positive = 1

    @model_validator(mode="after")
    def _known_kind(self) -> PenaltyRecipe:
        check_names([self.kind], PENALTIES, "penalty")
        return self


class AdamRecipe(Part):
    """Adam's settings for one network; the rate falls to `final` of itself along a cosine."""

    rate: Annotated[float, Field(gt=0, le=1)] = 2e-4
    betas: tuple[Momentum, Momentum] = (0.0, 0.99)
    final: Share = 1.0
