"""One update of the generator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from musegan.training.contest import B, C, Contest, G, R
from musegan.training.ears import disguised
from musegan.training.losses import LOSSES
from musegan.training.making import MadePart, drawing_layers, join, make, mean_told, precision
from musegan.training.matching import Traits
from musegan.training.ranks import Ranks
from musegan.training.state import State


def update_generator(
    state: State[G, C],
    contest: Contest[G, C, B, R],
    parts: Sequence[MadePart[B]],
    recipe: R,
    ranks: Ranks,
) -> dict[str, Tensor]:
    """Move the generator by a batch in parts, whose gradients count as those of the whole.

    Args:
        state: changed in place.
        contest: how the networks are used.
        parts: of the batch; where there are several, what is made of each is made again.
        recipe: loss, penalties, rates.
        ranks: the processes that take this step together.

    Returns:
        Scalars on the device, not waited for.
    """
    state.generator_adam.zero_grad(set_to_none=True)
    traits = _hear_traits(state, contest, parts, recipe, ranks)
    heard = []
    lengths = _measure_paths(state, contest, parts, recipe, ranks)
    for index, part in enumerate(parts):
        if len(parts) > 1:
            made = make(state, contest, part.batch, recipe, part.chance)
            part = replace(part, made=made)
        with drawing_layers(recipe, part.chance.apart(4)):
            total, seen = _generator_loss(state, contest, part, recipe)
        if recipe.matching:
            real, own = traits[index]
            own = own if len(parts) == 1 else contest.traits(state.critic, part.made, part.batch)
            apart = state.matching.pull(real, own)
            total = total + recipe.matching * apart
            seen["generator/matching"] = apart.detach()
        if recipe.path_length is not None and lengths:
            if len(parts) > 1:
                lengths = _paths(state, contest, [part], recipe)
            often = recipe.path_length.weight * recipe.path_length.every
            straying = often * state.paths.pull(lengths[0])
            total = total + straying
            seen["generator/paths"] = straying.detach()
        torch.autograd.backward(total / len(parts))
        heard.append(seen)
    told = {"generator/gradient": join(state.generator, ranks)}
    state.generator_adam.step()
    return mean_told(heard) | told


def _generator_loss(
    state: State[G, C], contest: Contest[G, C, B, R], part: MadePart[B], recipe: R
) -> tuple[Tensor, dict[str, Tensor]]:
    batch, made, random = part.batch, part.made, part.chance
    contest = disguised(contest, state.ears, recipe, state.step / recipe.steps, random.apart(2))
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


def _measure_paths(
    state: State[G, C],
    contest: Contest[G, C, B, R],
    parts: Sequence[MadePart[B]],
    recipe: R,
    ranks: Ranks,
) -> list[Tensor]:
    """Lengths of the paths of each part, remembered as those of one batch; none if not due."""
    settings = recipe.path_length
    if settings is None or state.step % settings.every:
        return []
    found = _paths(state, contest, parts, recipe)
    state.paths.remember(torch.cat(found), settings.memory, ranks)
    return found


def _paths(
    state: State[G, C], contest: Contest[G, C, B, R], parts: Sequence[MadePart[B]], recipe: R
) -> list[Tensor]:
    if contest.paths is None:
        raise ValueError("this contest has no paths to measure")
    found = []
    for part in parts:
        with drawing_layers(recipe, part.chance.apart(6)):
            lengths = contest.paths(state.generator, part.batch, part.chance.apart(7))
        # the graphs of all parts at once would be those of the whole batch
        found.append(lengths if len(parts) == 1 else lengths.detach())
    return found


def _hear_traits(
    state: State[G, C],
    contest: Contest[G, C, B, R],
    parts: Sequence[MadePart[B]],
    recipe: R,
    ranks: Ranks,
) -> list[tuple[list[Traits], list[Traits]]]:
    """Traits of what is real and made in each part, remembered as those of one batch."""
    if not recipe.matching:
        return []
    found = []
    for part in parts:
        with torch.no_grad():
            real = contest.traits(state.critic, part.batch.real, part.batch)
        found.append((real, contest.traits(state.critic, part.made, part.batch)))
    state.matching.remember(found, recipe.matching_memory, ranks)
    return found
