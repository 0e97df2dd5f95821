"""Which pieces of a recipe contradict each other.

A training that can only go wrong, or whose setting would do nothing, is refused before it starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from musegan.training.losses import LOSSES

if TYPE_CHECKING:
    from musegan.training.recipe import CommonRecipe

BLOCKS = {"phrases": (12, "steps and pitches"), "timbres": (32, "frames and rows")}

Rule = Callable[["CommonRecipe"], str | None]


def contradictions(recipe: CommonRecipe) -> Iterator[str]:
    """What makes no sense in a recipe whose names are all known: "<key>: why; what to do"."""
    return (problem for rule in RULES if (problem := rule(recipe)) is not None)


def _steep_scores_are_held(recipe: CommonRecipe) -> str | None:
    held = recipe.penalties or recipe.clip is not None or recipe.critic.spectral
    if held or not LOSSES[recipe.loss].steep:
        return None
    return (
        f"penalties: a {recipe.loss} loss has no bound without a penalty; "
        "add one, or clip, or critic.spectral"
    )


def _only_chances_are_smoothed(recipe: CommonRecipe) -> str | None:
    if not recipe.label_smoothing or LOSSES[recipe.loss].odds:
        return None
    return (
        f"label_smoothing: a {recipe.loss} loss labels nothing as likely; "
        "leave it out, or take a minimax or non_saturating loss"
    )


def _clipping_is_for_wasserstein(recipe: CommonRecipe) -> str | None:
    if recipe.clip is None or recipe.loss == "wasserstein":
        return None
    return (
        f"clip: small weights keep a {recipe.loss} critic from ever being sure; "
        "leave clip out, or take a wasserstein loss"
    )


def _clipping_stands_alone(recipe: CommonRecipe) -> str | None:
    other = "penalties" if recipe.penalties else "critic.spectral"
    if recipe.clip is None or not (recipe.penalties or recipe.critic.spectral):
        return None
    return f"clip: {other} holds the critic already; keep one of the two"


def _batches_have_equal_parts(recipe: CommonRecipe) -> str | None:
    if recipe.batch % recipe.accumulate == 0:
        return None
    return f"accumulate: a batch of {recipe.batch} has no {recipe.accumulate} equal parts"


def _batch_norm_has_no_slopes(recipe: CommonRecipe) -> str | None:
    if not getattr(recipe.critic, "batch_norm", False):
        return None
    if recipe.penalties:
        return (
            "critic.batch_norm: penalties are on the slope of each score by its own music, and "
            "batch norm mixes them; drop one of the two"
        )
    if recipe.critic.spectral:
        return "critic.batch_norm: it undoes what spectral normalisation holds; drop one of the two"
    return None


def _stages_are_whole_blocks(recipe: CommonRecipe) -> str | None:
    whole, units = BLOCKS[recipe.kind]
    stages = recipe.growth.stages if recipe.growth else ()
    if all(whole % grain == 0 for stage in stages for grain in stage):
        return None
    return f"growth.stages: each is {units} that divide {whole}"


def _timbres_have_their_own_disguise(recipe: CommonRecipe) -> str | None:
    if recipe.kind != "timbres":
        return None
    if recipe.augment is not None:
        return "augment: the changes are to phrases; timbres have disturb"
    if recipe.diffusion is not None:
        return "diffusion: a critic of timbres cannot be told of it; timbres have noise"
    if recipe.path_length is not None:
        return "path_length: a generator of timbres has no styles; leave it out"
    return None


RULES: tuple[Rule, ...] = (
    _batches_have_equal_parts,
    _steep_scores_are_held,
    _only_chances_are_smoothed,
    _clipping_is_for_wasserstein,
    _clipping_stands_alone,
    _batch_norm_has_no_slopes,
    _stages_are_whole_blocks,
    _timbres_have_their_own_disguise,
)
