"""Judging models of timbres in a comparison, by sounds that none of them has heard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from musegan.composing.timbres import Timbres
from musegan.data.sounds import SoundSet
from musegan.evaluation.page import Sample
from musegan.evaluation.sounds.judging import (
    LEAST_SPREAD,
    SoundEvaluation,
    evaluate_sounds,
    like,
    sound_summary,
)
from musegan.evaluation.sounds.levels import levels_of, statistics
from musegan.evaluation.sounds.report import write_sound_samples
from musegan.evaluation.sounds.yardstick import SoundYardstick
from musegan.evaluation.standings import Course
from musegan.models.store import TIMBRES, load_folder
from musegan.models.timbres.generator import TimbreGenerator
from musegan.models.timbres.spec import TimbreSizes, TimbreSpec, build_timbre_generator
from musegan.training.timbre_task import pitch_ranges
from pipelines.judged_sounds import find_judged, perform

GLANCE = 48  # notes a look is at
SHOWN = 2  # of each recipe
LEVELS = "level_difference"


class SoundJudge:
    """Judges by a yardstick; other real sounds, as alike as there are, are the floor.

    Args:
        yardstick: the dataset.
        count: sounds that each model makes.
        terms: on which all are trained, for the report.
    """

    def __init__(self, yardstick: SoundYardstick, count: int, terms: str) -> None:
        self.yardstick, self.count = yardstick, count
        reference = yardstick.reference.thinned(count)
        self.wishes = reference.thinned(GLANCE)  # among the notes that are judged
        self.known = statistics(levels_of(self.wishes))
        self.evaluations: dict[Path, SoundEvaluation] = {}
        training = yardstick.training
        real = evaluate_sounds("real", reference, yardstick)
        figures = sound_summary(real)
        nearest = training.at(like(self.wishes, training))
        self.course = Course(
            yardstick.name,
            terms,
            {LEVELS: "standardised difference of levels"}
            | {figure.key: figure.title for figure in figures},
            {LEVELS: self._apart(nearest)} | {figure.key: figure.real for figure in figures},
            distance=LEVELS,
            variety="variety",
        )

    def look(self, generator: TimbreGenerator) -> float:
        """Mean difference of levels, in spreads of real ones, of some notes from real ones."""
        training = self.yardstick.training
        sizes = TimbreSizes(latent=generator.latent)
        ranges = pitch_ranges(training)
        spec = TimbreSpec(name="look", layout=generator.layout, ranges=ranges, generator=sizes)
        timbres = Timbres(generator, spec, generator.place.device, Path())
        names = [training.instruments[label] for label in self.wishes.instrument]
        return self._apart(perform(timbres, names, self.wishes.pitch.tolist(), seed=0))

    def untrained(self, run: Path, seed: int) -> float:
        """The same of the generator that a run began with."""
        _, spec = load_folder(run / "model", TIMBRES)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            fresh = build_timbre_generator(spec)
        return self.look(fresh.eval())

    def figures(self, run: Path) -> dict[str, float]:
        """All figures of as many sounds as were asked for."""
        found = self._evaluate(run)
        looked = self._apart(found.made.sounds.at(like(self.wishes, found.made.sounds)))
        return {LEVELS: looked} | {figure.key: figure.made for figure in sound_summary(found)}

    def samples(self, run: Path, folder: Path, name: str) -> list[Sample]:
        """Some sounds of a model, and real ones beside them."""
        shown = write_sound_samples(self._evaluate(run), SHOWN, folder)
        return [replace(sample, name=f"{name} {sample.name}") for sample in shown]

    def _evaluate(self, run: Path) -> SoundEvaluation:
        if run not in self.evaluations:
            sounds, _ = find_judged(run, self.yardstick, self.count, 0, "cpu")
            self.evaluations = {run: evaluate_sounds(run.parent.name, sounds, self.yardstick)}
        return self.evaluations[run]

    def _apart(self, sounds: SoundSet) -> float:
        found, known = statistics(levels_of(sounds)), self.known
        spread = np.maximum(known.std(0), LEAST_SPREAD)
        return float((np.abs(found.mean(0) - known.mean(0)) / spread).mean())
