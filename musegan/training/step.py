"""One train step: several critic updates, one generator update, one step of the average.

It knows the networks only by what a `Contest` does with them.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from musegan.training.chance import Chance
from musegan.training.contest import B, C, G, R
from musegan.training.critic_update import update_critic
from musegan.training.game import Game
from musegan.training.generator_update import update_generator
from musegan.training.making import in_parts
from musegan.training.state import average, set_rates


def train_step(
    game: Game[G, C, B, R], batches: Sequence[B], chances: Sequence[Chance]
) -> dict[str, Tensor]:
    """Run one step in place.

    A batch is worked through in `accumulate` equal parts whose gradients add up to those of the
    whole; so do the gradients of all ranks' batches.

    Args:
        game: what is played; its state is changed.
        batches: one for each critic update; the last also serves the generator.
        chances: randomness of each critic update, on the networks' device.

    Returns:
        Scalars on the device, not waited for: both losses, penalties, mean scores, norms of the
        gradients. They are of the own batch alone, but for the norms.
    """
    state, recipe = game.state, game.recipe
    set_rates(state, recipe)
    seen = update(game, batches, chances)
    if game.ranks.rank == 0:
        average(state, recipe)
    state.step += 1
    return seen


def update(
    game: Game[G, C, B, R], batches: Sequence[B], chances: Sequence[Chance]
) -> dict[str, Tensor]:
    """What a step does to both networks: all of it on the device, nothing waited for."""
    for batch, chance in zip(batches[:-1], chances[:-1], strict=True):
        with torch.no_grad():
            parts = in_parts(game, batch, chance)
        update_critic(game, parts)
    # what the critic last learns from, the generator learns from: a whole batch is made only once
    with torch.set_grad_enabled(game.recipe.accumulate == 1):
        parts = in_parts(game, batches[-1], chances[-1])
    seen = update_critic(game, parts)
    return seen | update_generator(game, parts)
