"""Judging models of phrases in a comparison, by songs that none of them has heard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from musegan.composing.generate import generate
from musegan.composing.model import load_model
from musegan.evaluation.distances import standardised_difference
from musegan.evaluation.judging import FIGURES, judge
from musegan.evaluation.material import Material, Yardstick
from musegan.evaluation.metrics import measure
from musegan.evaluation.page import Sample
from musegan.evaluation.samples import write_samples
from musegan.evaluation.standings import Course
from musegan.models.planned import PhraseGenerator
from musegan.models.spec import build_generator
from musegan.models.store import load_model_folder
from musegan.pianoroll import concatenate
from musegan.training.sampling import sample_phrases

GLANCE = 64  # phrases a look is at
REFERENCE = 1000  # real phrases that all are compared with
SHOWN = 2  # of each recipe


class PhraseJudge:
    """Judges by a yardstick; real phrases of its other songs are the floor.

    Args:
        yardstick: the dataset.
        count: phrases that each model makes.
        terms: on which all are trained, for the report.
    """

    def __init__(self, yardstick: Yardstick, count: int, terms: str) -> None:
        self.yardstick, self.count = yardstick, count
        self.reference = yardstick.reference.thinned(REFERENCE)
        self.known = measure(self.reference.phrases, yardstick.ensemble)
        self.course = Course(
            yardstick.name,
            terms,
            {key: title for key, title, _, _ in FIGURES},
            self._figures(yardstick.floor.thinned(count)),
            distance="standardised_difference",
            variety="pair_distance",
        )

    def look(self, generator: PhraseGenerator) -> float:
        """Mean standardised difference of some samples from songs that were held out."""
        like = self.yardstick.training.phrases
        made = sample_phrases(generator, like, GLANCE, seed=0)
        measured = measure(made, self.yardstick.ensemble)
        return standardised_difference(measured, self.known).mean

    def untrained(self, run: Path, seed: int) -> float:
        """The same of the generator that a run began with."""
        trained, spec = load_model_folder(run / "model")
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            fresh = build_generator(spec)
        return self.look(fresh.eval().to(next(trained.parameters()).device))

    def figures(self, run: Path) -> dict[str, float]:
        """All figures of as many phrases as were asked for."""
        return self._figures(self._made(run, self.count))

    def samples(self, run: Path, folder: Path, name: str) -> list[Sample]:
        """The first phrases of a model."""
        shown = write_samples(self._made(run, SHOWN), SHOWN, self.yardstick.ensemble, folder)
        return [replace(sample, name=f"{name} {sample.name}") for sample in shown]

    def _made(self, run: Path, count: int) -> Material:
        return Material.made(concatenate(list(generate(load_model(run), count, seed=0))))

    def _figures(self, material: Material) -> dict[str, float]:
        found = judge(material, self.reference, self.known, self.yardstick)
        return {key: of(found) for key, _, _, of in FIGURES}
