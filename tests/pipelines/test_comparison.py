from pathlib import Path

import pytest
import torch

from musegan.errors import MuseganError
from musegan.evaluation.standings import Outcome
from musegan.files import alone_in
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


def test_one_comparison_at_a_time_writes_to_a_folder(tmp_path, monkeypatch):
    begun = pytest.raises(MuseganError, match="another musegan writes there")
    with alone_in(tmp_path), begun:
        run(tmp_path, monkeypatch, dict.fromkeys(RECIPES))
    assert not list(tmp_path.iterdir())


def test_a_report_may_grow_but_lose_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(comparison, "race", ran(dict.fromkeys([*RECIPES, "one.yaml"])))

    def run_with(recipes, seeds):
        field = entries(recipes, seeds, tmp_path, "phrases")
        cpu = torch.device("cpu")
        compare(field, toy_corpus(4), Budget(steps=1), Listener(), tmp_path, device=cpu)

    one = {"one.yaml": toy_recipe()}
    run_with(one, 1)
    run_with(RECIPES, 2)
    report = (tmp_path / "report.json").read_bytes()
    with pytest.raises(MuseganError, match=r"comparison with mine/two.yaml with seed 0, .* seed 1"):
        run_with(one, 2)
    with pytest.raises(MuseganError, match=r"family/one with seed 1, .*; compare those as well"):
        run_with(RECIPES, 1)
    assert (tmp_path / "report.json").read_bytes() == report
    for other in ("{}", "no report", "[]"):
        (tmp_path / "report.json").write_text(other)
        with pytest.raises(MuseganError, match=r"report\.json: is of no comparison; "):
            run_with(RECIPES, 2)


def test_runs_on_other_terms_are_told_before_any_begins(tmp_path, monkeypatch):
    *_, last = entries(RECIPES, 1, tmp_path, "phrases")
    last.run.mkdir(parents=True)
    (last.run / "plan.json").write_text("{}")
    with pytest.raises(MuseganError, match=r"two/seed-0: was run on other terms \(recipe, seed, "):
        run(tmp_path, monkeypatch, {})  # which knows the outcome of none
