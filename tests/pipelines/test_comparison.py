from pathlib import Path

import pytest
import torch

from musegan.errors import MuseganError
from musegan.evaluation.standings import Outcome
from pipelines import comparison
from pipelines.budget import Budget
from pipelines.comparison import compare, entries, folder_name
from tests.training.corpus import toy_corpus, toy_recipe
from tests.training.sounds import toy_timbre_recipe

from .test_racing import Listener

RECIPES = {"family/one": toy_recipe(), "mine/two.yaml": toy_recipe(loss="hinge")}


def test_all_recipes_run_with_one_seed_before_the_next(tmp_path):
    field = entries(RECIPES, 2, tmp_path, "phrases")
    assert [(each.member, each.seed) for each in field] == [
        ("family/one", 0),
        ("mine/two.yaml", 0),
        ("family/one", 1),
        ("mine/two.yaml", 1),
    ]
    assert field[3].run == tmp_path / "runs" / "two" / "seed-1"


def test_folders_are_called_by_the_recipe_alone():
    assert folder_name("family/wgan-gp") == "wgan-gp"
    assert folder_name("/tmp/my recipe.v2.yml") == "my-recipe-v2"


def test_recipes_that_do_not_fit_are_told_before_anything_runs(tmp_path):
    with pytest.raises(MuseganError, match="notes: a recipe for timbres, but the data are phrases"):
        entries(RECIPES | {"notes": toy_timbre_recipe()}, 1, tmp_path, "phrases")
    with pytest.raises(MuseganError, match="have the same name"):
        entries(RECIPES | {"one.yaml": toy_recipe()}, 1, tmp_path, "phrases")


def ran(problems: dict[str, str | None]):
    def race(entry, data, budget, judge, device, progress):
        problem = problems[entry.member]
        figures = {} if problem else {"far": 1.0, "wide": 1.0}
        return Outcome(entry.member, entry.seed, 1, 1.0, (), figures, problem)

    return race


def run(tmp_path: Path, monkeypatch, problems: dict[str, str | None]):
    monkeypatch.setattr(comparison, "race", ran(problems))
    field = entries(RECIPES, 1, tmp_path, "phrases")
    begun: list[str] = []
    found = compare(
        field,
        toy_corpus(4),
        Budget(steps=1),
        Listener(),
        tmp_path,
        device=torch.device("cpu"),
        begin=lambda entry: begun.append(entry.member),
    )
    return found, begun


def test_one_that_fails_does_not_stop_the_others(tmp_path, monkeypatch):
    problems = {"family/one": "it diverged", "mine/two.yaml": None}
    (outcomes, written), begun = run(tmp_path, monkeypatch, problems)
    assert begun == list(RECIPES)
    assert [outcome.problem for outcome in outcomes] == ["it diverged", None]
    assert "seed 0: it diverged" in written[0].read_text()


def test_if_all_fail_the_first_tells_why(tmp_path, monkeypatch):
    problems = {"family/one": "it diverged", "mine/two.yaml": "it too"}
    with pytest.raises(MuseganError, match="no training came to an end; the first: it diverged"):
        run(tmp_path, monkeypatch, problems)
    assert not (tmp_path / "report.md").exists()
