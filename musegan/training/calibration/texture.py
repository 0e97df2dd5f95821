"""How much each track of a planned phrase plays, and how much of it at once.

A decoder that was taught by likelihood plays only what it is sure of, and codes that are planned
leave it less sure than those it was taught with. Where it does not know which of several notes is
meant it plays all or none. So the threshold of each track's onsets, and how much room those make
that begin together, are set to where its texture is nearest to that of real phrases. As many of its
phrases are made lines, with one note at a time, as are among the real ones, those with the fewest
chords; and as many play nothing but chords, those with the most. For generators that learn from a
critic of rolls, whose thresholds are part of what they learn, thresholds were tried too: they add
notes where those spoil harmony and articulation.
"""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Iterable, Iterator

import numpy as np
import torch
from torch import Tensor

from musegan.evaluation.distances import standardised_difference
from musegan.evaluation.metrics import Measured, measure
from musegan.instruments import Ensemble
from musegan.models.habits.homophony import ALWAYS
from musegan.models.habits.monophony import NEVER, share_of_chords
from musegan.models.habits.playing import Habits
from musegan.models.onsets import by_step, count, plane_of
from musegan.models.planned import PlannedGenerator
from musegan.pianoroll import ONSET, Phrases, concatenate
from musegan.training.calibration.audition import Audition
from musegan.training.calibration.measures import known_quantiles, share_of_blocks, share_of_lines
from musegan.training.sampling import BATCH, played

SHIFTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.6, 2.0)  # of onset logits
CROWDINGS = (0.0, 0.3, 0.6)
WAYS = tuple(itertools.product(SHIFTS, CROWDINGS))
TEXTURE = ("density", "polyphony", "pitch_classes", "empty_bars", "in_scale")


def texture_steps(samples: int) -> int:
    """How many steps `set_texture` takes: each batch of samples is heard twice."""
    return 2 * math.ceil(samples / BATCH)


def set_texture(generator: PlannedGenerator, audition: Audition) -> None:
    """Let each track play as much as in real phrases, and as much at once, in place.

    Takes `texture_steps`.
    """
    habits = generator.habits
    _, bias = generator.head.of(ONSET)
    # sounds of a kit do not take each other's place
    pitched = torch.from_numpy(~audition.ensemble.drums).to(bias.device)
    shift, crowding = torch.tensor(WAYS, device=bias.device).T
    crowding = crowding[:, None] * pitched
    trial = copy.deepcopy(habits)
    habits.forget()
    most, least = _chords_in(generator, trial, audition, crowding)
    best = _nearest(generator, trial, audition, crowding, most, least)
    habits.load_state_dict(trial.state_dict())
    tracks = torch.arange(len(best))
    bias += shift[best, None]
    habits.crowding.copy_(crowding[best, tracks])
    habits.chords_in_lines.copy_(most[best, tracks])
    habits.chords_in_blocks.copy_(least[best, tracks])


def _chords_in(
    generator: PlannedGenerator, trial: Habits, audition: Audition, crowding: Tensor
) -> tuple[Tensor, Tensor]:
    """Shares of chords up to which as many samples are lines, and from which on as many are blocks.

    Returns:
        Two tensors (ways, tracks).
    """
    shares: list[list[Tensor]] = [[] for _ in WAYS]
    for way, silent, logits in _in_every_way(generator, audition):
        trial.crowding.copy_(crowding[way])
        shares[way].append(_share_of_chords(trial, logits, silent))
    kinds = [_kinds(torch.cat(share), audition) for share in shares]
    most, least = (torch.stack(each) for each in zip(*kinds, strict=True))
    return most, least


def set_voicing(generator: PlannedGenerator, audition: Audition) -> None:
    """Let as many samples be lines, and as many play blocks, as real phrases do, in place.

    `set_texture` has done so; this is for when something has changed since. Takes a step.
    """
    habits = generator.habits
    trial = copy.deepcopy(habits)
    habits.forget()
    shares = [
        _share_of_chords(trial, logits, silent) for silent, logits in audition.logits(generator)
    ]
    habits.load_state_dict(trial.state_dict())
    most, least = _kinds(torch.cat(shares), audition)
    habits.chords_in_lines.copy_(most)
    habits.chords_in_blocks.copy_(least)
    audition.advance()


def _share_of_chords(habits: Habits, logits: Tensor, silent: Tensor) -> Tensor:
    """(samples, tracks) share of chords in what begins before lines and blocks are told apart."""
    layout = habits.layout
    free = by_step(silent == 0, layout)
    nothing = plane_of(logits.new_zeros(layout.shape(1)), ONSET, layout)
    return share_of_chords(count(habits.rough(logits, nothing, free) > 0) * free)


def _kinds(shares: Tensor, audition: Audition) -> tuple[Tensor, Tensor]:
    """(tracks,) shares of chords up to which samples are lines, and from which on blocks."""
    told, real = shares.numpy(force=True), audition.real
    lines, blocks = share_of_lines(real), share_of_blocks(real)
    # sounds of a kit are no chords
    lines, blocks = (np.where(audition.ensemble.drums, 0, share) for share in (lines, blocks))
    most = known_quantiles(told, np.where(lines > 0, lines, np.nan), NEVER)
    least = known_quantiles(told, np.where(blocks > 0, 1 - blocks, np.nan), ALWAYS)
    return torch.from_numpy(most).to(shares), torch.from_numpy(least).to(shares)


def _nearest(
    generator: PlannedGenerator,
    trial: Habits,
    audition: Audition,
    crowding: Tensor,
    most: Tensor,
    least: Tensor,
) -> Tensor:
    """(tracks,) the way in which each track's texture is nearest to that of real phrases."""
    layout = generator.layout
    nothing = crowding.new_zeros(layout.shape(1))
    parts: list[list[Phrases]] = [[] for _ in WAYS]
    for way, silent, logits in _in_every_way(generator, audition):
        trial.crowding.copy_(crowding[way])
        trial.chords_in_lines.copy_(most[way])
        trial.chords_in_blocks.copy_(least[way])
        parts[way].append(played(trial(logits, nothing, silent), silent, layout))
    return nearest_texture(map(concatenate, parts), audition.phrases, audition.ensemble)


def _in_every_way(
    generator: PlannedGenerator, audition: Audition
) -> Iterator[tuple[int, Tensor, Tensor]]:
    """Every batch of samples in every way: which way, masks of silence, logits."""
    # no network but the last layer's bias depends on the way, so all are told from one sample
    for silent, logits in audition.logits(generator):
        for way, (shift, _) in enumerate(WAYS):
            shifted = logits.clone()
            generator.layout.split(shifted)[..., ONSET, :, :] += shift
            yield way, silent, shifted
        audition.advance()


def nearest_texture(made: Iterable[Phrases], real: Phrases, ensemble: Ensemble) -> Tensor:
    """(tracks,) which of several samples each track's texture is nearest to that of `real` in."""
    reference = measure(real, ensemble)
    apart = [texture_apart(measure(sample, ensemble), reference, ensemble) for sample in made]
    return torch.from_numpy(np.argmin(apart, 0))


def texture_apart(made: Measured, real: Measured, ensemble: Ensemble) -> list[float]:
    """Of each track, the sum of its texture's standardised differences."""
    by_column = {
        column.name: column.difference for column in standardised_difference(made, real).columns
    }
    return [
        sum(by_column.get(f"{metric}/{track.name}", 0.0) for metric in TEXTURE)
        for track in ensemble.tracks
    ]
