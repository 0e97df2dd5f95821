import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from musegan import __version__
from musegan.cli import VERBS, main
from musegan.cli.options import OutFolder, OutPicture

HEAVY = ("numpy", "torch", "symusic", "pydantic", "pyarrow", "soundfile", "PIL")


def every_command(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from every_command(child, (*path, name))
    else:
        yield path, command


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["generate", "--help"]])
def test_help_and_version_load_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\n"
        "from musegan.cli import main\n"
        f"main({arguments!r}, standalone_mode=False)\n"
        f"sys.exit(', '.join(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr.strip() == ""
    assert done.stdout


def test_version_is_the_package_version() -> None:
    result = CliRunner().invoke(main, ["--version"])
    assert result.exit_code == 0
    assert result.output == f"musegan, version {__version__}\n"


def test_help_lists_every_verb_with_a_word_about_it() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    lines = [line.split(maxsplit=1) for line in result.output.splitlines()]
    told = {words[0]: words[1] for words in lines if len(words) == 2}
    assert set(VERBS) <= set(told)


def test_an_unknown_verb_is_wrong_usage() -> None:
    result = CliRunner().invoke(main, ["compsoe"])
    assert result.exit_code == 2
    assert "No such command 'compsoe'" in result.output


def test_every_verb_shows_an_example_of_itself() -> None:
    paths = []
    for path, _ in every_command(main):
        result = CliRunner().invoke(main, [*path, "--help"])
        assert result.exit_code == 0, result.output
        example = f"musegan {' '.join(path)} "
        assert any(line.strip().startswith(example) for line in result.output.splitlines()), path
        paths.append(path)
    assert {path[0] for path in paths} == set(VERBS)


def test_every_verb_speaks_json_and_can_be_quiet() -> None:
    for path, command in every_command(main):
        options = {name for parameter in command.params for name in parameter.opts}
        assert "--json" in options, path
        # all that `inspect` says is its result
        assert ("--quiet" in options) != (path == ("inspect",)), path


WRITERS = [
    pytest.param(command, parameter, id=" ".join(path))
    for path, command in every_command(main)
    for parameter in command.params
    if "--out" in parameter.opts or parameter.name == "out"
]


@pytest.mark.parametrize(("command", "parameter"), WRITERS)
def test_nothing_is_written_to_a_dash(command: click.Command, parameter: click.Parameter) -> None:
    with pytest.raises(click.BadParameter, match="cannot write to standard output"):
        parameter.type_cast_value(click.Context(command), "-")


FILE_WRITERS = {"accompany", "infill", "vary", "extend", "render"}


def test_folders_and_pictures_are_known_by_their_names() -> None:
    for path, command in every_command(main):
        for parameter in command.params:
            if parameter.name in ("png", "sheet") or (path, parameter.name) == (("plot",), "out"):
                assert isinstance(parameter.type, OutPicture), path
            elif "--out" in parameter.opts or parameter.name == "out":
                assert isinstance(parameter.type, OutFolder) != (path[0] in FILE_WRITERS), path
