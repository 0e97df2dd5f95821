"""How a planner and a critic of codes are played against each other."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from musegan.models.code_critic import CodeCritic, outlined
from musegan.models.latents import Latents
from musegan.models.planned import PlannedGenerator
from musegan.training.contest import Contest, Verdict
from musegan.training.matching import Traits
from musegan.training.recipe import Recipe


@dataclass(frozen=True)
class CodeBatch:
    """What one update of a planner hears, on the training device.

    Attributes:
        real: codes of real phrases, (batch, bars, tracks, code).
        style: (batch, styles + 1) one-hot style labels; the last is "any".
        mask: (batch, tracks, bars), 1 = given.
        latents: for the planned phrases.
    """

    real: Tensor
    style: Tensor
    mask: Tensor
    latents: Latents


def plan_codes(generator: PlannedGenerator, batch: CodeBatch, recipe: Recipe) -> Tensor:
    """The batch's given codes and those that the planner adds."""
    given = batch.real * batch.mask.transpose(1, 2)[..., None]
    codes: Tensor = generator.planner(batch.latents, batch.style, given, batch.mask)
    return codes


def judge_codes(critic: CodeCritic, codes: Tensor, batch: CodeBatch) -> Verdict:
    """The scores of codes under the batch's styles and masks."""
    return Verdict(critic(codes, batch.style, batch.mask))


def code_traits(critic: CodeCritic, codes: Tensor, batch: CodeBatch) -> list[Traits]:
    """Harmony and rhythm of each track in a mean bar, and how alike tracks and bars are."""
    told = critic.tell(codes)
    return [Traits(told.mean(1)), Traits(outlined(told).mean(1, keepdim=True))]


CODES = Contest(plan_codes, judge_codes, code_traits)
