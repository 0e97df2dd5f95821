"""`musegan train`: a dataset and a recipe become a model."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from musegan.cli.common import (
    EXIT_INTERRUPTED,
    EXIT_TERMINATED,
    fail,
    plain_errors,
    print_json,
    progress_of,
    say,
)
from musegan.cli.options import (
    OutFolder,
    json_option,
    quiet_option,
    seed_option,
    threads_option,
    training_device_option,
)

if TYPE_CHECKING:
    import torch

    from musegan.data.sounds import SoundSet
    from musegan.data.store import PhraseSet
    from musegan.training.monitor import LogMonitor
    from musegan.training.ranks import Alone, FabricRanks
    from musegan.training.recipe import Recipe, TimbreRecipe


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option(
    "--recipe",
    help="A shipped recipe's name, or your own .yaml file.  "
    "[default: default for phrases, timbres for notes, hits for sounds without pitches]",
)
@click.option("--out", "run", type=OutFolder(), required=True, help="Folder of the run.")
@click.option(
    "--steps",
    type=click.IntRange(1),
    help="Generator updates, instead of the recipe's; fewer shorten all of it.",
)
@click.option(
    "--batch", type=click.IntRange(2), help="Phrases or notes a step, instead of the recipe's."
)
@seed_option("Seed of everything drawn.")
@training_device_option
@threads_option
@click.option(
    "--name",
    help="What the model is called: 'model' if not said; a resumed run keeps its name.",
)
@click.option("--resume", is_flag=True, help="Go on from the run's last checkpoint.")
@click.option("--cuda-graphs", is_flag=True, help="Record steps as CUDA graphs: faster on one GPU.")
@click.option("--wandb", is_flag=True, help="Show the run at Weights & Biases too.")
@quiet_option
@json_option
@plain_errors
def command(
    dataset: Path,
    recipe: str | None,
    run: Path,
    steps: int | None,
    batch: int | None,
    seed: int,
    device: str,
    threads: int | None,
    name: str | None,
    resume: bool,
    cuda_graphs: bool,
    wandb: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Train a model on DATASET, a folder that `musegan prepare` wrote.

    The model lands in OUT/model, ready for `musegan generate OUT`, or for `musegan synth OUT` where
    DATASET holds sounds. Watch it with `tensorboard --logdir OUT/logs`; MIDI or sound samples
    appear in OUT/samples. Ctrl-C saves first, and so does a termination (SIGTERM), as Slurm and
    Docker send it. Started by torchrun, all its processes train together, each on its own rows of
    every batch.

    \b
    Examples:
      musegan train data/band --out runs/band
      musegan train data/band --out runs/band --resume --steps 4000
      musegan train data/band --recipe family/wgan-gp --out runs/gp --seed 3
      musegan train data/mine --recipe my.yaml --out runs/mine --device cuda
      musegan train data/notes --out runs/timbres
      torchrun --nproc-per-node 8 --no-python musegan train data/band --out runs/band --batch 256
    """
    from functools import partial

    import torch
    from tqdm import tqdm

    from musegan.data.sounds import SoundSet
    from musegan.files import alone_in
    from musegan.models.devices import find_device
    from musegan.training.kinds import check_kind
    from musegan.training.loop import train
    from musegan.training.memory import keep_memory
    from musegan.training.recipe_files import find_recipe
    from musegan.training.run_folder import check_free, name_of, with_lessons_given
    from musegan.training.stopping import TerminatedError, terminable
    from pipelines import recipes

    ranks, place = _join(find_device(device))
    quiet = quiet or ranks.rank > 0
    data = _load(dataset)
    sounds = isinstance(data, SoundSet)
    chosen = find_recipe(recipe or _usual_recipe(data), recipes.FOLDER, steps=steps, batch=batch)
    check_kind(data, chosen)
    if ranks.rank == 0:
        if resume:
            chosen, name = with_lessons_given(chosen, run), name or name_of(run)
        else:
            check_free(run)
    name = name or "model"
    if place.type == "cpu":
        keep_memory()
    if threads:
        torch.set_num_threads(threads)
    if isinstance(data, SoundSet):
        holds, verb = f"sounds of {len(data.instruments)} instruments", "synth"
    else:
        holds, verb = f"phrases, {len(data.styles)} styles", "generate"
    many = f" in {ranks.count} processes" if ranks.count > 1 else ""
    say(f"{len(data)} {holds}; {chosen.steps} steps on {place}{many}", quiet)

    watch = partial(_watch, data, chosen, run, name, seed, wandb)
    with ExitStack() as stack:
        stack.enter_context(terminable())
        hidden = quiet or None  # where nobody watches
        bar = stack.enter_context(tqdm(total=chosen.all_steps, unit="step", disable=hidden))
        monitor = None
        if ranks.rank == 0:
            run.mkdir(parents=True, exist_ok=True)
            stack.enter_context(alone_in(run))
            monitor = stack.enter_context(watch())

        def progress(step: int, scalars: dict[str, float]) -> None:
            bar.update(step - bar.n)
            if scalars:
                bar.set_postfix({key: f"{value:.3g}" for key, value in scalars.items()})
            if step == bar.total and not (sounds or quiet):
                bar.write("all steps done; setting levels takes some minutes more", file=sys.stderr)

        def tell(step: int, message: str) -> None:
            bar.write(f"musegan: {message}", file=sys.stderr)
            if monitor is not None:
                monitor.note(step, "divergence", message)

        try:
            train(
                data,
                chosen,
                run,
                seed=seed,
                device=place,
                monitor=monitor,
                resume=resume,
                name=name,
                progress=progress,
                finishing=progress_of("setting levels", quiet),
                tell=tell,
                ranks=ranks,
                graphs=cuda_graphs,
            )
            ranks.leave()
        except KeyboardInterrupt as stop:
            bar.close()
            code = EXIT_TERMINATED if isinstance(stop, TerminatedError) else EXIT_INTERRUPTED
            fail(f"stopped; saved in {run}, go on with --resume", code)
    if ranks.rank > 0:
        return
    if as_json:
        told = {"model": str(run / "model"), "steps": chosen.steps}
        print_json(told | {"sounds" if sounds else "phrases": len(data)})
    else:
        say(f"trained: {run / 'model'}; try `musegan {verb} {run}`", quiet)


def _join(place: torch.device) -> tuple[Alone | FabricRanks, torch.device]:
    """The processes that torchrun started, and where this one trains; alone, it is `place`."""
    import torch

    from musegan.training.ranks import Alone, join_ranks

    if not torch.distributed.is_torchelastic_launched():
        return Alone(), place
    here, all_of_them = (int(os.environ[f"{which}WORLD_SIZE"]) for which in ("LOCAL_", ""))
    ranks = join_ranks(place, here, all_of_them // here)
    return ranks, ranks.device


def _load(dataset: Path) -> PhraseSet | SoundSet:
    from musegan.data.sounds import load_sounds
    from musegan.data.store import load_dataset, read_description

    sounds = read_description(dataset, None).get("holds") == "sounds"
    return load_sounds(dataset, "train") if sounds else load_dataset(dataset, "train")


def _usual_recipe(data: PhraseSet | SoundSet) -> str:
    from musegan.data.sounds import SoundSet

    if not isinstance(data, SoundSet):
        return "default"
    return "timbres" if data.pitched else "hits"


def _watch(
    data: PhraseSet | SoundSet,
    recipe: Recipe | TimbreRecipe,
    run: Path,
    name: str,
    seed: int,
    wandb: bool,
) -> LogMonitor:
    """What shows how a training goes, told of its recipe."""
    import yaml

    from musegan.data.sounds import SoundSet
    from musegan.training.boards import Board, WeightsAndBiases
    from musegan.training.monitor import PhraseMonitor
    from musegan.training.timbre_monitor import TimbreMonitor
    from musegan.training.timbre_task import pitch_ranges

    settings = recipe.model_dump(mode="json")
    others: list[Board] = [WeightsAndBiases(run, name, settings)] if wandb else []
    monitor = (
        TimbreMonitor(run, pitch_ranges(data), seed, others)
        if isinstance(data, SoundSet)
        else PhraseMonitor(run, data, seed, others=others)
    )
    monitor.note(0, "recipe", yaml.safe_dump(settings, sort_keys=False))
    return monitor
