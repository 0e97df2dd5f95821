import json
import time
from dataclasses import replace

import pytest
import torch

from musegan.errors import MuseganError
from musegan.evaluation.standings import Course, Point
from musegan.models.store import load_spec
from pipelines import racing
from pipelines.budget import Budget
from pipelines.racing import CURVE, OUTCOME, Entry, Watch, race
from tests.training.corpus import brief, toy_corpus, toy_recipe

CPU, DATA = torch.device("cpu"), toy_corpus(16)
SIX = Budget(steps=6)


class Listener:
    """A judge that counts; the longer a generator was trained the nearer it is."""

    course = Course(
        "toys", "", {"far": "far", "wide": "wide"}, {"far": 0, "wide": 1}, "far", "wide"
    )
    count = 10

    def __init__(self) -> None:
        self.looks = 0

    def look(self, generator):
        self.looks += 1
        return 8.0 - self.looks

    def untrained(self, run, seed):
        return 9.0

    def figures(self, run):
        return {"far": 1.0, "wide": float(load_spec(run / "model").training["steps"])}

    def samples(self, run, folder, name):
        return []


@pytest.fixture
def entry(tmp_path) -> Entry:
    return Entry("toy", toy_recipe(), 3, tmp_path / "toy" / "seed-3")


def test_a_training_becomes_an_outcome_with_a_curve(entry):
    heard = []
    outcome = race(
        entry, DATA, SIX, Listener(), CPU, lambda step, steps: heard.append((step, steps))
    )
    assert heard == [(step, 6) for step in range(1, 7)]
    assert (outcome.member, outcome.seed, outcome.steps) == ("toy", 3, 6)
    assert outcome.figures == {"far": 1.0, "wide": 6.0}
    assert outcome.problem is None
    assert [point.step for point in outcome.curve] == list(range(7))
    assert outcome.curve[0] == Point(0, 0.0, 9.0)
    assert [point.distance for point in outcome.curve[1:]] == [7, 6, 5, 4, 3, 2]
    seconds = [point.seconds for point in outcome.curve]
    assert seconds == sorted(seconds)
    assert seconds[-1] <= outcome.seconds


def test_what_is_done_is_not_done_again(entry, monkeypatch):
    first = race(entry, DATA, SIX, Listener(), CPU)
    monkeypatch.setattr(racing, "train", lambda *a, **k: pytest.fail("trained again"))
    assert race(entry, DATA, SIX, Listener(), CPU) == first


def test_a_stopped_training_goes_on_where_it_was(entry):
    def stop(step: int, steps: int) -> None:
        if step == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        race(entry, DATA, SIX, Listener(), CPU, stop)
    assert not (entry.run / OUTCOME).exists()
    heard = []
    outcome = race(entry, DATA, SIX, Listener(), CPU, lambda step, steps: heard.append(step))
    assert heard == [5, 6]
    assert [point.step for point in outcome.curve] == list(range(7))
    assert outcome.curve[5].seconds > outcome.curve[4].seconds


@pytest.mark.parametrize(
    ("recipe", "seed", "data", "budget", "count", "others"),
    [
        (toy_recipe(loss="hinge"), 3, DATA, SIX, 10, "recipe"),
        (toy_recipe(), 4, DATA, SIX, 10, "seed"),
        (toy_recipe(), 3, toy_corpus(16, seed=9), SIX, 10, "data"),
        (toy_recipe(), 3, DATA, Budget(steps=7), 20, "budget, count"),
    ],
)
def test_a_run_on_other_terms_is_left_alone(entry, recipe, seed, data, budget, count, others):
    race(entry, DATA, SIX, Listener(), CPU)
    judge = Listener()
    judge.count = count
    said = rf"was run on other terms \({others}\); choose another folder"
    with pytest.raises(MuseganError, match=said):
        race(replace(entry, recipe=recipe, seed=seed), data, budget, judge, CPU)


def test_a_training_that_fails_is_an_outcome_too(entry, monkeypatch):
    def diverge(*arguments, progress, **options):
        progress(1, {})
        raise MuseganError("the training diverged")

    monkeypatch.setattr(racing, "train", diverge)
    outcome = race(entry, DATA, SIX, Listener(), CPU)
    assert (outcome.steps, outcome.figures) == (1, {})
    assert outcome.problem == "the training diverged"
    assert json.loads((entry.run / OUTCOME).read_text())["problem"] == "the training diverged"


def test_a_training_that_fails_at_once_has_done_no_steps(entry, monkeypatch):
    def fail(*arguments, **options):
        raise MuseganError("the data is gone")

    with monkeypatch.context() as patch:
        patch.setattr(racing, "train", fail)
        assert race(entry, DATA, SIX, Listener(), CPU).steps == 0
    assert race(entry, DATA, SIX, Listener(), CPU).problem is None  # what was wrong was mended


def test_lessons_are_no_steps(tmp_path):
    entry = Entry("planned", brief(), 0, tmp_path)
    heard = []
    outcome = race(entry, DATA, SIX, Listener(), CPU, lambda step, steps: heard.append(step))
    assert len(heard) > 6
    assert outcome.steps == 6


def test_finishing_the_model_is_not_training(entry, monkeypatch):
    """Levels are set and the model is written after the last step."""

    def finish(*arguments, monitor, progress, **options):
        train(*arguments, monitor=monitor, progress=progress, **options)
        before = time.process_time()
        while time.process_time() - before < 0.5:
            pass

    train = racing.train
    monkeypatch.setattr(racing, "train", finish)
    outcome = race(entry, DATA, SIX, Listener(), CPU)
    assert outcome.seconds < outcome.curve[-1].seconds + 0.4


def test_the_clock_stands_still_while_someone_looks(tmp_path):
    now = [100.0]

    class Slow(Listener):
        def look(self, generator):
            now[0] += 50
            return 1.0

    watch = Watch(Slow(), tmp_path / CURVE, lambda: now[0])
    for step in (1, 2):
        now[0] += 3
        watch.sample(step, None)
    assert watch.seconds == 6
    assert [watch.points[step].seconds for step in (1, 2)] == [3, 6]
    later = Watch(Slow(), tmp_path / CURVE, lambda: now[0])
    now[0] += 1
    assert later.seconds == 7
