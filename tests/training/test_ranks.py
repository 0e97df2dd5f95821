import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from musegan.errors import MuseganError
from musegan.training import phrase_task
from musegan.training.parts import rows_of
from musegan.training.ranks import ALONE, check_shares, own_rows
from musegan.training.run_folder import CHECKPOINT

from .in_ranks import train_toys

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = [str(ROOT / "tests" / "training" / "in_ranks.py")]
TWO = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
ENV = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"}
FAMILY = {
    "wgan-gp": {
        "loss": "wasserstein",
        "penalties": [{"kind": "two_sided", "weight": 10}],
        "critic_steps": 2,
    },
    "relativistic, matching": {
        "penalties": [{"kind": "r1", "weight": 1, "every": 2}, {"kind": "r2", "weight": 1}],
        "matching": 1.0,
    },
}


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    """What is trained here is trained as the processes do."""
    monkeypatch.setattr(phrase_task, "calibrate", lambda *arguments, heard: None)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def alone(folder: Path, steps: int, changes: dict, resume: bool = False) -> dict:
    """What a training of toys leaves."""
    train_toys(folder, steps, changes, resume)
    return load_file(folder / CHECKPOINT)


def in_two(folder: Path, steps: int, changes: dict) -> dict:
    """The same in two processes, each with its own rows of every batch."""
    command = [sys.executable, *TWO, *SCRIPT, str(folder), str(steps), json.dumps(changes)]
    done = subprocess.run(command, cwd=ROOT, env=ENV, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return load_file(folder / CHECKPOINT)


def furthest(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> float:
    """The greatest difference of any weight; moments of gradients are no weights."""
    weights = [name for name in one if "/adam" not in name]
    assert one.keys() == other.keys()
    return max(float((one[name] - other[name]).abs().max()) for name in weights)


@pytest.mark.parametrize("name", FAMILY)
def test_two_processes_train_what_one_trains_on_the_joined_batch(tmp_path, name):
    changes = FAMILY[name]
    one = alone(tmp_path / "one", 10, changes)
    two = in_two(tmp_path / "two", 10, changes)
    assert furthest(one, two) <= 1e-5


def test_a_training_goes_on_in_another_number_of_processes(tmp_path):
    changes = FAMILY["relativistic, matching"]
    one = alone(tmp_path / "one", 8, changes)
    in_two(tmp_path / "two", 4, changes)
    assert furthest(one, alone(tmp_path / "two", 8, changes, resume=True)) <= 1e-5


class Third:
    rank, count = 2, 3


def test_every_row_of_a_batch_belongs_to_one_process():
    rows = []
    for rank in range(4):
        ranks = type("Ranks", (), {"rank": rank, "count": 4})()
        rows += list(own_rows(ranks, 12))
    assert rows == list(range(12))
    assert list(own_rows(ALONE, 5)) == [0, 1, 2, 3, 4]
    assert rows_of(torch.arange(12), own_rows(Third(), 12)).tolist() == [8, 9, 10, 11]


@pytest.mark.parametrize(
    ("accumulate", "words"),
    [
        (1, r"a batch of 16 has no equal parts for 3 processes; try --batch 15"),
        (2, r"a batch of 16 has no equal parts for 3 processes with 2 parts each; try --batch 12"),
    ],
)
def test_a_batch_must_have_equal_parts(accumulate, words):
    check_shares(ALONE, 16, accumulate)
    with pytest.raises(MuseganError, match=words):
        check_shares(Third(), 16, accumulate)


def test_rows_that_are_told_apart_together_stay_together():
    check_shares(ALONE, 6, 1, group=4)
    check_shares(Third(), 24, 2, group=4)
    with pytest.raises(MuseganError, match=r"no equal parts for 3 processes; try --batch 12"):
        check_shares(Third(), 18, 1, group=4)
