import io
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from musegan.cli.common import EXIT_INTERRUPTED, plain_errors, progress_of, ready_model
from musegan.errors import MuseganError
from musegan.models.spec import build_generator
from musegan.models.store import save_model
from tests.models.toys import toy_spec


def run(verb: Callable[[], None]) -> Result:
    return CliRunner().invoke(click.command()(plain_errors(verb)), [])


def test_what_the_user_can_mend_is_one_line() -> None:
    def verb() -> None:
        raise MuseganError("song.mid: cut off\nin the middle; fetch it again")

    result = run(verb)
    assert result.exit_code == 1
    assert result.stderr == "musegan: song.mid: cut off in the middle; fetch it again\n"


def test_what_the_system_refuses_is_one_line_with_the_file(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("folder")

    def verb() -> None:
        (folder / "none" / "song.mid").read_bytes()

    result = run(verb)
    assert result.exit_code == 1
    assert result.stderr == f"musegan: {folder / 'none' / 'song.mid'}: No such file or directory\n"


def test_a_light_install_says_how_to_get_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    def verb() -> None:
        import pyarrow  # noqa: F401  # the import is the point

    result = run(verb)
    assert result.exit_code == 1
    assert result.stderr == (
        "musegan: this needs pyarrow, which comes with `pip install 'musegan[train]'`\n"
    )


def test_another_missing_module_keeps_its_traceback() -> None:
    def verb() -> None:
        import no_such_module  # noqa: F401  # the import is the point

    assert isinstance(run(verb).exception, ModuleNotFoundError)


def test_ctrl_c_ends_with_its_own_code() -> None:
    def verb() -> None:
        raise KeyboardInterrupt

    result = run(verb)
    assert (result.exit_code, result.stderr) == (EXIT_INTERRUPTED, "musegan: stopped\n")


class Terminal(io.StringIO):
    """Somebody watches."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "quiet", "shown"),
    [(Terminal(), False, True), (Terminal(), True, False), (io.StringIO(), False, False)],
    ids=["watched", "quiet", "a pipe"],
)
def test_a_bar_shows_where_somebody_watches(
    stream: io.StringIO, quiet: bool, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    heard = progress_of("learning", quiet)
    for _ in range(2):  # one bar after the other
        for step in (1, 2, 3):
            heard(step, 3)
    assert ("learning" in stream.getvalue()) == shown


@pytest.mark.parametrize(
    ("steps", "remark"),
    [(3, ""), (2, "trained for 2 of 3 steps only; `musegan train` goes on with --resume")],
)
def test_a_model_whose_training_was_stopped_is_told(
    steps: int, remark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = toy_spec(training={"steps": steps, "recipe": {"steps": 3}})
    save_model(tmp_path, build_generator(spec), spec)
    ready_model(tmp_path, "cpu", quiet=False)
    assert capsys.readouterr().err == (f"{tmp_path}: {remark}\n" if remark else "")
    ready_model(tmp_path, "cpu", quiet=True)
    assert capsys.readouterr().err == ""
