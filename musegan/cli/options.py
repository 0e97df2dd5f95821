"""Options that several verbs have, and the kinds of paths that they write to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Verb = TypeVar("Verb", bound=Callable[..., Any])

# files that a verb writes, and of which none is a folder
WRITTEN = (".mid", ".midi", ".wav", ".flac", ".ogg", ".png", ".sfz", ".md", ".html", ".json")

quiet_option = click.option("--quiet", "-q", is_flag=True, help="No progress, only errors.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
overwrite_option = click.option(
    "--overwrite", is_flag=True, help="Replace files that are there and would change."
)

model_option = click.option(
    "--model",
    "model_path",
    type=click.Path(path_type=Path),
    help="A model's folder.  [default: the band model that ships]",
)
style_option = click.option("--style", help="A style, or a mix: rock:0.6,dark:0.4.  [default: any]")
temperature_option = click.option(
    "--temperature",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, 3),
    help="Below 1 plainer and more alike, above 1 more varied and daring.",
)
formats_option = click.option(
    "--format",
    "formats",
    default="mid",
    show_default=True,
    help="Any of mid, wav, flac, ogg, png, by commas.",
)
device_option = click.option(
    "--device", default="cpu", show_default=True, help="Where the model runs: cpu, cuda or auto."
)
training_device_option = click.option(
    "--device",
    default="auto",
    show_default=True,
    help="cpu, cuda, cuda:1, or auto: the GPU where there is one.",
)
threads_option = click.option(
    "--threads", type=click.IntRange(1), help="CPU threads; all cores unless said."
)


def seed_option(help_text: str) -> Callable[[Verb], Verb]:
    """The option of the number that all chance is drawn from."""
    return click.option(
        "--seed", default=0, show_default=True, type=click.IntRange(0), help=help_text
    )


class OutPath(click.Path):
    """A file or folder to write; `-` is wrong usage, for there is nothing to send down a pipe."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path that was given."""
        if str(value) == "-":
            self.fail("cannot write to standard output; name a file or a folder", param, ctx)
        return super().convert(value, param, ctx)


class OutFolder(OutPath):
    """A folder to write many files to; the name of a file is wrong usage."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path that was given."""
        path = super().convert(value, param, ctx)
        if path.suffix.lower() in WRITTEN and not path.exists():
            folder = path.with_suffix("")
            self.fail(f"'{path}' is a file's name; name a folder, such as '{folder}'", param, ctx)
        return path


class OutPicture(OutPath):
    """A picture to write; what is no PNG by its name is wrong usage."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path that was given."""
        path = super().convert(value, param, ctx)
        if path.suffix.lower() != ".png" or path.is_dir():
            self.fail(f"'{path}' is no picture's name; give one that ends in .png", param, ctx)
        return path


def out_folder_option(usual: str) -> Callable[[Verb], Verb]:
    """The option of the folder to write to, which is called `usual` where none is named."""
    return click.option(
        "--out", default=usual, show_default=True, type=OutFolder(), help="The folder to write to."
    )
