"""One train step: several critic updates, one generator update, one step of the average.

It knows the networks only by what a `Contest` does with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn

from musegan.training.chance import Chance, drawing
from musegan.training.contest import B, C, Contest, G, R
from musegan.training.ears import adaptive, disguised
from musegan.training.losses import LOSSES, doubt, sureness
from musegan.training.matching import Traits
from musegan.training.parts import split
from musegan.training.penalties import PENALTIES, clip_weights
from musegan.training.ranks import ALONE, Ranks, join_gradients
from musegan.training.recipe import CommonRecipe
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
        parts = split(batch, recipe.accumulate, len(batch.real))
        with torch.no_grad():
            made = _make_all(state, contest, parts, recipe, chance)
        _update_critic(state, contest, parts, made, recipe, chance, ranks)
    parts = split(batches[-1], recipe.accumulate, len(batches[-1].real))
    # what the critic last learns from, the generator learns from: a whole batch is made only once
    with torch.set_grad_enabled(len(parts) == 1):
        made = _make_all(state, contest, parts, recipe, chances[-1])
    heard = [each.detach() for each in made]
    seen = _update_critic(state, contest, parts, heard, recipe, chances[-1], ranks)
    return seen | _update_generator(state, contest, parts, made, recipe, chances[-1], ranks)


def _update_critic(
    state: State[G, C],
    contest: Contest[G, C, B, R],
    parts: Sequence[B],
    made: Sequence[Tensor],
    recipe: R,
    chance: Chance,
    ranks: Ranks,
) -> dict[str, Tensor]:
    state.critic_adam.zero_grad(set_to_none=True)
    heard = []
    for part, its, random in zip(parts, made, chance.split(len(parts)), strict=True):
        with _drawing(recipe, random.apart(3)):
            total, seen = _critic_loss(state, contest, part, its, recipe, random)
        torch.autograd.backward(total / len(parts))
        heard.append(seen)
    told = {"critic/gradient": _join(state.critic, ranks)}
    state.critic_adam.step()
    if recipe.clip is not None:
        clip_weights(state.critic, recipe.clip)
    seen = _mean(heard) | told
    if adaptive(recipe):
        state.ears.adapt(recipe, seen["critic/sure"], ranks)
        seen |= {f"critic/{name}": level for name, level in state.ears.tensors.items()}
    return seen


def _critic_loss(
    state: State[G, C],
    contest: Contest[G, C, B, R],
    batch: B,
    made: Tensor,
    recipe: R,
    random: Chance,
) -> tuple[Tensor, dict[str, Tensor]]:
    contest = disguised(contest, state.ears, recipe, state.step / recipe.steps, random.apart(1))

    def score(music: Tensor) -> Tensor:
        return contest.judge(state.critic, music, batch).score

    with _precision(recipe, made.device):
        real = contest.judge(state.critic, batch.real, batch)
        made_score = score(made).float()
    real_score = real.score.float()
    loss = LOSSES[recipe.loss]
    total = loss.critic(real_score, made_score)
    seen = {
        "critic/loss": total.detach(),
        "critic/real": real_score.detach().mean(),
        "critic/made": made_score.detach().mean(),
    }
    if adaptive(recipe):
        seen["critic/sure"] = sureness(loss, real_score.detach(), made_score.detach())
    if recipe.label_smoothing:
        total = total + doubt(real_score, recipe.label_smoothing)
    if real.amiss is not None:
        amiss = real.amiss.float().mean()
        total = total + amiss
        seen["critic/amiss"] = amiss.detach()
    for penalty in recipe.penalties:
        if state.step % penalty.every == 0:
            value = PENALTIES[penalty.kind](score, batch.real, made, random)
            total = total + penalty.weight * penalty.every * value
            seen[f"critic/{penalty.kind}"] = value.detach()
    return total, seen


def _update_generator(
    state: State[G, C],
    contest: Contest[G, C, B, R],
    parts: Sequence[B],
    made: Sequence[Tensor],
    recipe: R,
    chance: Chance,
    ranks: Ranks,
) -> dict[str, Tensor]:
    state.generator_adam.zero_grad(set_to_none=True)
    traits = _hear_traits(state, contest, parts, made, recipe, ranks)
    heard = []
    chances = chance.split(len(parts))
    lengths = _measure_paths(state, contest, parts, recipe, chances, ranks)
    for index, (part, its) in enumerate(zip(parts, made, strict=True)):
        if len(parts) > 1:
            its = _make(state, contest, part, recipe, chances[index])
        with _drawing(recipe, chances[index].apart(4)):
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
    told = {"generator/gradient": _join(state.generator, ranks)}
    state.generator_adam.step()
    return _mean(heard) | told


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
    with _precision(recipe, made.device):
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
        with _drawing(recipe, chance.apart(6)):
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


def _make_all(
    state: State[G, C], contest: Contest[G, C, B, R], parts: Sequence[B], recipe: R, chance: Chance
) -> list[Tensor]:
    split_chance = chance.split(len(parts))
    return [
        _make(state, contest, part, recipe, its)
        for part, its in zip(parts, split_chance, strict=True)
    ]


def _make(
    state: State[G, C], contest: Contest[G, C, B, R], batch: B, recipe: R, chance: Chance
) -> Tensor:
    with _precision(recipe, batch.real.device), _drawing(recipe, chance.apart(5)):
        return contest.make(state.generator, batch, recipe).float()


def _drawing(recipe: CommonRecipe, chance: Chance) -> AbstractContextManager[None]:
    return drawing(chance) if recipe.draws else nullcontext()


def _join(network: nn.Module, ranks: Ranks) -> Tensor:
    """Put the gradients of all ranks together; gives their norm."""
    weights = list(network.parameters())
    join_gradients(weights, ranks)
    norm = torch.nn.utils.get_total_norm([w.grad for w in weights if w.grad is not None])
    return norm.detach()


def _mean(heard: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    if len(heard) == 1:
        return heard[0]
    return {name: torch.stack([seen[name] for seen in heard]).mean() for name in heard[0]}


def _precision(recipe: R, device: torch.device) -> torch.autocast:
    return torch.autocast(device.type, torch.bfloat16, enabled=recipe.precision == "bfloat16")
