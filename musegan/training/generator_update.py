"""One update of the generator."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from musegan.training.chance import Chance
from musegan.training.contest import B, C, Contest, G, R
from musegan.training.ears import disguised
from musegan.training.losses import LOSSES
from musegan.training.making import drawing_layers, join, make, mean_told, precision
from musegan.training.matching import Traits
from musegan.training.ranks import Ranks
from musegan.training.state import State


def update_generator(
    state: State[G, C],
    contest: Contest[G, C, B, R],
    parts: Sequence[B],
    made: Sequence[Tensor],
    recipe: R,
    chance: Chance,
    ranks: Ranks,
) -> dict[str, Tensor]:
    """Move the generator by a batch in parts, whose gradients count as those of the whole.

    Args:
        state: changed in place.
        contest: how the networks are used.
        parts: of the batch.
        made: what the generator made of each; it is made again where there are several parts.
        recipe: loss, penalties, rates.
        chance: of all that is drawn.
        ranks: the processes that take this step together.

    Returns:
        Scalars on the device, not waited for.
    """
    state.generator_adam.zero_grad(set_to_none=True)
    traits = _hear_traits(state, contest, parts, made, recipe, ranks)
    heard = []
    chances = chance.split(len(parts))
    lengths = _measure_paths(state, contest, parts, recipe, chances, ranks)
    for index, (part, its) in enumerate(zip(parts, made, strict=True)):
        if len(parts) > 1:
            its = make(state, contest, part, recipe, chances[index])
        with drawing_layers(recipe, chances[index].apart(4)):
            total, seen = _generator_loss(state, contest, part, its, recipe, chances[index])
        if recipe.matching:
            real, own = traits[index]
            own = own if len(parts) == 1 else contest.traits(state.critic, its, part)
            apart = state.matching.pull(real, own)
            total = total + recipe.matching * apart
            seen["generator/matching"] = apart.detach()
        if recipe.path_length is not None and lengths:
            if len(parts) > 1:
                lengths = _paths(state, contest, [part], recipe, chances[index : index + 1])
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
    state: State[G, C],
    contest: Contest[G, C, B, R],
    batch: B,
    made: Tensor,
    recipe: R,
    random: Chance,
) -> tuple[Tensor, dict[str, Tensor]]:
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
    parts: Sequence[B],
    recipe: R,
    chances: Sequence[Chance],
    ranks: Ranks,
) -> list[Tensor]:
    """Lengths of the paths of each part, remembered as those of one batch; none if not due."""
    settings = recipe.path_length
    if settings is None or state.step % settings.every:
        return []
    found = _paths(state, contest, parts, recipe, chances)
    state.paths.remember(torch.cat(found), settings.memory, ranks)
    return found


def _paths(
    state: State[G, C],
    contest: Contest[G, C, B, R],
    parts: Sequence[B],
    recipe: R,
    chances: Sequence[Chance],
) -> list[Tensor]:
    if contest.paths is None:
        raise ValueError("this contest has no paths to measure")
    found = []
    for part, chance in zip(parts, chances, strict=True):
        with drawing_layers(recipe, chance.apart(6)):
            lengths = contest.paths(state.generator, part, chance.apart(7))
        # the graphs of all parts at once would be those of the whole batch
        found.append(lengths if len(parts) == 1 else lengths.detach())
    return found


def _hear_traits(
    state: State[G, C],
    contest: Contest[G, C, B, R],
    parts: Sequence[B],
    made: Sequence[Tensor],
    recipe: R,
    ranks: Ranks,
) -> list[tuple[list[Traits], list[Traits]]]:
    """Traits of what is real and made in each part, remembered as those of one batch."""
    if not recipe.matching:
        return []
    found = []
    for part, its in zip(parts, made, strict=True):
        with torch.no_grad():
            real = contest.traits(state.critic, part.real, part)
        found.append((real, contest.traits(state.critic, its, part)))
    state.matching.remember(found, recipe.matching_memory, ranks)
    return found
