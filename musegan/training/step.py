"""One train step: several critic updates, one generator update, one step of the average."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from musegan.models.critic import Critic
from musegan.models.generator import Generator, complete
from musegan.models.latents import Latents, sample_latents
from musegan.models.sounding import sound
from musegan.training.losses import LOSSES, matching
from musegan.training.penalties import PENALTIES
from musegan.training.recipe import AdamRecipe, Recipe


@dataclass(frozen=True)
class Batch:
    """What one update hears, on the training device.

    Attributes:
        real: patches of real phrases.
        style: (batch, styles + 1) one-hot style labels; the last is "any".
        mask: (batch, tracks, bars), 1 = given.
        given: the patches of `real` that the mask marks, silence elsewhere.
        latents: for the made phrases.
    """

    real: Tensor
    style: Tensor
    mask: Tensor
    given: Tensor
    latents: Latents


@dataclass
class State:
    """Everything a training changes.

    Attributes:
        generator: the network that makes.
        critic: the network that judges.
        average: exponential moving average of the generator, the one that is kept.
        generator_adam: the generator's optimiser.
        critic_adam: the critic's optimiser.
        step: generator updates done.
    """

    generator: Generator
    critic: Critic
    average: Generator
    generator_adam: torch.optim.Adam
    critic_adam: torch.optim.Adam
    step: int = 0


def new_state(generator: Generator, critic: Critic, recipe: Recipe) -> State:
    """The state before the first step, on the networks' device."""
    return State(
        generator,
        critic,
        copy.deepcopy(generator).requires_grad_(False),
        _adam(generator, recipe.generator_adam),
        _adam(critic, recipe.critic_adam),
    )


def train_step(
    state: State, batches: list[Batch], recipe: Recipe, random: torch.Generator
) -> dict[str, Tensor]:
    """Run one step in place.

    Args:
        state: changed in place.
        batches: one for each critic update; the last also serves the generator.
        recipe: loss, penalties, rates.
        random: randomness of the penalties, on the networks' device.

    Returns:
        Scalars on the device, not waited for: both losses, penalties, mean scores.
    """
    progress = state.step / recipe.steps
    _set_rate(state.critic_adam, recipe.critic_adam, progress)
    _set_rate(state.generator_adam, recipe.generator_adam, progress)
    seen: dict[str, Tensor] = {}
    for batch in batches[:-1]:
        with torch.no_grad():
            made = _make(state.generator, batch, recipe)
        _update_critic(state, batch, made, recipe, random)
    # what the critic last learns from, the generator learns from: it is made only once
    made = _make(state.generator, batches[-1], recipe)
    seen |= _update_critic(state, batches[-1], made.detach(), recipe, random)
    seen |= _update_generator(state, batches[-1], made, recipe)
    _average(state, 0.5 ** (1 / recipe.ema_half_life))
    state.step += 1
    return seen


def _update_critic(
    state: State, batch: Batch, made: Tensor, recipe: Recipe, random: torch.Generator
) -> dict[str, Tensor]:
    def score(patches: Tensor) -> Tensor:
        return state.critic(patches, batch.style, batch.mask)  # type: ignore[no-any-return]  # modules are untyped calls

    with _precision(recipe, made.device):
        real_score, made_score = score(batch.real).float(), score(made).float()
    total = LOSSES[recipe.loss].critic(real_score, made_score)
    seen = {
        "critic/loss": total.detach(),
        "critic/real": real_score.detach().mean(),
        "critic/made": made_score.detach().mean(),
    }
    for penalty in recipe.penalties:
        if state.step % penalty.every == 0:
            value = PENALTIES[penalty.kind](score, batch.real, made, random)
            total = total + penalty.weight * penalty.every * value
            seen[f"critic/{penalty.kind}"] = value.detach()
    state.critic_adam.zero_grad(set_to_none=True)
    torch.autograd.backward(total)
    state.critic_adam.step()
    return seen


def _update_generator(
    state: State, batch: Batch, made: Tensor, recipe: Recipe
) -> dict[str, Tensor]:
    # the critic only listens now: no gradients of its weights are worth computing
    state.critic.requires_grad_(False)
    with _precision(recipe, made.device):
        with torch.no_grad():
            real_score = state.critic(batch.real, batch.style, batch.mask).float()
        made_score = state.critic(made, batch.style, batch.mask).float()
    state.critic.requires_grad_(True)
    loss = LOSSES[recipe.loss].generator(real_score, made_score)
    seen = {"generator/loss": loss.detach()}
    if recipe.matching:
        views = state.critic.views
        apart = matching(views(batch.real), views(made), state.critic.layout.bars)
        loss = loss + recipe.matching * apart
        seen["generator/matching"] = apart.detach()
    state.generator_adam.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    state.generator_adam.step()
    return seen


def _make(generator: Generator, batch: Batch, recipe: Recipe) -> Tensor:
    layout = generator.layout
    with _precision(recipe, batch.real.device):
        logits = generator(batch.latents, batch.style, batch.given, batch.mask).float()
    return complete(sound(logits, layout, soft=not recipe.binary), batch.given, batch.mask, layout)


def _precision(recipe: Recipe, device: torch.device) -> torch.autocast:
    return torch.autocast(device.type, torch.bfloat16, enabled=recipe.precision == "bfloat16")


def _adam(network: nn.Module, settings: AdamRecipe) -> torch.optim.Adam:
    return torch.optim.Adam(network.parameters(), settings.rate, settings.betas, fused=True)


def _set_rate(optimiser: torch.optim.Adam, settings: AdamRecipe, progress: float) -> None:
    """Fall along a cosine from the rate to `final` of it."""
    share = settings.final + (1 - settings.final) * (1 + math.cos(math.pi * min(progress, 1))) / 2
    for group in optimiser.param_groups:
        group["lr"] = settings.rate * share


def _average(state: State, decay: float) -> None:
    # early on the average follows closely, or the first random weights would weigh for long
    decay = min(decay, (state.step + 1) / (state.step + 10))
    with torch.no_grad():
        torch._foreach_lerp_(
            list(state.average.parameters()), list(state.generator.parameters()), 1 - decay
        )


def random_latents(generator: Generator, batch: int, random: torch.Generator) -> Latents:
    """Latents for `batch` phrases of a generator."""
    layout = generator.layout
    return sample_latents(batch, generator.sizes, layout.tracks, layout.bars, random)
