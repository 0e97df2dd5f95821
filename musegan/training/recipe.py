"""The recipe of an experiment: all its keys; unknown ones and impossible values are errors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from musegan.models.settings import Positive, Settings, Share, Size
from musegan.models.spec import GeneratorSpec
from musegan.models.timbres.spec import TimbreSizes
from musegan.training.losses import LOSSES
from musegan.training.masks import KINDS
from musegan.training.sections import (
    AdamRecipe,
    AnyCritic,
    AugmentRecipe,
    CodingRecipe,
    CriticRecipe,
    DiffusionRecipe,
    GrowthRecipe,
    Momentum,
    NoiseRecipe,
    PathRecipe,
    PenaltyRecipe,
    TimbreCriticRecipe,
    Weight,
    check_names,
)
from musegan.training.sense import contradictions


class CommonRecipe(Settings):
    """What trainings of all kinds have.

    Attributes:
        kind: what sort of model is trained.
        loss: name of the objective, one of `LOSSES`.
        label_smoothing: how far from certain a critic of chances is told that real music is real.
        critic: sizes of the critic and what holds it.
        penalties: regularisers of the critic.
        clip: how far from 0 the critic's weights may be; not at all held where left out.
        noise: instance noise, none where left out.
        diffusion: diffusion before the critic, none where left out.
        augment: changes before the critic, none where left out.
        growth: from coarse to fine, all fine where left out.
        path_length: regulariser of the generator, none where left out.
        matching: weight of feature matching in the generator's loss.
        matching_memory: share of its running averages that stays at each step.
        critic_steps: critic updates for each generator update.
        generator_adam: the generator's optimiser.
        critic_adam: the critic's optimiser.
        batch: phrases or notes a step, of all processes together.
        accumulate: equal parts a batch is worked through in, so that memory need only hold one.
            Losses, penalties and matching are those of the whole batch; a layer that looks across
            the batch sees one part.
        steps: generator updates.
        ema_half_life: generator updates after which a weight counts half in the averaged generator.
        precision: what the networks compute in; penalties stay in float32.
        log_every: steps between scalars.
        sample_every: steps between pictures, metrics and samples.
        save_every: steps between checkpoints.
        rollbacks: how often a training that diverges may go back to its last checkpoint, each time
            at half the rates.
    """

    kind: ClassVar[str]

    loss: str = "relativistic"
    label_smoothing: Annotated[float, Field(ge=0, lt=0.5)] = 0.0
    critic: AnyCritic
    penalties: tuple[PenaltyRecipe, ...] = ()
    clip: Weight | None = None
    noise: NoiseRecipe | None = None
    diffusion: DiffusionRecipe | None = None
    augment: AugmentRecipe | None = None
    growth: GrowthRecipe | None = None
    path_length: PathRecipe | None = None
    matching: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    matching_memory: Momentum = 0.9
    critic_steps: Positive = 1
    generator_adam: AdamRecipe = AdamRecipe()
    critic_adam: AdamRecipe = AdamRecipe()
    batch: Annotated[int, Field(ge=2)] = 16
    accumulate: Positive = 1
    steps: Positive = 10_000
    ema_half_life: Positive = 1000
    precision: Literal["float32", "bfloat16"] = "float32"
    log_every: Positive = 50
    sample_every: Positive = 1000
    save_every: Positive = 500
    rollbacks: Size = 3

    @property
    def draws(self) -> bool:
        """Whether layers of the networks draw numbers of their own in training."""
        return False

    @property
    def all_steps(self) -> int:
        """Updates of all kinds, those before the contest too."""
        return self.steps

    @model_validator(mode="after")
    def _without_contradictions(self) -> Self:
        check_names([self.loss], LOSSES, "loss")
        for problem in contradictions(self):
            raise ValueError(problem)
        return self


class Recipe(CommonRecipe):
    """A whole training of a model that composes phrases.

    Attributes:
        generator: sizes of the generator and its latents.
        coding: how codes are learnt before the contest, whose critic then hears codes; without it
            the critic hears rolls.
        critic: sizes of the critic of rolls.
        binary: whether the critic hears binary rolls (straight-through) or soft ones.
        common_key: whether all phrases are first moved to C major or A minor.
        transpose: semitones a phrase may move at most.
        alone: share of phrases of which one or two tracks are heard without the others.
        masks: how common each kind of mask is, against the others; see `musegan.training.masks`.
        any_style: chance that a phrase's style is hidden.
    """

    kind: ClassVar[str] = "phrases"

    generator: GeneratorSpec = GeneratorSpec()
    coding: CodingRecipe | None = None
    critic: CriticRecipe = CriticRecipe()
    binary: bool = True
    common_key: bool = False
    transpose: Annotated[int, Field(ge=0, le=48)] = 6
    alone: Share = 0.0
    masks: Mapping[str, Share] = Field(default_factory=lambda: {"nothing": 1.0})
    any_style: Share = 0.5

    @property
    def all_steps(self) -> int:
        """Generator updates, and before them those of the coder."""
        return self.steps + (self.coding.steps if self.coding else 0)

    @property
    def draws(self) -> bool:
        """Whether layers of the networks draw numbers of their own in training."""
        sizes = self.generator
        return bool(self.critic.dropout or sizes.mixing or sizes.block == "style")

    @model_validator(mode="after")
    def _makes_sense(self) -> Recipe:
        check_names(self.masks, KINDS, "mask")
        if (self.coding is None) != (self.generator.coder is None):
            raise ValueError("coding: goes with generator.coder; give both or neither")
        of_rolls = ("critic", "binary", "noise", "diffusion", "augment", "growth", "path_length")
        for name in of_rolls if self.coding else ():
            if getattr(self, name) != type(self).model_fields[name].get_default():
                raise ValueError(
                    f"{name}: is for a critic of rolls, and with coding there is one of codes; "
                    "leave it out"
                )
        if self.matching and not self.critic.streams:
            raise ValueError("matching: needs at least one of the critic's streams")
        if sum(self.masks.values()) <= 0:
            raise ValueError("masks: at least one kind needs a share above 0")
        return self


class TimbreRecipe(CommonRecipe):
    """A whole training of a model that makes timbres.

    Attributes:
        generator: sizes of the generator and its latent.
        critic: sizes of the critic.
        shift: semitones a note may be played higher or lower at most, its label with it.
        disturb: how much the critic hears all notes changed: 1 is up to 2 dB of gain, as much of
            brightness and three frames of delay; 0 is not at all.
    """

    kind: ClassVar[str] = "timbres"

    generator: TimbreSizes = TimbreSizes()
    critic: TimbreCriticRecipe = TimbreCriticRecipe()
    shift: Annotated[int, Field(ge=0, le=12)] = 1
    disturb: Share = 1.0


RECIPES: dict[str, type[Recipe] | type[TimbreRecipe]] = {
    each.kind: each for each in (Recipe, TimbreRecipe)
}


def lessons_within(recipe: Recipe | TimbreRecipe, steps: int) -> int:
    """Updates of the coder in a training of so many generator updates: fewer if those are fewer."""
    lessons = recipe.all_steps - recipe.steps
    return math.ceil(lessons * min(1.0, steps / recipe.steps))
