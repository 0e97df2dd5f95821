"""One train step: several critic updates, one generator update, one step of the average.

It knows the networks only by what a `Contest` does with them.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from musegan.training.chance import Chance
from musegan.training.contest import B, C, Contest, G, R
from musegan.training.critic_update import update_critic
from musegan.training.generator_update import update_generator
from musegan.training.making import in_parts
from musegan.training.ranks import ALONE, Ranks
from musegan.training.state import State, average, set_rates


def train_step(
    state: State[G, C],
    contest: Contest[G, C, B, R],
    batches: Sequence[B],
    recipe: R,
    chances: Sequence[Chance],
    ranks: Ranks = ALONE,
) -> dict[str, Tensor]:
    """Run one step in place.

    A batch is worked through in `recipe.accumulate` equal parts whose gradients add up to those of
    the whole; so do the gradients of all ranks' batches.

    Args:
        state: changed in place.
        contest: how the networks are used.
        batches: one for each critic update; the last also serves the generator.
        recipe: loss, penalties, rates.
        chances: randomness of each critic update, on the networks' device.
        ranks: the processes that take this step together.

    Returns:
        Scalars on the device, not waited for: both losses, penalties, mean scores, norms of the
        gradients. They are of the own batch alone, but for the norms.
    """
    set_rates(state, recipe)
    seen = update(state, contest, batches, recipe, chances, ranks)
    if ranks.rank == 0:
        average(state, recipe)
    state.step += 1
    return seen


def update(
    state: State[G, C],
    contest: Contest[G, C, B, R],
    batches: Sequence[B],
    recipe: R,
    chances: Sequence[Chance],
    ranks: Ranks = ALONE,
) -> dict[str, Tensor]:
    """What a step does to both networks: all of it on the device, nothing waited for."""
    for batch, chance in zip(batches[:-1], chances[:-1], strict=True):
        with torch.no_grad():
            parts = in_parts(state, contest, batch, recipe, chance)
        update_critic(state, contest, parts, recipe, ranks)
    # what the critic last learns from, the generator learns from: a whole batch is made only once
    with torch.set_grad_enabled(recipe.accumulate == 1):
        parts = in_parts(state, contest, batches[-1], recipe, chances[-1])
    seen = update_critic(state, contest, parts, recipe, ranks)
    return seen | update_generator(state, contest, parts, recipe, ranks)
