from pathlib import Path
from typing import Any

import pytest

from musegan.cli.common import EXIT_INTERRUPTED
from musegan.cli.preparing import prepare_all

OUT = Path("out")


def test_a_stop_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    def stopped(**wish: Any) -> dict[str, Any]:
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as end:
        prepare_all(stopped, 3, OUT, None, False, True)
    assert end.value.code == EXIT_INTERRUPTED
    assert "out: stopped; the same command goes on from here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("files", "asked", "cores", "workers"),
    [(7, None, 4, 1), (8, None, 4, 2), (1000, None, 4, 4), (1000, None, None, 1), (1, 5, 4, 5)],
)
def test_processes_are_as_many_as_there_are_cores_and_files_for(
    monkeypatch: pytest.MonkeyPatch, files: int, asked: int | None, cores: int | None, workers: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    told = prepare_all(lambda **wish: wish, files, OUT, asked, True, True, files_a_worker=8)
    assert (told["workers"], told["overwrite"]) == (workers, True)
