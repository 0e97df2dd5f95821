import time

import pytest
import torch

from musegan.errors import MuseganError
from pipelines.budget import Budget, Length, clock_of, length_in, parse_budget
from tests.training.corpus import toy_corpus, toy_recipe
from tests.training.test_code_contest import brief

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("90s", Budget(seconds=90)),
        ("10m", Budget(seconds=600)),
        (" 1.5 h ", Budget(seconds=5400)),
        ("200steps", Budget(steps=200)),
        ("20 steps", Budget(steps=20)),
        ("1step", Budget(steps=1)),
    ],
)
def test_a_budget_is_a_time_or_steps(text, budget):
    assert parse_budget(text) == budget


@pytest.mark.parametrize("text", ["", "10", "soon", "0s", "0steps", "-3m", "1.5steps", "m"])
def test_what_is_no_budget_is_told(text):
    with pytest.raises(MuseganError, match="give a time such as 90s or 10m, or 200steps"):
        parse_budget(text)


def test_as_many_steps_fit_as_a_trial_says(monkeypatch):
    ticks = iter(range(1000))
    monkeypatch.setattr("pipelines.budget.clock_of", lambda device: lambda: 2.0 * next(ticks))
    recipe = toy_recipe(steps=5)
    assert length_in(100.0, toy_corpus(16), recipe, 0, CPU) == Length(50)
    assert length_in(0.5, toy_corpus(16), recipe, 0, CPU) == Length(1)


def test_a_coder_is_taught_for_at_most_three_fifths_of_the_time(monkeypatch):
    ticks = iter(range(1000))
    monkeypatch.setattr("pipelines.budget.clock_of", lambda device: lambda: 2.0 * next(ticks))
    recipe = brief()
    assert length_in(100.0, toy_corpus(16), recipe, 0, CPU) == Length(46, lessons=4)
    found = length_in(10.0, toy_corpus(16), recipe, 0, CPU)
    assert found == Length(2, lessons=3)
    fitted = found.of(recipe)
    assert fitted.coding is not None
    assert (fitted.steps, fitted.coding.steps) == (2, 3)


def test_one_core_is_paid_by_what_it_computes(monkeypatch):
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    assert clock_of(CPU) is time.process_time
    assert clock_of(torch.device("cuda")) is time.monotonic
    monkeypatch.setattr(torch, "get_num_threads", lambda: 4)
    assert clock_of(CPU) is time.monotonic
