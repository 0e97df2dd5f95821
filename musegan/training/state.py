"""Everything a training changes, and how it falls, rises and averages from step to step."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Generic

import torch
from torch import nn

from musegan.training.contest import C, G
from musegan.training.ears import Ears
from musegan.training.guards import Guard
from musegan.training.matching import Matching
from musegan.training.paths import Paths
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
        ears: how hard the adaptive tricks before the critic are played.
        paths: what path-length regularisation remembers.
        guard: what is usual, and how often the training had to go back.
        step: generator updates done.
    """

    generator: G
    critic: C
    average: G
    generator_adam: torch.optim.Adam
    critic_adam: torch.optim.Adam
    matching: Matching = field(default_factory=Matching)
    ears: Ears = field(default_factory=Ears)
    paths: Paths = field(default_factory=Paths)
    guard: Guard = field(default_factory=Guard)
    step: int = 0


def new_state(generator: G, critic: C, recipe: CommonRecipe) -> State[G, C]:
    """The state before the first step, on the networks' device."""
    return State(
        generator,
        critic,
        copy.deepcopy(generator).requires_grad_(False).eval(),
        _adam(generator, recipe.generator_adam),
        _adam(critic, recipe.critic_adam),
    )


def _adam(network: nn.Module, settings: AdamRecipe) -> torch.optim.Adam:
    weights = list(network.parameters())
    if weights[0].device.type != "cuda":
        return torch.optim.Adam(weights, settings.rate, settings.betas, fused=True)
    # a rate that lies on the device can change between replays of a recorded step
    rate = torch.tensor(settings.rate, device=weights[0].device)
    return torch.optim.Adam(weights, rate, settings.betas, fused=True, capturable=True)


def set_rates(state: State[G, C], recipe: CommonRecipe) -> None:
    """Let both rates fall as their settings say; the guard may lower them."""
    done = min(state.step / recipe.steps, 1)
    for adam, settings in (
        (state.critic_adam, recipe.critic_adam),
        (state.generator_adam, recipe.generator_adam),
    ):
        rate = settings.rate_at(done) * state.guard.rate
        for group in adam.param_groups:
            if isinstance(group["lr"], torch.Tensor):
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate


def average(state: State[G, C], recipe: CommonRecipe) -> None:
    """Move the averaged generator towards the generator as it is now."""
    # early on the average follows closely, or the first random weights would weigh for long
    decay = min(0.5 ** (1 / recipe.ema_half_life), (state.step + 1) / (state.step + 10))
    with torch.no_grad():
        torch._foreach_lerp_(
            list(state.average.parameters()), list(state.generator.parameters()), 1 - decay
        )
        for kept, now in zip(state.average.buffers(), state.generator.buffers(), strict=True):
            kept.copy_(now)
