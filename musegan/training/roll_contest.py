"""How a generator and a critic of rolls are played against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from torch import Tensor
from torch.nn import functional as F

from musegan.models.critic import Critic
from musegan.models.generator import Generator, complete
from musegan.models.latents import Latents
from musegan.models.patches import fold
from musegan.models.sounding import sound
from musegan.models.styling import path_lengths
from musegan.training.augmenting import AUGMENTS
from musegan.training.chance import Chance
from musegan.training.contest import Contest, Verdict
from musegan.training.growing import Grain, coarse_phrases, grown
from musegan.training.matching import Traits
from musegan.training.recipe import Recipe
from musegan.training.sections import GrowthRecipe


@dataclass(frozen=True)
class RollBatch:
    """What one update hears, on the training device.

    Attributes:
        real: patches of real phrases.
        style: (batch, styles + 1) one-hot style labels; the last is "any".
        mask: (batch, tracks, bars), 1 = given.
        given: the patches of `real` that the mask marks, silence elsewhere.
        latents: for the made phrases.
        noise: (batch,) how much noise was added to what the critic hears, if it is told.
    """

    real: Tensor
    style: Tensor
    mask: Tensor
    given: Tensor
    latents: Latents
    noise: Tensor | None = None


def make_phrases(generator: Generator, batch: RollBatch, recipe: Recipe) -> Tensor:
    """What a listener hears: the batch's given notes and what the generator adds to them."""
    layout = generator.layout
    logits = generator(batch.latents, batch.style, batch.given, batch.mask).float()
    return complete(sound(logits, layout, soft=not recipe.binary), batch.given, batch.mask, layout)


def judge_phrases(critic: Critic, patches: Tensor, batch: RollBatch) -> Verdict:
    """The scores of patches under the batch's styles and masks, and guesses at the styles.

    Where the style is "any" no guess is wrong.
    """
    opinion = critic(patches, batch.style, batch.mask, batch.noise)
    if opinion.style is None:
        return Verdict(opinion.score)
    known = batch.style[:, :-1]
    return Verdict(opinion.score, F.cross_entropy(opinion.style, known, reduction="none"))


def phrase_traits(critic: Critic, patches: Tensor, batch: RollBatch) -> list[Traits]:
    """The critic's streams at each place of a mean bar."""
    views = critic.views(fold(patches, critic.layout))
    return [Traits(views.unflatten(1, (critic.layout.bars, -1)).mean(1))]


def change_phrases(
    critic: Critic,
    patches: Tensor,
    batch: RollBatch,
    kinds: Sequence[str],
    often: Tensor,
    chance: Chance,
) -> tuple[Tensor, RollBatch]:
    """Patches that some of the changes were made to, and the batch with the masks that fit."""
    mask = batch.mask
    for kind in kinds:
        hit = chance.uniform() < often
        patches, mask = AUGMENTS[kind](patches, mask, hit, critic.layout, chance)
    return patches, replace(batch, mask=mask)


def tell_phrase_noise(batch: RollBatch, noise: Tensor) -> RollBatch:
    """The batch with how much noise the critic hears."""
    return replace(batch, noise=noise)


def grow_phrases(critic: Critic, patches: Tensor, growth: GrowthRecipe, progress: float) -> Tensor:
    """Patches as coarse as they are heard by then."""

    def coarsen(finer: Tensor, grain: Grain) -> Tensor:
        return coarse_phrases(finer, grain, critic.layout)

    return grown(patches, growth, progress, coarsen)


def phrase_paths(generator: Generator, batch: RollBatch, chance: Chance) -> Tensor:
    """How far the logits of a batch move with the vectors that its latents are mapped to."""
    styles: list[Tensor] = []
    listening = generator.mapping.register_forward_hook(
        lambda layer, heard, style: styles.append(style)
    )
    with listening:
        logits = generator(batch.latents, batch.style, batch.given, batch.mask).float()
    return path_lengths(logits, styles[0], chance.normal(*logits.shape[1:]))


ROLLS = Contest(
    make_phrases,
    judge_phrases,
    phrase_traits,
    augment=change_phrases,
    tell_noise=tell_phrase_noise,
    grow=grow_phrases,
    paths=phrase_paths,
)
