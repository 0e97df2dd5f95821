"""What the documents promise: commands that exist, files that exist, links that lead somewhere."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from musegan.cli import main
from tests.test_architecture import source_files

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(
        path
        for folder in ("docs", "benchmarks", "assets")
        for path in (ROOT / folder).rglob("*.md")
    ),
]
SOURCES = [path.as_posix() for path in source_files("musegan", "pipelines", "tests", "benchmarks")]

document = pytest.mark.parametrize(
    "path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)


def commands(text: str) -> list[str]:
    """The lines of a document's code blocks that call musegan."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("musegan ")]


def parse(command: click.Command, words: list[str]) -> None:
    """Read a command's arguments as when it is called, without calling it."""
    if isinstance(command, click.Group):
        child = command.get_command(click.Context(command), words[0])
        assert child is not None, f"no verb {words[0]}"
        parse(child, words[1:])
    else:
        command.make_context(command.name, words)


@document
def test_commands_are_ones_that_musegan_takes(path: Path) -> None:
    for command in commands(path.read_text(encoding="utf-8")):
        parse(main, shlex.split(command, comments=True)[1:])


@document
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (path.parent / target).exists()] == []


def missing_files(text: str) -> list[str]:
    """Files of code that a text tells the folders of, and that are not there."""
    named = re.findall(r"`((?:\w+/)+\w+\.py)", text)
    return [name for name in named if not any(path.endswith(f"/{name}") for path in SOURCES)]


@document
def test_files_of_code_are_where_they_are_said_to_be(path: Path) -> None:
    assert missing_files(path.read_text(encoding="utf-8")) == []


def test_a_missing_file_is_noticed() -> None:
    assert missing_files("`models/critic.py`, `models/nothing.py`") == ["models/nothing.py"]


def verbs(group: click.Group) -> Iterator[click.Command]:
    """Every command below a group that does something."""
    context = click.Context(group)
    for name in group.list_commands(context):
        child = group.get_command(context, name)
        assert child is not None
        if isinstance(child, click.Group):
            yield from verbs(child)
        else:
            yield child


@pytest.mark.parametrize("verb", list(verbs(main)), ids=lambda verb: verb.name)
def test_the_examples_of_help_are_commands_that_musegan_takes(verb: click.Command) -> None:
    lines = map(str.strip, (verb.help or "").splitlines())
    examples = [line for line in lines if line.startswith("musegan ")]
    assert examples
    for example in examples:
        parse(main, shlex.split(example)[1:])


def test_the_readme_shows_commands() -> None:
    assert len(commands((ROOT / "README.md").read_text(encoding="utf-8"))) >= 5


def test_a_wrong_option_is_noticed() -> None:
    with pytest.raises(click.UsageError):
        parse(main, ["generate", "--colour", "blue"])
