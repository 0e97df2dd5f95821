"""Samples of a trained generator, heard beside the real phrases that they are to be like.

Every hearing is of the same latents, arranged as the same real phrases are, so that samples differ
by nothing but the level that is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from musegan.data.arrangements import playing
from musegan.evaluation.events import Events
from musegan.instruments import Ensemble
from musegan.models.planned import PhraseGenerator
from musegan.pianoroll import Phrases
from musegan.training.sampling import arranged_logits, complete_phrases, sample_phrases


def unwatched() -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Audition:
    """What samples are heard beside, and which samples.

    Attributes:
        phrases: real and canonical.
        ensemble: their tracks.
        seed: of the latents, and of which phrases samples are arranged as.
        samples: phrases sampled at a time.
        advance: called after each of the steps that setting a level takes.
    """

    phrases: Phrases
    ensemble: Ensemble
    seed: int
    samples: int
    advance: Callable[[], None] = unwatched

    @property
    def tracks(self) -> int:
        """How many tracks there are."""
        return len(self.ensemble.tracks)

    @property
    def real(self) -> Events:
        """The notes of all real phrases."""
        return Events.of(self.phrases, self.tracks)

    def heard(self, generator: PhraseGenerator) -> Events:
        """The notes of samples."""
        made = sample_phrases(generator, self.phrases, self.samples, self.seed)
        return Events.of(made, self.tracks)

    def logits(self, generator: PhraseGenerator) -> Iterator[tuple[Tensor, Tensor]]:
        """Masks of silence and logits of samples, in batches."""
        return arranged_logits(generator, self.phrases, self.samples, self.seed)

    @cached_property
    def half_given(self) -> tuple[Phrases, NDArray[np.bool_]]:
        """Some real phrases, and half of the tracks that play in each, (samples, tracks)."""
        draw = np.random.default_rng(self.seed)
        some = self.phrases.select(draw.integers(len(self.phrases), size=self.samples))
        plays = playing(some, self.tracks).any(2)
        # the order of a phrase's tracks by chance, those that play first
        place = np.where(plays, draw.random(plays.shape), 1.0).argsort(1).argsort(1)
        return some, place < plays.sum(1, keepdims=True) / 2

    def completed(self, generator: PhraseGenerator) -> Phrases:
        """What is made of `half_given`."""
        return complete_phrases(generator, *self.half_given, self.seed)
