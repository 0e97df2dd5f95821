"""What updates of both networks are made of: making music, drawing, joining gradients."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Generic

import torch
from torch import Tensor, nn

from musegan.training.chance import Chance, drawing
from musegan.training.contest import B, C, G, R
from musegan.training.game import Game
from musegan.training.parts import split
from musegan.training.ranks import Ranks, join_gradients
from musegan.training.recipe import CommonRecipe


@dataclass(frozen=True)
class MadePart(Generic[B]):
    """An equal part of a batch; all of it where a batch is worked through in one.

    Attributes:
        batch: its rows.
        made: what the generator made of them.
        chance: of all that is drawn for them.
    """

    batch: B
    made: Tensor
    chance: Chance


def in_parts(game: Game[G, C, B, R], batch: B, chance: Chance) -> list[MadePart[B]]:
    """A batch in `accumulate` parts, with what the generator makes of each."""
    batches = split(batch, game.recipe.accumulate, len(batch.real))
    return [
        MadePart(each, make(game, each, its), its)
        for each, its in zip(batches, chance.split(len(batches)), strict=True)
    ]


def make(game: Game[G, C, B, R], batch: B, chance: Chance) -> Tensor:
    """What the generator makes of a batch, in float32."""
    recipe = game.recipe
    with precision(recipe, batch.real.device), drawing_layers(recipe, chance.apart(5)):
        return game.contest.make(game.state.generator, batch, recipe).float()


def drawing_layers(recipe: CommonRecipe, chance: Chance) -> AbstractContextManager[None]:
    """Where layers draw, if any of the recipe do; see `chance.drawing`."""
    return drawing(chance) if recipe.draws else nullcontext()


def join(network: nn.Module, ranks: Ranks) -> Tensor:
    """Put the gradients of all ranks together; gives their norm."""
    weights = list(network.parameters())
    join_gradients(weights, ranks)
    norm = torch.nn.utils.get_total_norm([w.grad for w in weights if w.grad is not None])
    return norm.detach()


def mean_told(heard: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The means of scalars that were told of several parts."""
    if len(heard) == 1:
        return heard[0]
    return {name: torch.stack([seen[name] for seen in heard]).mean() for name in heard[0]}


def precision(recipe: R, device: torch.device) -> torch.autocast:
    """The arithmetic that a recipe asks for."""
    return torch.autocast(device.type, torch.bfloat16, enabled=recipe.precision == "bfloat16")
