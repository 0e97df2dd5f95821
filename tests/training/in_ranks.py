"""Trains toy networks as one of the processes that torchrun started, or alone.

Arguments: the run's folder, steps, and JSON of changes to the toy recipe; `resume` to go on.
"""

import json
import os
import sys
from pathlib import Path

import torch

from musegan.training import phrase_task
from musegan.training.loop import train
from musegan.training.ranks import ALONE, Ranks, join_ranks
from tests.training.corpus import toy_corpus, toy_recipe

CPU = torch.device("cpu")


def train_toys(folder: Path, steps: int, changes: dict, resume: bool, ranks: Ranks = ALONE) -> None:
    recipe = toy_recipe(**changes | {"steps": steps, "save_every": 5})
    options = {"seed": 3, "device": CPU, "monitor": None, "resume": resume, "ranks": ranks}
    train(toy_corpus(16), recipe, folder, **options)


def main() -> None:
    folder, steps, changes, *how = sys.argv[1:]
    torch.set_num_threads(1)
    phrase_task.calibrate = lambda *arguments, heard: None
    here = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    ranks = join_ranks(CPU, here, 1) if here > 1 else ALONE
    train_toys(Path(folder), int(steps), json.loads(changes), "resume" in how, ranks)


if __name__ == "__main__":
    main()
