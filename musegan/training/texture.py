"""How much each track of a planned phrase plays, and how much of it at once.

A decoder that was taught by likelihood plays only what it is sure of, and codes that are planned
leave it less sure than those it was taught with. Where it does not know which of several notes is
meant it plays all or none. So the threshold of each track's onsets, and how much room those make
that begin together, are set to where its texture is nearest to that of real phrases. For generators
that learn from a critic of rolls, whose thresholds are part of what they learn, that was tried too:
it adds notes where they spoil harmony and articulation.
"""

from __future__ import annotations

import itertools

import numpy as np
import torch
from torch import Tensor

from musegan.evaluation.distances import standardised_difference
from musegan.evaluation.metrics import Measured, measure
from musegan.instruments import Ensemble
from musegan.models.crowding import make_room
from musegan.models.planned import PlannedGenerator
from musegan.pianoroll import ONSET, PLANES, Phrases, concatenate
from musegan.training.sampling import arranged_logits, played

SHIFTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.6, 2.0)  # of onset logits
CROWDINGS = (0.0, 0.3, 0.6)
TEXTURE = ("density", "polyphony", "pitch_classes", "empty_bars", "in_scale")


def set_texture(
    generator: PlannedGenerator, phrases: Phrases, ensemble: Ensemble, seed: int, samples: int
) -> None:
    """Let each track play as much as in `phrases`, and as much at once, in place."""
    bias, tracks = generator.head.bias, len(ensemble.tracks)
    if bias is None:
        raise ValueError("the generator's last layer has no bias to set")
    generator.crowding.zero_()
    # sounds of a kit do not take each other's place
    pitched = torch.tensor([0.0 if track.is_drum else 1.0 for track in ensemble.tracks])
    ways = list(itertools.product(SHIFTS, CROWDINGS))
    parts: list[list[Phrases]] = [[] for _ in ways]
    # no network but the last layer's bias depends on the way, so all are told from one sample
    for silent, logits in arranged_logits(generator, phrases, samples, seed):
        for (shift, crowding), part in zip(ways, parts, strict=True):
            room = (crowding * pitched).to(logits.device)
            louder = make_room(_shifted(logits, generator, shift), generator.layout, room)
            part.append(played(louder, silent, generator.layout))
    reference = measure(phrases, ensemble)
    apart = [
        texture_apart(measure(concatenate(part), ensemble), reference, ensemble) for part in parts
    ]
    best = [ways[way] for way in np.argmin(apart, 0)]
    shift, crowding = torch.tensor(best).T.to(bias.device)
    onsets = bias.detach().view(tracks, PLANES, -1)[:, ONSET]
    onsets += shift[:, None]
    generator.crowding.copy_(crowding * pitched.to(bias.device))


def texture_apart(made: Measured, real: Measured, ensemble: Ensemble) -> list[float]:
    """Of each track, the sum of its texture's standardised differences."""
    by_column = {
        column.name: column.difference for column in standardised_difference(made, real).columns
    }
    return [
        sum(by_column.get(f"{metric}/{track.name}", 0.0) for metric in TEXTURE)
        for track in ensemble.tracks
    ]


def _shifted(logits: Tensor, generator: PlannedGenerator, shift: float) -> Tensor:
    shifted = logits.clone()
    generator.layout.split(shifted)[..., ONSET, :, :] += shift
    return shifted
