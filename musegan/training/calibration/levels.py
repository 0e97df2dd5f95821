"""All levels of a trained generator, in the order in which they are set."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial

from musegan.instruments import Ensemble
from musegan.models.planned import PhraseGenerator, PlannedGenerator
from musegan.pianoroll import Phrases
from musegan.training.calibration.audition import Audition
from musegan.training.calibration.dynamics import set_dynamics
from musegan.training.calibration.endings import ENDING_STEPS, set_endings
from musegan.training.calibration.halving import HALVINGS
from musegan.training.calibration.harmony import set_consonance, set_harmony, set_heed
from musegan.training.calibration.motion import MOTION_STEPS, set_motion
from musegan.training.calibration.register import set_register
from musegan.training.calibration.repeats import REPEAT_STEPS, set_repeats
from musegan.training.calibration.reticence import RETICENCE_STEPS, set_reticence
from musegan.training.calibration.texture import set_texture, set_voicing, texture_steps
from musegan.training.calibration.variety import set_variety

Setting = Callable[[Audition], None]


def calibrate(
    generator: PhraseGenerator,
    phrases: Phrases,
    ensemble: Ensemble,
    seed: int,
    samples: int = 256,
    heard: Callable[[int, int], None] = lambda step, steps: None,
) -> None:
    """Set the levels of `generator` to those of `phrases`, in place.

    Args:
        generator: trained; how its bars vary and its last layer are changed.
        phrases: the training phrases, canonical.
        ensemble: their tracks.
        seed: of the latents that are sampled.
        samples: phrases sampled at most, and no more than there are in `phrases`.
        heard: called with steps done and steps in all; the steps take about as long as each other.
    """
    samples = min(samples, len(phrases))
    levels = _levels(generator, samples)
    steps = sum(each for _, each in levels)
    done = itertools.count(1)
    audition = Audition(phrases, ensemble, seed, samples, lambda: heard(next(done), steps))
    for set_level, _ in levels:
        set_level(audition)


def _levels(generator: PhraseGenerator, samples: int) -> list[tuple[Setting, int]]:
    """What sets each level, in order, and how many steps that takes."""
    variety = partial(set_variety, generator), HALVINGS
    dynamics = partial(set_dynamics, generator), 1
    if not isinstance(generator, PlannedGenerator):
        return [variety, dynamics]
    return [
        # chords make bars more alike, and both change what the thresholds are set to
        (partial(set_harmony, generator), HALVINGS),
        variety,
        (partial(set_register, generator), HALVINGS),
        (partial(set_texture, generator), texture_steps(samples)),
        # lines and small chords agree on fewer notes, and those that tracks agree on are chords
        (partial(set_consonance, generator), HALVINGS),
        (partial(set_voicing, generator), 1),
        (partial(set_repeats, generator), REPEAT_STEPS),
        (partial(set_motion, generator), MOTION_STEPS),
        (partial(set_endings, generator), ENDING_STEPS),
        # tracks that play less share fewer notes with given ones, which heed makes good
        (partial(set_reticence, generator), RETICENCE_STEPS),
        (partial(set_heed, generator), HALVINGS),
        dynamics,
    ]
