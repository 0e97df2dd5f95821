"""What verbs share: models, progress, results, and errors as one line."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec

import click

from musegan.errors import MuseganError

if TYPE_CHECKING:
    from tqdm import tqdm

    from musegan.composing.model import Model

P = ParamSpec("P")

EXIT_ERROR = 1  # the user can mend it; click itself exits with 2 on wrong usage
EXIT_INCOMPLETE = 3  # a batch finished, but had to leave some items out
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143

# a light install composes without them
TRAINING_PACKAGES = ("librosa", "pyarrow", "sklearn", "tensorboard")


def names(text: str | None) -> tuple[str, ...] | None:
    """The names in a list separated by commas; None stays None."""
    if text is None:
        return None
    return tuple(name.strip() for name in text.split(",") if name.strip())


def ready_model(path: Path | None, device: str, quiet: bool) -> Model:
    """A model to compose with, see `load_model`; says so if its training was stopped."""
    from musegan.composing.model import load_model

    model = load_model(path, device)
    if model.unfinished:
        say(model.unfinished, quiet)
    return model


def progress_of(what: str, quiet: bool) -> Callable[[int, int], None]:
    """What shows a bar while it is told of steps done and steps in all, where somebody watches."""
    bar: tqdm[NoReturn] | None = None

    def heard(step: int, steps: int) -> None:
        nonlocal bar
        from tqdm import tqdm

        bar = bar or tqdm(total=steps, desc=what, unit="step", leave=False, disable=quiet or None)
        bar.update(step - bar.n)
        if step == steps:
            bar.close()
            bar = None

    return heard


def plain_errors(verb: Callable[P, None]) -> Callable[P, None]:
    """Turn what a user can mend into one line on stderr and a non-zero exit."""

    @functools.wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            verb(*args, **kwargs)
        except MuseganError as problem:
            fail(str(problem))
        except ModuleNotFoundError as problem:
            package = (problem.name or "").partition(".")[0]
            if package not in TRAINING_PACKAGES:
                raise
            fail(f"this needs {package}, which comes with `pip install 'musegan[train]'`")
        except KeyboardInterrupt:
            fail("stopped", EXIT_INTERRUPTED)
        except OSError as problem:
            where = f"{problem.filename}: " if problem.filename else ""
            fail(f"{where}{problem.strerror or problem}")

    return run


def fail(message: str, code: int = EXIT_ERROR) -> NoReturn:
    """Print one line on stderr and exit."""
    click.echo(f"musegan: {' '.join(message.split())}", err=True)
    sys.exit(code)


def say(message: str, quiet: bool) -> None:
    """Tell the user something that is not the result."""
    if not quiet:
        click.echo(message, err=True)


def print_json(result: Any) -> None:
    """Print a result for scripts: one JSON document on stdout."""
    click.echo(json.dumps(result, indent=2, ensure_ascii=False))


def counted(number: int, what: str) -> str:
    """`1 note`, `2 notes`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
