"""One update of the critic."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from musegan.training.contest import B, C, G, R
from musegan.training.ears import adaptive
from musegan.training.game import Game
from musegan.training.losses import LOSSES, doubt, sureness
from musegan.training.making import MadePart, drawing_layers, join, mean_told, precision
from musegan.training.penalties import PENALTIES, clip_weights


def update_critic(game: Game[G, C, B, R], parts: Sequence[MadePart[B]]) -> dict[str, Tensor]:
    """Move the critic by a batch in parts, whose gradients count as those of the whole.

    Args:
        game: what is played; its state is changed.
        parts: of the batch, with what the generator made of each.

    Returns:
        Scalars on the device, not waited for.
    """
    state, recipe, ranks = game.state, game.recipe, game.ranks
    state.critic_adam.zero_grad(set_to_none=True)
    heard = []
    for part in parts:
        with drawing_layers(recipe, part.chance.apart(3)):
            total, seen = _critic_loss(game, part)
        torch.autograd.backward(total / len(parts))
        heard.append(seen)
    told = {"critic/gradient": join(state.critic, ranks)}
    state.critic_adam.step()
    if recipe.clip is not None:
        clip_weights(state.critic, recipe.clip)
    seen = mean_told(heard) | told
    if adaptive(recipe):
        state.ears.adapt(recipe, seen["critic/sure"], ranks)
        seen |= {f"critic/{name}": level for name, level in state.ears.tensors.items()}
    return seen


def _critic_loss(game: Game[G, C, B, R], part: MadePart[B]) -> tuple[Tensor, dict[str, Tensor]]:
    state, recipe = game.state, game.recipe
    batch, made, random = part.batch, part.made.detach(), part.chance
    contest = game.as_heard(random.apart(1))

    def score(music: Tensor) -> Tensor:
        return contest.judge(state.critic, music, batch).score

    with precision(recipe, made.device):
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
