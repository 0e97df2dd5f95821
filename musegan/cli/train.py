"""`musegan train`: a dataset and a recipe become a model."""

from __future__ import annotations

from pathlib import Path

import click

from musegan.cli.common import (
    EXIT_INTERRUPTED,
    fail,
    json_option,
    plain_errors,
    print_json,
    quiet_option,
    say,
)


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option(
    "--recipe",
    help="A shipped recipe's name, or your own .yaml file.  "
    "[default: default for phrases, timbres for notes, hits for sounds without pitches]",
)
@click.option(
    "--out", "run", type=click.Path(path_type=Path), required=True, help="Folder of the run."
)
@click.option("--steps", type=click.IntRange(1), help="Generator updates, instead of the recipe's.")
@click.option(
    "--batch", type=click.IntRange(2), help="Phrases or notes a step, instead of the recipe's."
)
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of everything drawn."
)
@click.option(
    "--device",
    default="auto",
    show_default=True,
    help="cpu, cuda, cuda:1, or auto: the GPU where there is one.",
)
@click.option("--threads", type=click.IntRange(1), help="CPU threads; all cores unless said.")
@click.option("--name", default="model", show_default=True, help="What the model is called.")
@click.option("--resume", is_flag=True, help="Go on from the run's last checkpoint.")
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
    name: str,
    resume: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Train a model on DATASET, a folder that `musegan prepare` wrote.

    The model lands in OUT/model, ready for `musegan generate OUT`, or for `musegan synth OUT` where
    DATASET holds sounds. Watch it with `tensorboard --logdir OUT/logs`; MIDI or sound samples
    appear in OUT/samples. Ctrl-C saves first.

    \b
    Examples:
      musegan train data/band --out runs/band
      musegan train data/band --out runs/band --resume --steps 40000
      musegan train data/band --recipe wgan-gp --out runs/gp --seed 3
      musegan train data/mine --recipe my.yaml --out runs/mine --device cuda
      musegan train data/notes --out runs/timbres
    """
    import torch
    from tqdm import tqdm

    from musegan.data.sounds import SoundSet, load_sounds
    from musegan.data.store import load_dataset, read_description
    from musegan.models.devices import find_device
    from musegan.training.loop import train
    from musegan.training.memory import keep_memory
    from musegan.training.monitor import LogMonitor, TensorBoardMonitor
    from musegan.training.recipe import find_recipe
    from musegan.training.task import pitch_ranges
    from musegan.training.timbre_monitor import TimbreMonitor
    from pipelines import recipes

    place = find_device(device)
    sounds = read_description(dataset, None).get("holds") == "sounds"
    data = load_sounds(dataset, "train") if sounds else load_dataset(dataset, "train")
    usual = "default"
    if isinstance(data, SoundSet):
        usual = "timbres" if data.pitched else "hits"
    chosen = find_recipe(recipe or usual, recipes.FOLDER, steps=steps, batch=batch)
    if place.type == "cpu":
        keep_memory()
    if threads:
        torch.set_num_threads(threads)
    watch: LogMonitor
    if isinstance(data, SoundSet):
        holds, verb = f"sounds of {len(data.instruments)} instruments", "synth"
        watch = TimbreMonitor(run, pitch_ranges(data), seed)
    else:
        holds, verb = f"phrases, {len(data.styles)} styles", "generate"
        watch = TensorBoardMonitor(run, data, seed)
    say(f"{len(data)} {holds}; {chosen.steps} steps on {place}", quiet)
    with (
        tqdm(total=chosen.steps, unit="step", disable=quiet) as bar,
        watch as monitor,
    ):

        def progress(step: int, scalars: dict[str, float]) -> None:
            bar.update(step - bar.n)
            if scalars:
                bar.set_postfix({key: f"{value:.3g}" for key, value in scalars.items()})

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
            )
        except KeyboardInterrupt:
            bar.close()
            fail(f"stopped; saved in {run}, go on with --resume", EXIT_INTERRUPTED)
    if as_json:
        told = {"model": str(run / "model"), "steps": chosen.steps}
        print_json(told | {"sounds" if sounds else "phrases": len(data)})
    else:
        say(f"trained: {run / 'model'}; try `musegan {verb} {run}`", quiet)
