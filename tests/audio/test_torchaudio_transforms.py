import builtins
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from musegan.audio.torchaudio_transforms import EXTENSION, import_transforms

BROKEN = """
raise OSError("libc10_cuda.so: cannot open shared object file")
"""
WORKING = """
COMPILED = True
_IS_TORCHAUDIO_EXT_AVAILABLE = False  # its compiled functions are not there to be found
fail_if_no_align = lambda function: function
"""


@pytest.fixture
def torchaudio_forgotten() -> Iterator[None]:
    """As in a program that has not imported torchaudio yet."""

    def drop() -> dict[str, object]:
        names = [name for name in sys.modules if name.partition(".")[0] == "torchaudio"]
        return {name: sys.modules.pop(name) for name in names}

    before = drop()
    yield
    drop()
    sys.modules.update(before)


def with_extension(monkeypatch: pytest.MonkeyPatch, folder: Path, source: str) -> None:
    """Let torchaudio find `source` where its extension is loaded."""
    real = importlib.util.find_spec("torchaudio")
    package = folder / "torchaudio"
    package.mkdir()
    for item in Path(real.submodule_search_locations[0]).iterdir():
        if item.name not in ("_extension", "__pycache__"):
            (package / item.name).symlink_to(item)
    (package / "_extension.py").write_text(source)
    monkeypatch.syspath_prepend(folder)


@pytest.mark.usefixtures("torchaudio_forgotten")
@pytest.mark.parametrize(("source", "whole"), [(WORKING, True), (BROKEN, False)])
def test_transforms_are_had_with_the_extension_and_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str, whole: bool
) -> None:
    with_extension(monkeypatch, tmp_path, source)

    transforms = import_transforms()

    assert tmp_path / "torchaudio" in Path(transforms.__file__).parents
    assert hasattr(sys.modules[EXTENSION], "COMPILED") is whole
    mel = transforms.MelScale(40, 16_000, n_stft=257)(torch.ones(1, 257, 3))
    assert mel.shape == (1, 40, 3)


def test_transforms_are_had_on_this_machine_in_a_fresh_program() -> None:
    program = (
        "from musegan.audio.torchaudio_transforms import import_transforms as t;"
        "print(t().GriffinLim.__name__, t() is t())"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["GriffinLim", "True"]


@pytest.mark.usefixtures("torchaudio_forgotten")
def test_where_torchaudio_is_not_installed_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_torchaudio(name: str, *rest: object) -> object:
        if name.partition(".")[0] == "torchaudio":
            raise ModuleNotFoundError("No module named 'torchaudio'", name="torchaudio")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_torchaudio)
    with pytest.raises(ModuleNotFoundError, match="torchaudio"):
        import_transforms()
    assert EXTENSION not in sys.modules
