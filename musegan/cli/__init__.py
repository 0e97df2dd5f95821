"""The command line: one file a verb; each parses, calls the library and prints."""

from __future__ import annotations

import importlib

import click

from musegan import __version__

VERBS = (
    "prepare",
    "train",
    "generate",
    "accompany",
    "infill",
    "vary",
    "interpolate",
    "extend",
    "render",
    "synth",
    "export-sfz",
    "plot",
    "inspect",
    "evaluate",
    "compare",
)


class Verbs(click.Group):
    """Loads a verb's file only when it is asked for, so `--help` stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order a musician meets them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's click command, from `musegan.cli.<verb>.command`."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"musegan.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="musegan")
def main() -> None:
    """Turn MIDI into training data, train multi-track GANs on it, and write new music."""
