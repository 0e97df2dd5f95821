"""One train step: several critic updates, one generator update, one step of the average.

It knows the networks only by what a `Contest` does with them.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic

import torch
from torch import Tensor, nn

from musegan.models.generator import Generator
from musegan.models.latents import Latents, sample_latents
from musegan.training.contest import B, C, Contest, G, R
from musegan.training.losses import LOSSES, doubt
from musegan.training.matching import Matching
from musegan.training.penalties import PENALTIES, clip_weights
from musegan.training.recipe import CommonRecipe
from musegan.training.sections import AdamRecipe


@dataclass
class State(Generic[G, C]):
    """Everything a training changes.

    Attributes:
        generator: the network that makes.
        critic: the network that judges.
        average: exponential moving average of the generator, the one that is kept.
        generator_adam: the generator's optimiser.
        critic_adam: the critic's optimiser.
        matching: what feature matching remembers.
        step: generator updates done.
    """

    generator: G
    critic: C
    average: G
    generator_adam: torch.optim.Adam
    critic_adam: torch.optim.Adam
    matching: Matching = field(default_factory=Matching)
    step: int = 0


def new_state(generator: G, critic: C, recipe: CommonRecipe) -> State[G, C]:
    """The state before the first step, on the networks' device."""
    return State(
        generator,
        critic,
        copy.deepcopy(generator).requires_grad_(False),
        _adam(generator, recipe.generator_adam),
        _adam(critic, recipe.critic_adam),
    )


def train_step(
    state: State[G, C],
    contest: Contest[G, C, B, R],
    batches: Sequence[B],
    recipe: R,
    random: torch.Generator,
) -> dict[str, Tensor]:
    """Run one step in place.

    Args:
        state: changed in place.
        contest: how the networks are used.
        batches: one for each critic update; the last also serves the generator.
        recipe: loss, penalties, rates.
        random: randomness of the penalties, on the networks' device.

    Returns:
        Scalars on the device, not waited for: both losses, penalties, mean scores.
    """
    progress = state.step / recipe.steps
    _set_rate(state.critic_adam, recipe.critic_adam, progress)
    _set_rate(state.generator_adam, recipe.generator_adam, progress)
    for batch in batches[:-1]:
        with torch.no_grad():
            made = _make(state, contest, batch, recipe)
        _update_critic(state, contest, batch, made, recipe, random)
    # what the critic last learns from, the generator learns from: it is made only once
    made = _make(state, contest, batches[-1], recipe)
    seen = _update_critic(state, contest, batches[-1], made.detach(), recipe, random)
    seen |= _update_generator(state, contest, batches[-1], made, recipe)
    _average(state, 0.5 ** (1 / recipe.ema_half_life))
    state.step += 1
    return seen


def _update_critic(
    state: State[G, C],
    contest: Contest[G, C, B, R],
    batch: B,
    made: Tensor,
    recipe: R,
    random: torch.Generator,
) -> dict[str, Tensor]:
    def score(music: Tensor) -> Tensor:
        return contest.judge(state.critic, music, batch).score

    with _precision(recipe, made.device):
        real = contest.judge(state.critic, batch.real, batch)
        made_score = score(made).float()
    real_score = real.score.float()
    total = LOSSES[recipe.loss].critic(real_score, made_score)
    seen = {
        "critic/loss": total.detach(),
        "critic/real": real_score.detach().mean(),
        "critic/made": made_score.detach().mean(),
    }
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
    state.critic_adam.zero_grad(set_to_none=True)
    torch.autograd.backward(total)
    state.critic_adam.step()
    if recipe.clip is not None:
        clip_weights(state.critic, recipe.clip)
    return seen


def _update_generator(
    state: State[G, C], contest: Contest[G, C, B, R], batch: B, made: Tensor, recipe: R
) -> dict[str, Tensor]:
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
    if recipe.matching:
        with torch.no_grad():
            real = contest.traits(state.critic, batch.real, batch)
        traits = contest.traits(state.critic, made, batch)
        apart = state.matching(real, traits, recipe.matching_memory)
        total = total + recipe.matching * apart
        seen["generator/matching"] = apart.detach()
    state.generator_adam.zero_grad(set_to_none=True)
    torch.autograd.backward(total)
    state.generator_adam.step()
    return seen


def _make(state: State[G, C], contest: Contest[G, C, B, R], batch: B, recipe: R) -> Tensor:
    with _precision(recipe, batch.real.device):
        return contest.make(state.generator, batch, recipe).float()


def _precision(recipe: R, device: torch.device) -> torch.autocast:
    return torch.autocast(device.type, torch.bfloat16, enabled=recipe.precision == "bfloat16")


def _adam(network: nn.Module, settings: AdamRecipe) -> torch.optim.Adam:
    return torch.optim.Adam(network.parameters(), settings.rate, settings.betas, fused=True)


def _set_rate(optimiser: torch.optim.Adam, settings: AdamRecipe, progress: float) -> None:
    """Fall along a cosine from the rate to `final` of it."""
    share = settings.final + (1 - settings.final) * (1 + math.cos(math.pi * min(progress, 1))) / 2
    for group in optimiser.param_groups:
        group["lr"] = settings.rate * share


def _average(state: State[G, C], decay: float) -> None:
    # early on the average follows closely, or the first random weights would weigh for long
    decay = min(decay, (state.step + 1) / (state.step + 10))
    with torch.no_grad():
        torch._foreach_lerp_(
            list(state.average.parameters()), list(state.generator.parameters()), 1 - decay
        )
        for kept, now in zip(state.average.buffers(), state.generator.buffers(), strict=True):
            kept.copy_(now)


def random_latents(generator: Generator, batch: int, random: torch.Generator) -> Latents:
    """Latents for `batch` phrases of a generator."""
    layout = generator.layout
    return sample_latents(batch, generator.sizes, layout.tracks, layout.bars, random)
