"""The sections of a recipe, each one idea that can be had alone."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field, model_validator

from musegan.models.critic import STREAMS, Conditioning
from musegan.models.settings import Positive, Settings, Share, Size
from musegan.training.augmenting import AUGMENTS
from musegan.training.penalties import PENALTIES

PositiveShare = Annotated[float, Field(gt=0, le=1)]
Weight = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Momentum = Annotated[float, Field(ge=0, lt=1)]


def check_names(given: Any, known: Any, what: str) -> None:
    """Raise ValueError if one of the given names is not known."""
    for name in given:
        if name not in known:
            raise ValueError(f"unknown {what} '{name}'; there are {', '.join(known)}")


class AnyCritic(Settings):
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
    conditioning: Conditioning = "projection"
    deviation: bool = False
    batch_norm: bool = False
    dropout: Momentum = 0.0

    @model_validator(mode="after")
    def _known_streams(self) -> CriticRecipe:
        check_names(self.streams, STREAMS, "stream")
        return self


class TimbreCriticRecipe(AnyCritic):
    """Sizes of a critic of timbres; see `musegan.models.timbres.critic.TimbreCritic`."""

    blocks: tuple[Size, Size] = (1, 1)


class PenaltyRecipe(Settings):
    """A regulariser of the critic, applied every so many steps with its weight scaled to match."""

    kind: str
    weight: Weight
    every: Positive = 1

    @model_validator(mode="after")
    def _known_kind(self) -> PenaltyRecipe:
        check_names([self.kind], PENALTIES, "penalty")
        return self


class NoiseRecipe(Settings):
    """Instance noise: all that the critic hears has normal noise added, less and less.

    Sønderby et al., "Amortised MAP inference for image super-resolution", ICLR 2017.

    Attributes:
        level: the noise's standard deviation at the first step.
        until: share of the training after which there is none.
    """

    level: Weight
    until: PositiveShare = 1.0


class GrowthRecipe(Settings):
    """Growing from coarse to fine; see `musegan.training.growing`.

    Attributes:
        stages: steps and pitches of phrases, or frames and rows of notes, that are heard as one,
            stage by stage; single ones come after.
        until: share of the training after which all is heard as it is.
    """

    stages: Annotated[tuple[tuple[Positive, Positive], ...], Field(min_length=1)]
    until: PositiveShare = 0.6


class PathRecipe(Settings):
    """Path-length regularisation of the generator; see `musegan.training.paths`.

    Attributes:
        weight: of the penalty.
        every: steps between penalties, whose weight is scaled to match.
        memory: share of the usual length that stays at each.
    """

    weight: Weight = 2.0
    every: Positive = 8
    memory: Momentum = 0.9


class Adaptive(Settings):
    """A trick that is played harder the surer the critic is of real music.

    Attributes:
        target: how sure it may be, the mean sign of its scores of real music: 0 where it knows
            nothing, 1 where it never errs.
        ramp: phrases heard until the trick can go from none to full strength.
    """

    target: Share = 0.6
    ramp: Positive = 20_000


class DiffusionRecipe(Adaptive):
    """Diffusion-GAN: what the critic hears has gone through a forward diffusion of chance length.

    Wang et al., "Diffusion-GAN: training GANs with diffusion", ICLR 2023.

    Attributes:
        least: steps of the longest diffusion at the beginning.
        most: and at full strength.
        first: variance of the first step's noise.
        last: variance of the last step's, of `most`.
        spread: standard deviation of what has become all noise.
    """

    least: Positive = 5
    most: Positive = 500
    first: Weight = 1e-4
    last: Annotated[float, Field(gt=0, lt=1)] = 0.02
    spread: Weight = 0.5

    @model_validator(mode="after")
    def _grows(self) -> DiffusionRecipe:
        if self.least > self.most or self.first > self.last:
            raise ValueError(
                "a diffusion grows: least must not be above most, nor first above last"
            )
        return self


class AugmentRecipe(Adaptive):
    """Adaptive augmentation: the critic hears phrases that were changed by chance.

    Karras et al., "Training generative adversarial networks with limited data", NeurIPS 2020.

    Attributes:
        kinds: the changes, any of `AUGMENTS`.
        most: chance of each change at full strength; below 1, for a change that always happens
            would leak into what is made.
    """

    kinds: tuple[str, ...] = tuple(AUGMENTS)
    most: Annotated[float, Field(gt=0, le=0.8)] = 0.8

    @model_validator(mode="after")
    def _known_kinds(self) -> AugmentRecipe:
        check_names(self.kinds, AUGMENTS, "change")
        return self


class AdamRecipe(Settings):
    """Adam's settings for one network; the rate falls to `final` of itself along a cosine."""

    rate: PositiveShare = 2e-4
    betas: tuple[Momentum, Momentum] = (0.0, 0.99)
    final: Share = 1.0

    def rate_at(self, done: float) -> float:
        """The rate when a share of the steps is done, 0..1."""
        turn = (1 + math.cos(math.pi * done)) / 2
        return self.rate * (self.final + (1 - self.final) * turn)


class CodeCriticRecipe(Settings):
    """Sizes of a critic of codes; see `musegan.models.code_critic.CodeCritic`."""

    width: Positive = 256
    blocks: Size = 2


class CodingRecipe(Settings):
    """How the coder is taught before the contest, which then is about codes; see `coding`.

    Attributes:
        steps: updates of the coder.
        batch: phrases a step.
        adam: its optimiser.
        noise: spread of what is added to codes while they are learnt, which lie on a sphere of
            root mean square 1.
        turned: chance that a batch is turned round in time by some beats, so that more bars are
            heard than there are.
        blurred: share of the steps, the last, in which the decoder alone learns, from codes that
            are only nearly right; see `blurring`.
        critic: sizes of the critic of codes.
        log_every: steps between losses.
        save_every: steps between checkpoints.
    """

    steps: Positive = 4500
    batch: Positive = 16
    adam: AdamRecipe = AdamRecipe(rate=2e-3, betas=(0.9, 0.99), final=0.02)
    noise: Share = 0.15
    turned: Share = 0.25
    blurred: Share = 1 / 9
    critic: CodeCriticRecipe = CodeCriticRecipe()
    log_every: Positive = 50
    save_every: Positive = 500
