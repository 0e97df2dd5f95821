"""How well latents are found for phrases, by the way they are searched for.

    python benchmarks/inversion.py DATASET [--model FOLDER] [--count 4]

Prints the F1 of onsets that the generator makes again from the latents found, for phrases of its
own and for held-out real ones, with processor seconds a phrase on one thread. Ratios are to the way
that `musegan.composing.inversion` goes: Adam from one random start.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from musegan.composing.generate import generate, series_latents, style_weights
from musegan.composing.inversion import invert, misfit
from musegan.composing.model import Model, load_model
from musegan.data.arrangements import playing
from musegan.data.keys import home_keys, move
from musegan.data.store import load_dataset
from musegan.models.generator import keep
from musegan.models.latents import Latents, sample_latents
from musegan.models.patches import to_patches
from musegan.models.sounding import sound
from musegan.pianoroll import ONSET, Phrases, concatenate

DRAWS = 256
Search = Callable[[Model, Phrases, Tensor], Latents]


def one_start(model: Model, phrase: Phrases, style: Tensor) -> Latents:
    """What musegan does."""
    return invert(model, phrase, style, series_latents(model, 0, 0, 1))


def twice_as_long(model: Model, phrase: Phrases, style: Tensor) -> Latents:
    """With twice the steps."""
    return invert(model, phrase, style, series_latents(model, 0, 0, 1), 400)


def four_starts(model: Model, phrase: Phrases, style: Tensor) -> Latents:
    """The best of four starts."""
    ways = [invert(model, phrase, style, series_latents(model, n, 0, 1)) for n in range(4)]
    return min(ways, key=lambda latents: float(distance(model, latents, phrase, style)))


def best_of_many(model: Model, phrase: Phrases, style: Tensor) -> Latents:
    """No gradients: the best of `DRAWS` random draws."""
    return min(draws(model), key=lambda latents: float(distance(model, latents, phrase, style)))


def best_of_many_refined(model: Model, phrase: Phrases, style: Tensor) -> Latents:
    """The best of `DRAWS` random draws, then Adam from there."""
    return invert(model, phrase, style, best_of_many(model, phrase, style))


WAYS: dict[str, Search] = {
    "Adam from one random start": one_start,
    "twice as many steps": twice_as_long,
    "the best of 4 starts": four_starts,
    f"the best of {DRAWS} draws": best_of_many,
    f"the best of {DRAWS} draws, then Adam": best_of_many_refined,
}


def draws(model: Model) -> Iterator[Latents]:
    """Random latents."""
    layout, random = model.generator.layout, torch.Generator().manual_seed(1)
    for _ in range(DRAWS):
        yield sample_latents(1, model.generator.sizes, layout.tracks, layout.bars, random)


def said(model: Model, latents: Latents, phrase: Phrases, style: Tensor) -> tuple[Tensor, Tensor]:
    """Logits, and where the phrase plays."""
    layout = model.generator.layout
    plays = torch.from_numpy(playing(phrase, layout.tracks))
    with torch.inference_mode():
        nothing = torch.zeros(layout.shape(1))
        return model.generator(latents, style[None], nothing, 1 - plays), plays


def distance(model: Model, latents: Latents, phrase: Phrases, style: Tensor) -> Tensor:
    """The misfit of one phrase."""
    layout = model.generator.layout
    logits, plays = said(model, latents, phrase, style)
    return misfit(logits, to_patches(phrase, layout), plays, layout)


def found_again(model: Model, latents: Latents, phrase: Phrases, style: Tensor) -> float:
    """F1 of onsets."""
    layout = model.generator.layout
    logits, plays = said(model, latents, phrase, style)
    made = keep(sound(logits, layout), plays, layout)
    one, other = (
        layout.split(each)[..., ONSET, :, :] > 0.5 for each in (made, to_patches(phrase, layout))
    )
    return 2 * int((one & other).sum()) / max(int(one.sum() + other.sum()), 1)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--count", type=int, default=4)
    wish = parser.parse_args()
    torch.set_num_threads(1)
    model = load_model(wish.model)
    style = style_weights(model.spec, None)
    data = load_dataset(wish.dataset, "valid")
    some = data.phrases.select(np.linspace(0, len(data) - 1, wish.count).astype(int)).canonical()
    real = move(some, -home_keys(some, data.ensemble), data.ensemble)
    own = concatenate(list(generate(model, wish.count, seed=1))).canonical()
    print("| way | F1, its own | F1, real | seconds a phrase | x seconds |")
    print("|---|---:|---:|---:|---:|")
    first = 0.0
    for name, search in WAYS.items():
        begin = time.process_time()
        f1 = [
            np.mean([found_again(model, search(model, p, style), p, style) for p in each(phrases)])
            for phrases in (own, real)
        ]
        took = (time.process_time() - begin) / (2 * wish.count)
        first = first or took
        print(
            f"| {name} | {f1[0]:.2f} | {f1[1]:.2f} | {took:.1f} | {took / first:.1f} |", flush=True
        )


def each(phrases: Phrases) -> list[Phrases]:
    """One by one."""
    return [phrases.select([index]) for index in range(len(phrases))]


if __name__ == "__main__":
    main()
