"""One update of the generator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from musegan.training.contest import B, C, G, R
from musegan.training.game import Game
from musegan.training.losses import LOSSES
from musegan.training.making import MadePart, drawing_layers, join, make, mean_told, precision
from musegan.training.matching import Traits


def update_generator(game: Game[G, C, B, R], parts: Sequence[MadePart[B]]) -> dict[str, Tensor]:
    """Move the generator by a batch in parts, whose gradients count as those of the whole.

    Args:
        game: what is played; its state is changed.
        parts: of the batch; where there are several, what is made of each is made again.

    Returns:
        Scalars on the device, not waited for.
    """
    state, contest, recipe = game.state, game.contest, game.recipe
    state.generator_adam.zero_grad(set_to_none=True)
    traits = _hear_traits(game, parts)
    heard = []
    lengths = _measure_paths(game, parts)
    for index, part in enumerate(parts):
        if len(parts) > 1:
            made = make(game, part.batch, part.chance)
            part = replace(part, made=made)
        with drawing_layers(recipe, part.chance.apart(4)):
            total, seen = _generator_loss(game, part)
        if recipe.matching:
            real, own = traits[index]
            own = own if len(parts) == 1 else contest.traits(state.critic, part.made, part.batch)
            apart = state.matching.pull(real, own)
            total = total + recipe.matching * apart
            seen["generator/matching"] = apart.detach()
        if recipe.path_length is not None and lengths:
            if len(parts) > 1:
                lengths = _paths(game, [part])
            often = recipe.path_length.weight * recipe.path_length.every
            straying = often * state.paths.pull(lengths[0])
            total = total + straying
            seen["generator/paths"] = straying.detach()
        torch.autograd.backward(total / len(parts))
        heard.append(seen)
    told = {"generator/gradient": join(state.generator, game.ranks)}
    state.generator_adam.step()
    return mean_told(heard) | told


def _generator_loss(game: Game[G, C, B, R], part: MadePart[B]) -> tuple[Tensor, dict[str, Tensor]]:
    state, recipe = game.state, game.recipe
    batch, made = part.batch, part.made
    contest = game.as_heard(part.chance.apart(2))
    loss = LOSSES[recipe.loss]
    # the critic only listens now: no gradients of its weights are worth computing
    state.critic.requires_grad_(False)
    with precision(recipe, made.device):
        found = contest.judge(state.critic, made, batch)
        made_score = found.score.float()
        with torch.no_grad():
            real_score = (
                contest.judge(state.critic, batch.real, batch).score.float()
                if loss.paired
                else torch.zeros_like(made_score)
            )
    state.critic.requires_grad_(True)
    total = loss.generator(real_score, made_score)
    seen = {"generator/loss": total.detach()}
    if found.amiss is not None:
        amiss = found.amiss.float().mean()
        total = total + amiss
        seen["generator/amiss"] = amiss.detach()
    return total, seen


def _measure_paths(game: Game[G, C, B, R], parts: Sequence[MadePart[B]]) -> list[Tensor]:
    """Lengths of the paths of each part, remembered as those of one batch; none if not due."""
    settings = game.recipe.path_length
    if settings is None or game.state.step % settings.every:
        return []
    found = _paths(game, parts)
    game.state.paths.remember(torch.cat(found), settings.memory, game.ranks)
    return found


def _paths(game: Game[G, C, B, R], parts: Sequence[MadePart[B]]) -> list[Tensor]:
    measure = game.contest.paths
    if measure is None:
        raise ValueError("this contest has no paths to measure")
    found = []
    for part in parts:
        with drawing_layers(game.recipe, part.chance.apart(6)):
            lengths = measure(game.state.generator, part.batch, part.chance.apart(7))
        # the graphs of all parts at once would be those of the whole batch
        found.append(lengths if len(parts) == 1 else lengths.detach())
    return found


def _hear_traits(
    game: Game[G, C, B, R], parts: Sequence[MadePart[B]]
) -> list[tuple[list[Traits], list[Traits]]]:
    """Traits of what is real and made in each part, remembered as those of one batch."""
    state, contest, recipe = game.state, game.contest, game.recipe
    if not recipe.matching:
        return []
    found = []
    for part in parts:
        with torch.no_grad():
            real = contest.traits(state.critic, part.batch.real, part.batch)
        found.append((real, contest.traits(state.critic, part.made, part.batch)))
    state.matching.remember(found, recipe.matching_memory, game.ranks)
    return found
