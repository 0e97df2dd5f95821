"""`musegan generate`: a model writes phrases."""

from __future__ import annotations

from pathlib import Path

import click

from musegan.cli.common import (
    EXIT_INCOMPLETE,
    counted,
    fail,
    names,
    plain_errors,
    print_json,
    ready_model,
    say,
)
from musegan.cli.options import (
    device_option,
    formats_option,
    json_option,
    out_folder_option,
    quiet_option,
    seed_option,
    style_option,
    temperature_option,
)


@click.command()
@click.argument("model", required=False, type=click.Path(path_type=Path))
@style_option
@click.option("--tracks", help="Tracks that play, by commas.  [default: as the style does]")
@click.option("--count", default=8, show_default=True, type=click.IntRange(1), help="Phrases.")
@click.option(
    "--tempo",
    type=click.FloatRange(10, 1000),
    help="Quarter notes a minute.  [default: usual for the style]",
)
@click.option("--bars", type=click.IntRange(1), help="Pieces of so many bars, with an ending.")
@click.option("--form", help="Their sections, such as AABA: equal letters repeat.  [default: one]")
@click.option("--meter", help="Such as 3/4 or 6/8.  [default: the model's]")
@click.option("--key", help="Such as G, Em, F#m or Bb.  [default: any]")
@temperature_option
@click.option(
    "--best-of",
    default=1,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Write so many for each phrase, keep the one most typical of real music.",
)
@click.option(
    "--original",
    type=click.Path(path_type=Path),
    metavar="DATASET",
    help="Keep no phrase that copies this dataset's training songs.",
)
@seed_option("Another number, other music; the same number, the same music.")
@out_folder_option("generated")
@formats_option
@click.option("--overwrite", is_flag=True, help="Begin anew where the folder holds a batch.")
@click.option("--workers", type=click.IntRange(1), help="Cores to keep busy.  [default: all]")
@device_option
@quiet_option
@json_option
@plain_errors
def command(
    model: Path | None,
    style: str | None,
    tracks: str | None,
    count: int,
    tempo: float | None,
    bars: int | None,
    form: str | None,
    meter: str | None,
    key: str | None,
    temperature: float,
    best_of: int,
    original: Path | None,
    seed: int,
    out: Path,
    formats: str,
    overwrite: bool,
    workers: int | None,
    device: str,
    quiet: bool,
    as_json: bool,
) -> None:
    """Write new phrases with MODEL, or with the band model that ships.

    With --bars or --form they are pieces: sections that repeat come back with variations, and the
    last bar comes home.

    Files are named by seed and number, and manifest.json tells how each was made. A batch that
    was stopped goes on when the same command is given again; one that is finished grows when
    asked for a larger --count.

    \b
    Examples:
      musegan generate
      musegan generate --style rock --tracks drums,bass,piano --tempo 96 --out trio
      musegan generate --style rock:0.6,dark:0.4 --key Em --best-of 8 --temperature 0.9
      musegan generate --bars 32 --form AABA --key G --out songs --format mid,wav
      musegan generate --meter 6/8 --bars 16 --tempo 160 --out jigs
      musegan generate --seed 7 --count 16 --out sketches --format mid,wav,png
      musegan generate my-model --count 10000 --out night
    """
    import os
    from dataclasses import asdict

    import torch
    from tqdm import tqdm

    from musegan.data.meters import parse_meter
    from pipelines.generate_batch import generate_batch
    from pipelines.model_batch import Wish, plan_batch
    from pipelines.writers import choose_writers

    wish = Wish(
        style=style,
        tracks=names(tracks),
        tempo=tempo,
        seed=seed,
        formats=names(formats) or (),
        temperature=temperature,
        key=key,
        best_of=best_of,
        original=original,
        bars=bars,
        form=form,
        meter=None if meter is None else parse_meter(meter),
    )
    writers = choose_writers(wish.formats)
    player = ready_model(model, device, quiet)
    torch.set_num_threads(1)
    cores = workers or os.cpu_count() or 1
    on_cpu = player.device.type == "cpu"
    compose, settings = plan_batch(player, wish, threads=cores if on_cpu else 1)
    with tqdm(total=count, unit=" phrases", disable=quiet or None) as bar:
        outcome = generate_batch(
            compose,
            player.spec.ensemble,
            settings,
            count,
            out,
            writers,
            workers=cores,
            overwrite=overwrite,
            advance=bar.update,
        )
    if as_json:
        print_json({**asdict(outcome), "manifest": str(outcome.manifest)})
    kept = f", {outcome.kept} were there already" if outcome.kept else ""
    say(f"{out}: {counted(outcome.made, 'phrase')} made{kept}", quiet)
    if outcome.silent:
        left_out = (
            f"{out}: left out {counted(outcome.silent, 'phrase')}: silent, or none was as asked"
        )
        fail(left_out, EXIT_INCOMPLETE)
