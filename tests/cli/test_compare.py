import json

import pytest
import yaml
from click.testing import CliRunner, Result

from musegan.cli import main
from musegan.errors import MuseganError
from musegan.training import memory
from pipelines import racing
from tests.evaluation.datasets import write_dataset

from .test_train import SMALL


@pytest.fixture(autouse=True)
def plain_memory(monkeypatch):
    monkeypatch.setattr(memory, "keep_memory", lambda: None)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return write_dataset(tmp_path_factory.mktemp("data") / "songs")


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(SMALL))
    return path


@pytest.fixture
def hinge(tmp_path):
    path = tmp_path / "hinge.yaml"
    path.write_text(yaml.safe_dump(SMALL | {"loss": "hinge", "penalties": []}))
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["compare", *map(str, arguments)])


@pytest.fixture
def terms(dataset, tmp_path):
    out = ("--out", tmp_path / "out", "--count", 10, "--device", "cpu")
    return ("--data", dataset, "--budget", "2steps", *out)


def test_recipes_become_a_report_and_models(recipe, hinge, terms, tmp_path):
    done = run(recipe, hinge, *terms)
    assert done.exit_code == 0, done.output
    assert f"wrote {tmp_path / 'out' / 'report.html'}" in done.stderr
    text = (tmp_path / "out" / "report.md").read_text()
    assert text.startswith("# The family on songs")
    assert "Each recipe with 1 seed, 2 steps a training" in text
    for name in ("small", "hinge"):
        assert f"| {tmp_path / name}.yaml |" in text
        assert (tmp_path / "out" / "runs" / name / "seed-0" / "model" / "model.json").is_file()
        assert f"(samples/{name}/00.png)" in text
    page = (tmp_path / "out" / "report.html").read_text()
    assert page.count("<polyline") == 4
    again = run(recipe, hinge, *terms, "--json", "--quiet")
    assert again.exit_code == 0
    assert again.stderr == ""
    data = json.loads(again.stdout)
    assert {each["member"] for each in data["standings"]} == {str(recipe), str(hinge)}
    assert data["floor"]["standardised_difference"] < 1
    assert [point[0] for point in data["outcomes"][0]["curve"]] == [0, 1, 2]


def test_a_folder_is_of_one_comparison(recipe, hinge, terms, tmp_path):
    assert run(recipe, *terms).exit_code == 0
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    other = write_dataset(tmp_path / "other", {"train": 13, "valid": 6, "test": 6})
    for words, said in (
        ([hinge, *terms], f"holds a comparison with {recipe} with seed 0 too; compare those as"),
        ([recipe, *terms, "--data", other], "was run on other terms (data); choose another"),
        ([recipe, *terms, "--budget", "3steps"], "was run on other terms (budget); choose another"),
        ([recipe, *terms, "--count", 11], "was run on other terms (count); choose another"),
    ):
        done = run(*words, "--quiet")
        assert done.exit_code == 1
        assert said in done.stderr
    after = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert after == before


def test_a_lost_training_is_told_and_the_rest_reported(recipe, hinge, terms, monkeypatch):
    train = racing.train

    def diverging(data, settings, *arguments, **options):
        if settings.loss == "hinge":
            raise MuseganError("the training diverged")
        return train(data, settings, *arguments, **options)

    monkeypatch.setattr(racing, "train", diverging)
    done = run(recipe, hinge, *terms)
    assert done.exit_code == 3
    assert f"lost {hinge}, seed 0: the training diverged" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--budget", "soon"], "no budget 'soon': give a time such as 90s or 10m, or 200steps"),
        (["--device", "abacus"], "no device 'abacus' here; try cpu or auto"),
        (["nothing"], "no recipe 'nothing': there are composer, default,"),
        (["timbres"], "timbres: a recipe for timbres, but the data are phrases"),
    ],
)
def test_errors_are_one_line(recipe, terms, arguments, words):
    done = run(recipe, *terms, *arguments, "--quiet")
    assert done.exit_code == 1
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_wrong_usage_exits_with_2(recipe, dataset, tmp_path):
    assert run("--data", dataset, "--out", tmp_path / "out").exit_code == 2
    assert run(recipe, "--out", tmp_path / "out").exit_code == 2
