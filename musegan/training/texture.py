"""How much each track of a planned phrase plays, and how much of it at once.

A decoder that was taught by likelihood plays only what it is sure of, and codes that are planned
leave it less sure than those it was taught with. Where it does not know which of several notes is
meant it plays all or none. So the threshold of each track's onsets, and how much room those make
that begin together, are set to where its texture is nearest to that of real phrases. As many of its
phrases are made lines, with one note at a time, as are among the real ones: those with the fewest
chords. For generators that learn from a critic of rolls, whose thresholds are part of what they
learn, thresholds were tried too: they add notes where those spoil harmony and articulation.
"""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from musegan.evaluation.distances import standardised_difference
from musegan.evaluation.events import Events, FloatArray
from musegan.evaluation.metrics import Measured, measure
from musegan.instruments import Ensemble
from musegan.models.crowding import make_room
from musegan.models.monophony import NEVER, RARELY, share_of_chords
from musegan.models.onsets import count, onsets_of
from musegan.models.planned import PlannedGenerator
from musegan.pianoroll import ONSET, Phrases, concatenate
from musegan.training.levels import Advance, half_given, unwatched
from musegan.training.sampling import BATCH, arranged_logits, complete_phrases, played

SHIFTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.6, 2.0)  # of onset logits
CROWDINGS = (0.0, 0.3, 0.6)
TEXTURE = ("density", "polyphony", "pitch_classes", "empty_bars", "in_scale")


def texture_steps(samples: int) -> int:
    """How many steps `set_texture` takes: each batch of samples is heard twice."""
    return 2 * math.ceil(samples / BATCH)


def set_texture(
    generator: PlannedGenerator,
    phrases: Phrases,
    ensemble: Ensemble,
    seed: int,
    samples: int,
    advance: Advance = unwatched,
) -> None:
    """Let each track play as much as in `phrases`, and as much at once, in place.

    Takes `texture_steps`.
    """
    layout, habits = generator.layout, generator.habits
    _, bias = generator.head.of(ONSET)
    habits.forget()
    # sounds of a kit do not take each other's place, and are no chords
    pitched = torch.from_numpy(~ensemble.drums).to(bias.device)
    ways = list(itertools.product(SHIFTS, CROWDINGS))

    # no network but the last layer's bias depends on the way, so all are told from one sample
    def heard() -> Iterator[tuple[int, Tensor, Tensor]]:
        for silent, logits in arranged_logits(generator, phrases, samples, seed):
            for way, (shift, _) in enumerate(ways):
                yield way, silent, _shifted(logits, generator, shift)
            advance()

    shares: list[list[Tensor]] = [[] for _ in ways]
    for way, silent, logits in heard():
        onsets = make_room(onsets_of(logits, layout), ways[way][1] * pitched)
        free = (silent == 0).repeat_interleave(layout.grid.steps_per_bar, 2)
        shares[way].append(share_of_chords(count(onsets > 0) * free))
    real = share_of_lines(phrases, len(ensemble.tracks))
    most = torch.stack([most_chords(torch.cat(share), real) for share in shares]).to(bias.device)
    most = torch.where(pitched, most, NEVER)
    parts: list[list[Phrases]] = [[] for _ in ways]
    nothing, trial = torch.zeros(layout.shape(1), device=bias.device), copy.deepcopy(habits)
    for way, silent, logits in heard():
        trial.crowding.copy_(ways[way][1] * pitched)
        trial.chords_in_lines.copy_(most[way])
        parts[way].append(played(trial(logits, nothing, silent), silent, layout))
    reference = measure(phrases, ensemble)
    apart = [
        texture_apart(measure(concatenate(part), ensemble), reference, ensemble) for part in parts
    ]
    best = torch.from_numpy(np.argmin(apart, 0))
    shift, crowding = torch.tensor(ways)[best].T.to(bias.device)
    bias += shift[:, None]
    habits.crowding.copy_(crowding * pitched)
    habits.chords_in_lines.copy_(most[best, torch.arange(len(best))])


def set_reticence(
    generator: PlannedGenerator,
    phrases: Phrases,
    ensemble: Ensemble,
    seed: int,
    samples: int,
    advance: Advance = unwatched,
) -> None:
    """Let each track play as much beside given ones as in `phrases`, in place.

    Takes as many steps as there are `SHIFTS`.
    """
    real, given = half_given(phrases, len(ensemble.tracks), seed, samples)
    reticence = generator.habits.reticence

    def left_out(whole: Phrases) -> Phrases:
        return whole.keep(~given[whole.phrase, whole.track])

    reference, apart = measure(left_out(real), ensemble), []
    for shift in SHIFTS:
        reticence.fill_(shift)
        made = left_out(complete_phrases(generator, real, given, seed))
        apart.append(texture_apart(measure(made, ensemble), reference, ensemble))
        advance()
    reticence.copy_(torch.tensor(SHIFTS)[np.argmin(apart, 0)])


def share_of_lines(phrases: Phrases, tracks: int) -> FloatArray:
    """(tracks,) share of the phrases in which a track plays that it plays one note at a time in.

    NaN for a track that never plays.
    """
    notes = Events.of(phrases, tracks)
    steps, begun = np.unique(notes.line * phrases.steps + notes.start, return_counts=True)
    line = steps // phrases.steps
    chords, played_at = (
        np.bincount(line, begun > least, len(phrases) * tracks).reshape(-1, tracks)
        for least in (1, 0)
    )
    plays = played_at > 0
    alone = plays & (chords <= RARELY * played_at)
    with np.errstate(invalid="ignore"):
        share: FloatArray = alone.sum(0) / plays.sum(0)
    return share


def most_chords(shares: Tensor, lines: FloatArray) -> Tensor:
    """(tracks,) share of chords that as many samples stay below as real phrases are lines.

    Args:
        shares: (samples, tracks), NaN where nothing begins.
        lines: (tracks,), NaN for a track that never plays.
    """
    made, most = shares.numpy(force=True), np.full(len(lines), NEVER, np.float32)
    for track in np.flatnonzero(lines > 0):
        known = made[~np.isnan(made[:, track]), track]
        if len(known):
            most[track] = np.quantile(known, lines[track])
    return torch.from_numpy(most)


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
