"""Teaching the coder by itself: cells of real phrases become codes and are played again.

A critic of rolls has to teach what notes are, bit by bit; an autoencoder is told. So the coder is
taught first, and a critic of codes then only has to teach what goes with what. In its last lessons
the decoder alone learns to play codes that are only nearly right, for such is what is planned.
Latents were learnt before adversaries came in also by Makhzani et al., "Adversarial Autoencoders",
2015, and Engel et al., "Latent Constraints", ICLR 2018.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from musegan.data.batches import PhraseSource
from musegan.models.coder import Coder
from musegan.models.patches import PatchLayout, to_patches
from musegan.models.store import write_tensors
from musegan.pianoroll import Phrases
from musegan.training.blurring import blur
from musegan.training.checkpoint import (
    FORMAT,
    LESSONS_ALONE,
    check_same,
    load_adam,
    read_about,
    read_checkpoint,
    save_adam,
    under,
)
from musegan.training.coding_losses import misheard, mistold
from musegan.training.sections import CodingRecipe
from musegan.training.stopping import uninterrupted

LONGEST_STEP = 1.0  # norm that gradients are cut to: the first steps are steep
WARMUP = 50  # steps until the rate is whole
BLURRED_RATE = 0.25  # of the rate, at the most, while the decoder alone learns
ENCODED = 32  # phrases encoded at once: bounds memory

Heard = Callable[[int, dict[str, float]], None]


def teach(
    coder: Coder,
    layout: PatchLayout,
    source: PhraseSource,
    recipe: CodingRecipe,
    path: Path,
    about: dict[str, Any],
    heard: Heard,
) -> None:
    """Teach `coder` in place; a killed teaching goes on from `path`. It learns nothing after.

    Args:
        coder: fresh.
        layout: shape of the phrases.
        source: where they come from.
        recipe: how long, how many at a time, at what rate.
        path: file that keeps the coder on the way and when all is done.
        about: plain data that must be the same when the teaching goes on.
        heard: called after every step with its number and, now and then, with the losses.

    Raises:
        MuseganError: what is at `path` belongs to another training, or it cannot be written.
    """
    coder.requires_grad_(True)
    adam = torch.optim.Adam(coder.parameters(), recipe.adam.rate, recipe.adam.betas, fused=True)
    step = _go_on(coder, adam, path, about) if path.exists() else 0

    def save() -> None:
        tensors = {f"coder.{name}": weight for name, weight in coder.state_dict().items()}
        tensors |= save_adam(adam, "adam")
        header = {"format": FORMAT, "step": str(step), "about": json.dumps(about)}
        with uninterrupted():
            write_tensors(path, tensors, header)

    device = next(coder.parameters()).device
    try:
        while step < recipe.steps:
            with uninterrupted():
                patches = to_patches(source.draw(step, recipe.batch)[0], layout, device)
                random = np.random.default_rng([source.seed, step, 3])
                patches = turn(patches, recipe.turned, layout, random)
                chance = torch.Generator().manual_seed(int(random.integers(2**63)))
                losses = _step(coder, patches, recipe, adam, step, chance)
                step += 1
            look = step % recipe.log_every == 0
            heard(step, {f"coder/{k}": float(v) for k, v in losses.items()} if look else {})
            if step % recipe.save_every == 0 or step == recipe.steps:
                save()
    except KeyboardInterrupt:
        save()
        raise
    coder.requires_grad_(False)


def turn(patches: Tensor, often: float, layout: PatchLayout, random: np.random.Generator) -> Tensor:
    """Patches, with a chance of `often` some beats later; their first beats are then the last."""
    beats = layout.bars * layout.grid.beats_per_bar
    later = int(random.integers(1, beats)) if random.random() < often else 0
    return patches.roll(-later * (layout.times // beats), 1) if later else patches


def _step(
    coder: Coder,
    patches: Tensor,
    recipe: CodingRecipe,
    adam: torch.optim.Adam,
    step: int,
    chance: torch.Generator,
) -> dict[str, Tensor]:
    blurred = step >= _sharp_steps(recipe)
    losses = (_nearly if blurred else _exactly)(coder, patches, recipe, chance)
    adam.zero_grad(set_to_none=True)
    torch.autograd.backward(torch.stack(list(losses.values())).sum())
    torch.nn.utils.clip_grad_norm_(coder.parameters(), LONGEST_STEP)
    for group in adam.param_groups:
        group["lr"] = rate_at(step, recipe)
    adam.step()
    return {name: loss.detach() for name, loss in losses.items()}


def _exactly(
    coder: Coder, patches: Tensor, recipe: CodingRecipe, random: torch.Generator
) -> dict[str, Tensor]:
    """What is wrong with phrases that were read and are played again."""
    codes = coder.encoder(patches)
    noise = torch.randn(codes.shape, generator=random).to(codes.device)
    logits = coder.decoder(codes + recipe.noise * noise)
    losses = misheard(logits, patches, coder.decoder.layout)
    return losses | {"outline": mistold(coder, codes, patches)}


def _nearly(
    coder: Coder, patches: Tensor, recipe: CodingRecipe, random: torch.Generator
) -> dict[str, Tensor]:
    """The same of what the decoder makes of blurred codes; the rest of the coder learns nothing."""
    with torch.no_grad():
        codes = blur(coder.encoder(patches), random)
    return misheard(coder.decoder(codes), patches, coder.decoder.layout)


def rate_at(step: int, recipe: CodingRecipe) -> float:
    """The rate of a step: it falls along a cosine, once for all and once for the decoder alone."""
    sharp = _sharp_steps(recipe)
    highest = 1.0 if step < sharp else BLURRED_RATE
    since, until = (step, sharp) if step < sharp else (step - sharp, recipe.steps - sharp)
    return highest * recipe.adam.rate_at(since / until) * min(1.0, (since + 1) / WARMUP)


def _sharp_steps(recipe: CodingRecipe) -> int:
    """Steps in which all of the coder learns."""
    return round(recipe.steps * (1 - recipe.blurred))


def encode(coder: Coder, layout: PatchLayout, phrases: Phrases) -> Tensor:
    """The codes of all phrases, (phrases, bars, tracks, code) on the coder's device."""
    device = next(coder.parameters()).device
    parts = np.array_split(np.arange(len(phrases)), -(-len(phrases) // ENCODED))
    with torch.no_grad():
        return torch.cat(
            [coder.encoder(to_patches(phrases.select(part), layout, device)) for part in parts]
        )


def _go_on(coder: Coder, adam: torch.optim.Adam, path: Path, about: dict[str, Any]) -> int:
    check_same(read_about(path)[1], about, path, LESSONS_ALONE)
    kept = read_checkpoint(path)
    coder.load_state_dict(under(kept.tensors, "coder."))
    load_adam(adam, under(kept.tensors, "adam."), list(coder.parameters()))
    return int(kept.header["step"])
