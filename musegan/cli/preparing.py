"""What the ways to prepare a dataset share: options, progress, and what is told at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from musegan.cli.common import EXIT_INCOMPLETE, EXIT_INTERRUPTED, counted, fail, print_json, say
from musegan.cli.options import OutFolder

src_argument = click.argument("src", type=click.Path(path_type=Path))
out_argument = click.argument("out", type=OutFolder())
licence_option = click.option(
    "--licence", help="Licence of all files.  [default: the nearest licence file's text]"
)
workers_option = click.option(
    "--workers",
    type=click.IntRange(1),
    help="How many files are read at a time.  [default: one a core, if there are files enough]",
)
overwrite_option = click.option(
    "--overwrite", is_flag=True, help="Begin anew where OUT holds a dataset."
)


def share_option(split: str, purpose: str, unit: str) -> Callable[[Any], Any]:
    """The option that holds a share of what is prepared out for a purpose."""
    return click.option(
        f"--{split}",
        default=0.1,
        show_default=True,
        type=click.FloatRange(0, 1),
        help=f"Share of {unit} to {purpose} on.",
    )


def prepare_all(
    prepare: Callable[..., dict[str, Any]],
    files: int,
    out: Path,
    workers: int | None,
    overwrite: bool,
    quiet: bool,
    *,
    files_a_worker: int = 1,
) -> dict[str, Any]:
    """Run a pipeline's `prepare` under a progress bar, and give back what it tells."""
    import os

    from tqdm import tqdm

    worth = min(os.cpu_count() or 1, 1 + files // files_a_worker)
    try:
        with tqdm(total=files, unit=" files", disable=quiet or None) as bar:

            def progress(done: int, total: int) -> None:
                bar.update(done - bar.n)

            return prepare(workers=workers or worth, overwrite=overwrite, progress=progress)
    except KeyboardInterrupt:
        fail(f"{out}: stopped; the same command goes on from here", EXIT_INTERRUPTED)


def tell_all(about: dict[str, Any], summary: str, out: Path, quiet: bool, as_json: bool) -> None:
    """Print what was prepared, what was left out, and what is lacking."""
    if as_json:
        print_json({name: value for name, value in about.items() if name != "licences"})
    shares = ", ".join(f"{name} {count:,}" for name, count in about["splits"].items())
    repeats = f"{about['duplicates']:,} repeats dropped"
    say(f"{out}: {summary} ({shares}); {repeats}", quiet)
    tells = f"{out / 'skipped.csv'} tells why"
    if about["skipped"]:
        say(f"{about['skipped']:,} of {about['files']:,} files gave none; {tells}", quiet)
    if doubtful := about.get("doubtful"):
        tells = f"{out / 'doubtful.csv'} tells which"
        say(f"{counted(doubtful, 'file')} may be in another pitch than named; {tells}", quiet)
    for warning in _lacking(about["splits"]):
        say(f"{out}: {warning}", quiet)


def _lacking(splits: dict[str, int]) -> Iterator[str]:
    """What cannot be done with a dataset for want of a split, and what to do."""
    again = "and prepare it again with --overwrite"
    if not splits["train"]:
        yield f"nothing to train on, so `train` will fail; lower --valid and --test {again}"
    if not splits["valid"] + splits["test"]:
        yield (
            "nothing is held out, so `evaluate` and `compare` will fail; "
            f"add files, or raise --valid or --test, {again}"
        )


def leave_out(about: dict[str, Any], out: Path) -> None:
    """End with the exit code of a batch that left files out, where it did."""
    why = {"unreadable": "that cannot be read", "unlabelled": "without a label"}
    left = [f"{counted(about[what], 'file')} {words}" for what, words in why.items() if about[what]]
    if left:
        message = f"{out}: left out {' and '.join(left)}"
        fail(f"{message}; {out / 'skipped.csv'} tells why", EXIT_INCOMPLETE)
