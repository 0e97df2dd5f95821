import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import yaml
from click.testing import CliRunner, Result

from musegan.cli import main
from musegan.files import alone_in
from musegan.models.critic import Critic
from musegan.models.store import load_spec
from musegan.training import loop, memory, phrase_task
from musegan.training.checkpoint import read_about
from tests.evaluation.datasets import write_dataset

SMALL = {
    "generator": {
        "width": 4,
        "track_width": 4,
        "blocks": 1,
        "track_blocks": 1,
        "context": 4,
        "shared": 2,
        "shared_bar": 2,
        "track": 2,
        "track_bar": 2,
    },
    "critic": {"width": 4},
    "penalties": [{"kind": "r1", "weight": 1.0, "every": 2}],
    "batch": 3,
    "steps": 4,
    "log_every": 2,
    "sample_every": 4,
}


@pytest.fixture(autouse=True)
def kept_memory(monkeypatch) -> list[bool]:
    """Whether the allocator was asked to keep memory; the tests' own must stay as it is."""
    asked: list[bool] = []
    monkeypatch.setattr(memory, "keep_memory", lambda: asked.append(True))
    return asked


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return write_dataset(tmp_path_factory.mktemp("data") / "songs")


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(SMALL))
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["train", *map(str, arguments)])


@pytest.fixture
def train(dataset, recipe, tmp_path):
    def begin(*arguments: object) -> Result:
        out = ("--out", tmp_path / "run")
        return run(dataset, "--recipe", recipe, *out, "--device", "cpu", *arguments)

    return begin


def test_a_dataset_becomes_a_model_that_generates(train, tmp_path, kept_memory):
    done = train("--seed", 3, "--name", "mine", "--threads", 1)
    assert done.exit_code == 0, done.output
    assert "48 phrases, 2 styles; 4 steps on cpu" in done.stderr
    assert "4/4" not in done.stderr  # no bar where nobody watches
    assert "all steps done; setting levels takes some minutes more" in done.stderr
    assert f"trained: {tmp_path / 'run' / 'model'}" in done.stderr
    assert kept_memory == [True]
    spec = load_spec(tmp_path / "run" / "model")
    assert spec.name == "mine"
    assert spec.training["seed"] == 3
    assert list((tmp_path / "run" / "logs").iterdir())
    assert len(list((tmp_path / "run" / "samples" / "step-0000004").glob("*.mid"))) == 8
    out = ("--out", tmp_path / "made", "--count", 2)
    made = CliRunner().invoke(main, ["generate", str(tmp_path / "run"), *map(str, out)])
    assert made.exit_code == 0, made.output


def test_setting_levels_is_watched_to_its_end(train, monkeypatch):
    told = []

    def watched(what, quiet):
        return lambda step, steps: told.append((what, quiet, step, steps))

    monkeypatch.setattr("musegan.cli.train.progress_of", watched)
    assert train("--quiet").exit_code == 0
    steps = told[-1][-1]
    assert told == [("setting levels", True, step, steps) for step in range(1, steps + 1)]


def test_the_result_as_json(train, tmp_path):
    done = train("--json", "--quiet", "--steps", 1, "--batch", 2)
    assert done.exit_code == 0, done.output
    expected = {"model": str(tmp_path / "run" / "model"), "steps": 1, "phrases": 48}
    assert json.loads(done.stdout) == expected
    assert done.stderr == ""
    assert read_about(tmp_path / "run" / "checkpoint.safetensors")[1]["recipe"]["batch"] == 2


def test_a_training_resumes_for_longer(train, tmp_path):
    assert train("--steps", 2, "--name", "mine").exit_code == 0
    done = train("--steps", 2)
    assert done.exit_code == 1
    assert "a training is there already; add --resume or choose another folder" in done.stderr
    done = train("--steps", 5, "--resume")
    assert done.exit_code == 0, done.output
    spec = load_spec(tmp_path / "run" / "model")
    assert spec.training["steps"] == 5
    assert spec.name == "mine"


def test_lessons_are_given_once_however_long_the_training_becomes(dataset, tmp_path, monkeypatch):
    """With fewer steps lessons are fewer; going on for longer leaves them as they were."""
    monkeypatch.setattr(phrase_task, "calibrate", lambda *arguments, heard: None)
    sizes = {"width": 8, "track_width": 4, "blocks": 1, "track_blocks": 1, "context": 8}
    written = tmp_path / "planned.yaml"
    planned = {"generator": sizes | {"coder": {"code": 6, "hidden": 8, "width": 4}}}
    planned |= {
        "coding": {"steps": 8, "batch": 2},
        "batch": 2,
        "steps": 4,
        "penalties": SMALL["penalties"],
    }
    written.write_text(yaml.safe_dump(planned))
    begin = (dataset, "--recipe", written, "--out", tmp_path / "run", "--quiet")
    assert run(*begin, "--steps", 1).exit_code == 0
    done = run(*begin, "--steps", 3, "--resume")
    assert done.exit_code == 0, done.output
    training = load_spec(tmp_path / "run" / "model").training
    assert (training["steps"], training["recipe"]["coding"]["steps"]) == (3, 2)


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stop_saves_and_tells_how_to_go_on(train, tmp_path, monkeypatch, stop, code):
    score, calls = Critic.forward, []

    def interrupting(*arguments):
        calls.append(1)
        if len(calls) == 9:
            signal.raise_signal(stop)
        return score(*arguments)

    monkeypatch.setattr(Critic, "forward", interrupting)
    done = train()
    assert done.exit_code == code
    last = done.stderr.strip().splitlines()[-1]
    assert last == f"musegan: stopped; saved in {tmp_path / 'run'}, go on with --resume"
    assert load_spec(tmp_path / "run" / "model").training["steps"] in (1, 2)
    assert train("--resume", "--quiet").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--resume"], "no checkpoint to resume from; train without --resume first"),
        (["--cuda-graphs"], "CUDA graphs need a CUDA device; train without CUDA graphs"),
        (["--device", "abacus"], "no device 'abacus' here; try cpu or auto"),
        (["--recipe", "mine"], "no recipe 'mine': there are composer, default,"),
        (["--recipe", "mine.yaml"], "mine.yaml: no such recipe file"),
    ],
)
def test_errors_are_one_line(train, arguments, words):
    done = train(*arguments, "--quiet")
    assert done.exit_code == 1
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_torchrun_trains_one_model_in_two_processes(dataset, recipe, tmp_path):
    recipe.write_text(yaml.safe_dump(SMALL | {"batch": 4}))
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "--no-python"]
    verb = [sys.executable, "-c", "from musegan.cli import main; main()", "train"]
    chosen = [dataset, "--recipe", recipe, "--out", tmp_path / "run", "--device", "cpu"]
    command = [sys.executable, *launch, *verb, *map(str, chosen), "--json", "--quiet"]
    root = str(Path(__file__).resolve().parents[2])
    env = {"PYTHONPATH": root, "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["steps"] == 4
    assert load_spec(tmp_path / "run" / "model").training["steps"] == 4
    assert len(list((tmp_path / "run" / "logs").iterdir())) == 1


def test_a_training_that_diverges_says_so_and_goes_back(train, tmp_path, monkeypatch):
    step_of = loop.train_step

    def poisoned(game, *arguments):
        seen, state = step_of(game, *arguments), game.state
        if state.step == 1 and not state.guard.rollbacks:
            seen["critic/loss"] = torch.tensor(torch.nan)
        return seen

    monkeypatch.setattr(loop, "train_step", poisoned)
    recipe = tmp_path / "watched.yaml"
    recipe.write_text(yaml.safe_dump(SMALL | {"log_every": 1}))
    done = train("--recipe", recipe)
    assert done.exit_code == 0, done.output
    words = "musegan: diverged by step 1 (critic/loss is nan); back to step 0 and on at 0.5 of"
    assert words in done.stderr
    assert load_spec(tmp_path / "run" / "model").training["rollbacks"] == 1


def test_an_unknown_key_is_named_with_its_file(train, recipe):
    recipe.write_text(yaml.safe_dump(SMALL | {"speed": 3}))
    done = train("--quiet")
    assert done.exit_code == 1
    assert done.stderr.startswith(f"musegan: {recipe}: speed: unknown key; known are loss, ")
    assert len(done.stderr.splitlines()) == 1


def test_another_recipe_is_not_resumed(train, recipe):
    assert train("--steps", 1, "--quiet").exit_code == 0
    done = train("--resume", "--batch", 5, "--quiet")
    assert done.exit_code == 1
    assert "was trained with another 'batch' in its recipe" in done.stderr


def test_what_is_no_dataset_is_told(tmp_path, recipe):
    done = run(tmp_path, "--recipe", recipe, "--out", tmp_path / "run")
    assert done.exit_code == 1
    assert "not a dataset (no dataset.json)" in done.stderr
    assert not (tmp_path / "run").exists()


def test_a_run_that_is_a_file_is_told(train, tmp_path):
    (tmp_path / "run").write_text("not a folder")
    done = train()
    assert done.exit_code == 1
    assert done.stderr == f"musegan: {tmp_path / 'run'}: is a file; give a folder for the run\n"


def test_a_dataset_is_not_trained_into(dataset, recipe):
    before = sorted(dataset.iterdir())
    done = run(dataset, "--recipe", recipe, "--out", dataset)
    assert done.exit_code == 1
    assert done.stderr == (
        f"musegan: {dataset}: a dataset is there; choose another folder for the run\n"
    )
    assert sorted(dataset.iterdir()) == before


def test_one_training_at_a_time_writes_to_a_folder(train, tmp_path):
    (tmp_path / "run").mkdir()
    with alone_in(tmp_path / "run"):
        done = train()
    assert done.exit_code == 1
    assert "another musegan writes there" in done.stderr
    assert not list((tmp_path / "run").iterdir())


def test_a_recipe_of_another_kind_leaves_nothing_behind(train, tmp_path):
    done = train("--recipe", "hits")
    assert done.exit_code == 1
    assert done.stderr == (
        "musegan: a dataset of phrases, but a recipe for timbres; name another recipe\n"
    )
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "arguments", [[], ["data"], ["data", "--out", "x", "--steps", "0"], ["data", "--out", "x", "y"]]
)
def test_wrong_usage_exits_with_2(arguments):
    assert run(*arguments).exit_code == 2
