import json
import random
import signal
import subprocess
import sys
import time

import torch

from musegan.training.checkpoint import read_checkpoint
from musegan.training.run_folder import CHECKPOINT, MODEL

from .test_ranks import ENV, ROOT, SCRIPT, alone, one_thread  # noqa: F401  # a fixture

STEPS = 60  # so many that fast machines too are caught at it
CHANGES = {"matching": 1.0}


def test_a_training_killed_at_any_moment_resumes_bit_for_bit(tmp_path):
    whole = alone(tmp_path / "whole", STEPS, CHANGES)
    killed = tmp_path / "killed"
    command = [sys.executable, *SCRIPT, str(killed), str(STEPS), json.dumps(CHANGES)]
    process = subprocess.Popen(command, cwd=ROOT, env=ENV)
    while not (killed / CHECKPOINT).exists() or reached(killed) < 5:
        assert process.poll() is None, "ended before it could be killed"
        time.sleep(0.01)
    time.sleep(random.uniform(0, 0.3))  # at any moment, another each time
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert 5 <= reached(killed) < STEPS
    resumed = alone(killed, STEPS, CHANGES, resume=True)
    assert whole.keys() == resumed.keys()
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)
    models = [tmp_path / name / MODEL / "model.safetensors" for name in ("whole", "killed")]
    assert models[0].read_bytes() == models[1].read_bytes()


def reached(folder) -> int:
    return int(read_checkpoint(folder / CHECKPOINT).header["step"])
