"""Trains toy networks, alone or as one of the processes that torchrun started.

Arguments: the run's folder, steps, JSON of changes to the toy recipe, and `resume` or `begin`.
"""

import json
import os
import sys
from pathlib import Path

import torch

from musegan.training import task
from musegan.training.loop import train
from musegan.training.ranks import ALONE, join_ranks
from tests.training.corpus import toy_corpus, toy_recipe


def main() -> None:
    folder, steps, changes, how = sys.argv[1:]
    torch.set_num_threads(1)
    task.calibrate = lambda *arguments: None
    here = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    cpu = torch.device("cpu")
    ranks = join_ranks(cpu, here, 1) if here > 1 else ALONE
    recipe = toy_recipe(**json.loads(changes) | {"steps": int(steps), "save_every": 5})
    train(
        toy_corpus(16),
        recipe,
        Path(folder),
        seed=3,
        device=cpu,
        monitor=None,
        resume=how == "resume",
        ranks=ranks,
    )


if __name__ == "__main__":
    main()
