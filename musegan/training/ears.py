"""What is done to music before the critic hears it, real and made alike.

Instance noise, Diffusion-GAN and adaptive augmentation keep a critic from knowing its examples by
heart, and growing keeps it from details before their time. The generator hears through the same
ears, so what it learns is the music, not its disguise.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from musegan.training.chance import Chance
from musegan.training.contest import B, C, Contest, G, R, Verdict
from musegan.training.ranks import Ranks
from musegan.training.recipe import CommonRecipe
from musegan.training.running import Running
from musegan.training.sections import Adaptive, DiffusionRecipe, NoiseRecipe

MEMORY = 0.75  # share of what was known of the critic's sureness that stays at each update


class Ears(Running):
    """How hard the adaptive tricks are played: the level of each, 0..1.

    And `sure`, how sure the critic was lately.
    """

    def level(self, trick: str, like: Tensor) -> Tensor:
        """How hard a trick is played now, on the device of `like`."""
        return self.tensors.get(trick, torch.zeros((), device=like.device))

    def adapt(self, recipe: CommonRecipe, sure: Tensor, ranks: Ranks) -> None:
        """Play the tricks a little harder if the critic was surer than it may be, else softer."""
        tricks = adaptive(recipe)
        if not tricks:
            return
        (now,) = ranks.mean([sure])
        sure = self.blend("sure", now, MEMORY)
        for name, trick in tricks.items():
            step = (sure - trick.target).sign() * recipe.batch / trick.ramp
            self.tensors[name] = (self.level(name, sure) + step).clamp(0, 1)


def adaptive(recipe: CommonRecipe) -> dict[str, Adaptive]:
    """The adaptive tricks of a recipe by name."""
    tricks = {"diffusion": recipe.diffusion, "augment": recipe.augment}
    return {name: trick for name, trick in tricks.items() if trick is not None}


def disguised(
    contest: Contest[G, C, B, R], ears: Ears, recipe: R, progress: float, chance: Chance
) -> Contest[G, C, B, R]:
    """The contest as it is through these ears.

    Args:
        contest: as it is.
        ears: how hard the adaptive tricks are played.
        recipe: which tricks.
        progress: share of the training that is done.
        chance: of all that is drawn, anew each time the critic is asked.
    """
    if recipe.noise is None and recipe.growth is None and not adaptive(recipe):
        return contest

    def judge(critic: C, music: Tensor, batch: B) -> Verdict:
        if recipe.growth is not None and contest.grow is not None:
            music = contest.grow(critic, music, recipe.growth, progress)
        if recipe.augment is not None and contest.augment is not None:
            often = recipe.augment.most * ears.level("augment", music)
            music, batch = contest.augment(
                critic, music, batch, recipe.augment.kinds, often, chance
            )
        if recipe.noise is not None:
            music = music + spread_now(recipe.noise, progress) * chance.normal(*music.shape[1:])
        if recipe.diffusion is not None and contest.tell_noise is not None:
            music, told = diffuse(music, recipe.diffusion, ears.level("diffusion", music), chance)
            batch = contest.tell_noise(batch, told)
        return contest.judge(critic, music, batch)

    return replace(contest, judge=judge)


def spread_now(noise: NoiseRecipe, progress: float) -> float:
    """The standard deviation of instance noise, which falls straight to 0."""
    return noise.level * max(0.0, 1 - progress / noise.until)


def diffuse(
    music: Tensor, recipe: DiffusionRecipe, level: Tensor, chance: Chance
) -> tuple[Tensor, Tensor]:
    """Music after a forward diffusion; half of it is left as it is.

    After t steps it is sqrt(a) x + sqrt(1 - a) s e with a the product of 1 - variance over the
    steps. As in the paper, a longer diffusion is the likelier: t of 1..T with a chance in
    proportion to t.

    Args:
        music: (batch, ...).
        recipe: the diffusion.
        level: 0-d, how far T is from the least to the most.
        chance: what all is drawn from.

    Returns:
        The music, and how far each row has diffused as a share of the most steps, (batch,).
    """
    longest = (recipe.least + level * (recipe.most - recipe.least)).floor()
    # the chance of at most t is t (t + 1) / T (T + 1)
    drawn = chance.uniform() * longest * (longest + 1)
    steps = (((1 + 4 * drawn).sqrt() - 1) / 2).ceil().clamp(min=1).minimum(longest)
    steps = steps * (chance.uniform() < 0.5)
    kept = kept_shares(recipe, music.device)[steps.long()]
    kept = kept.view(-1, *[1] * (music.dim() - 1))
    noise = recipe.spread * chance.normal(*music.shape[1:])
    return kept.sqrt() * music + (1 - kept).sqrt() * noise, steps / recipe.most


def kept_shares(recipe: DiffusionRecipe, device: torch.device) -> Tensor:
    """(most + 1,) how much of the variance is still the music's after so many steps."""
    variances = torch.linspace(recipe.first, recipe.last, recipe.most, device=device)
    return torch.cat([torch.ones(1, device=device), (1 - variances).cumprod(0)])
