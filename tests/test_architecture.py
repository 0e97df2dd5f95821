"""The house rules that no linter knows, checked on the syntax trees of all source files."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINES = 350

# a part may import those on lower floors and its own modules
FLOORS = (
    ("musegan.errors",),
    ("musegan.files",),
    ("musegan.song",),
    ("musegan.pianoroll",),
    ("musegan.instruments",),
    ("musegan.midi", "musegan.audio"),
    ("musegan.models", "musegan.data", "musegan.rendering"),
    ("musegan.evaluation",),
    ("musegan.composing", "musegan.training"),
    ("pipelines",),
    ("musegan.cli",),
)
FLOOR = {part: floor for floor, parts in enumerate(FLOORS) for part in parts}

MIDI_LIBRARIES = {"symusic", "pretty_midi", "mido", "miditoolkit", "muspy", "pypianoroll"}
AUDIO_DOORS = {"torchaudio": "torchaudio_transforms.py", "librosa": "pitch.py"}
TRAINING_LIBRARIES = {"tensorboard", "pyarrow", "librosa", "sklearn", "lightning_fabric", "wandb"}
OPTIONAL_LIBRARIES = {"fluidsynth", "lightning_fabric", "wandb"}
TALKING_LIBRARIES = {"click", "tqdm"}
TALKING_NAMES = {"print", "input", "exit", "quit", "SystemExit"}
TALKING_ATTRIBUTES = {
    ("os", "environ"),
    ("os", "getenv"),
    ("os", "putenv"),
    ("sys", "exit"),
    ("sys", "stdout"),
    ("sys", "stderr"),
    ("sys", "argv"),
}


def source_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


LIBRARY = source_files("musegan", "pipelines")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def part_of(module: str) -> str | None:
    """The part of the house a module belongs to; none for other packages and bare `musegan`."""
    names = module.split(".")
    return next((p for p in ("".join(names[:1]), ".".join(names[:2])) if p in FLOOR), None)


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a file imports, names imported from a package as its own.

    Raises:
        AssertionError: a relative import, which would hide where it leads.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: write relative imports in full"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def upward_imports(module: str, tree: ast.AST) -> list[str]:
    own = part_of(module)
    found = []
    for line, name in imports(tree):
        other = part_of(name)
        if other is not None and other != own and (own is None or FLOOR[other] >= FLOOR[own]):
            found.append(f"{module}:{line} imports {name}")
    return found


def foreign_imports(module: str, tree: ast.AST, libraries: set[str]) -> list[str]:
    return [
        f"{module}:{line} imports {name}"
        for line, name in imports(tree)
        if name.split(".")[0] in libraries
    ]


def talk(module: str, tree: ast.AST) -> list[str]:
    """Where a file prints, reads the environment or ends the program."""
    found = foreign_imports(module, tree, TALKING_LIBRARIES)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in TALKING_NAMES:
            found.append(f"{module}:{node.lineno} uses {node.id}")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if (node.value.id, node.attr) in TALKING_ATTRIBUTES:
                found.append(f"{module}:{node.lineno} uses {node.value.id}.{node.attr}")
        elif isinstance(node, ast.ImportFrom):
            names = {(str(node.module), alias.name) for alias in node.names}
            found += [
                f"{module}:{node.lineno} uses {package}.{name}"
                for package, name in names & TALKING_ATTRIBUTES
            ]
    return found


def early_imports(module: str, tree: ast.Module) -> list[str]:
    """Imports at a file's top level beyond the standard library, click and the command line."""
    return [
        f"{module}:{line} imports {name}"
        for statement in tree.body
        for line, name in imports(statement)
        if isinstance(statement, ast.Import | ast.ImportFrom)
        and name.split(".")[0] not in {*sys.stdlib_module_names, "click"}
        and not name.startswith(("musegan.cli", "musegan.errors", "musegan.__version__"))
    ]


def below_cli() -> list[Path]:
    return [path for path in LIBRARY if part_of(module_name(path)) != "musegan.cli"]


def test_every_file_has_a_place_in_the_house() -> None:
    homeless = [m for m in map(module_name, LIBRARY) if part_of(m) is None and m != "musegan"]
    assert homeless == []


def test_imports_run_downwards() -> None:
    assert [x for path in LIBRARY for x in upward_imports(module_name(path), tree_of(path))] == []


def test_only_midi_imports_midi_libraries() -> None:
    files = [path for path in LIBRARY if part_of(module_name(path)) != "musegan.midi"]
    assert [
        x for p in files for x in foreign_imports(module_name(p), tree_of(p), MIDI_LIBRARIES)
    ] == []


@pytest.mark.parametrize(("library", "door"), AUDIO_DOORS.items())
def test_only_one_file_imports_an_audio_library(library: str, door: str) -> None:
    files = [path for path in LIBRARY if path != ROOT / "musegan" / "audio" / door]
    assert [x for p in files for x in foreign_imports(module_name(p), tree_of(p), {library})] == []


def test_composing_needs_nothing_that_only_training_installs() -> None:
    files = source_files("musegan/composing", "musegan/models", "musegan/rendering")
    assert [
        x for p in files for x in foreign_imports(module_name(p), tree_of(p), TRAINING_LIBRARIES)
    ] == []


def test_the_declared_dependencies_are_those_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]["train"]
    declared = {re.match(r"[\w-]+", line)[0] for line in project["dependencies"] + extras}
    ours = {*sys.stdlib_module_names, "musegan", "pipelines"}
    imported = {name.split(".")[0] for path in LIBRARY for _, name in imports(tree_of(path))} - ours
    # tensorboard is loaded by torch, others only where someone has put them
    needed = (imported | {"tensorboard"}) - OPTIONAL_LIBRARIES
    installed_as = {"PIL": "pillow", "yaml": "pyyaml", "sklearn": "scikit-learn"}
    assert {installed_as.get(name, name) for name in needed} == declared


def test_nothing_below_the_command_line_talks() -> None:
    assert [x for path in below_cli() for x in talk(module_name(path), tree_of(path))] == []


def test_the_command_line_loads_the_library_only_when_a_verb_runs() -> None:
    files = source_files("musegan/cli")
    assert [x for path in files for x in early_imports(module_name(path), tree_of(path))] == []


def test_no_file_is_long() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in source_files("musegan", "pipelines", "tests", "benchmarks")
    }
    assert {name: lines for name, lines in lengths.items() if lines > LINES} == {}


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("musegan.composing.generate", "from musegan.training import loop"),
        ("musegan.training.loop", "from musegan import composing"),
        ("musegan.song", "import musegan.pianoroll"),
        ("musegan.data.store", "from musegan.models.critic import Critic"),
        ("pipelines.prepare", "from musegan.cli.common import fail"),
        ("musegan", "def late():\n    from musegan.song import Notes"),
    ],
)
def test_an_upward_import_is_noticed(module: str, line: str) -> None:
    assert len(upward_imports(module, ast.parse(line))) == 1


def test_a_downward_import_passes() -> None:
    line = "from musegan.training.loss import wgan; from musegan.song import Notes; import os"
    assert upward_imports("musegan.training.loop", ast.parse(line)) == []


@pytest.mark.parametrize(
    "line",
    [
        "print('hello')",
        "import os; os.environ['HOME']",
        "from os import environ",
        "import sys; sys.exit(1)",
        "raise SystemExit",
        "import click",
        "from tqdm import tqdm",
        "import sys; sys.stderr.write('hello')",
    ],
)
def test_talk_is_noticed(line: str) -> None:
    assert len(talk("musegan.song", ast.parse(line))) == 1


def test_an_early_import_is_noticed_and_a_late_one_passes() -> None:
    assert len(early_imports("musegan.cli.train", ast.parse("import torch"))) == 1
    late = "import click\ndef command():\n    import torch"
    assert early_imports("musegan.cli.train", ast.parse(late)) == []


def test_relative_imports_are_refused() -> None:
    with pytest.raises(AssertionError, match="line 1"):
        list(imports(ast.parse("from .song import Notes")))
