from dataclasses import replace

import numpy as np
import pytest
import torch

from musegan.evaluation.standings import write_standings
from pipelines.budget import Budget
from pipelines.racing import Entry, race
from pipelines.sound_judge import LEVELS, SoundJudge
from tests.evaluation.sounds.hands import yardstick
from tests.training.sounds import SAMPLES, toy_timbre_recipe

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def longer():
    """The yardstick with notes as long as those that timbres are learnt from."""

    def stretched(sounds):
        return replace(sounds, samples=np.tile(sounds.samples, 2)[:, :SAMPLES])

    short = yardstick()
    return replace(short, training=stretched(short.training), reference=stretched(short.reference))


@pytest.fixture(scope="module")
def judge(longer) -> SoundJudge:
    return SoundJudge(longer, 12, "Two steps each.")


def test_real_sounds_are_the_floor(judge):
    floor = judge.course.floor
    assert set(floor) == set(judge.course.titles)
    assert floor["recognised"] == 1
    assert floor[LEVELS] < 0.5
    assert floor["variety"] > 0


def test_looks_are_at_some_of_the_notes_that_are_judged(longer):
    assert SoundJudge(longer, 3, "A few.").wishes.names == longer.reference.thinned(3).names


def test_timbres_are_raced_and_reported(judge, longer, tmp_path):
    entry = Entry("toy", toy_timbre_recipe(), 0, tmp_path / "runs" / "toy" / "seed-0")
    outcome = race(entry, longer.training, Budget(steps=2), judge, CPU)
    assert outcome.problem is None
    assert [point.step for point in outcome.curve] == [0, 1, 2]
    assert all(point.distance > judge.course.floor[LEVELS] for point in outcome.curve)
    assert set(outcome.figures) == set(judge.course.titles)
    samples = judge.samples(entry.run, tmp_path / "samples" / "toy", "toy")
    assert len(samples) == 2
    assert samples[0].name.startswith("toy ")
    text = write_standings([outcome], judge.course, samples, tmp_path)[0].read_text()
    assert "standardised difference of levels" in text
    assert "Two steps each." in text
