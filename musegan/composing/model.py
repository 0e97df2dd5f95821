"""A model ready to be played: the generator, what it knows, and where it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import torch

from musegan.errors import MuseganError
from musegan.models.devices import find_device
from musegan.models.planned import PhraseGenerator
from musegan.models.spec import ModelSpec
from musegan.models.store import load_model_folder

SHIPPED = "band"


@dataclass(frozen=True)
class Model:
    """A trained model.

    Attributes:
        generator: the network, in evaluation mode on `device`.
        spec: ensemble, grid, bars, styles and how it was trained.
        device: where it runs.
        folder: where it was loaded from.
    """

    generator: PhraseGenerator
    spec: ModelSpec
    device: torch.device
    folder: Path

    @property
    def unfinished(self) -> str | None:
        """A remark on a model whose training was stopped; None where it came to its end."""
        training = self.spec.training
        done, asked = training.get("steps", 0), training.get("recipe", {}).get("steps", 0)
        if done >= asked:
            return None
        return (
            f"{self.folder}: trained for {done} of {asked} steps only; "
            "`musegan train` goes on with --resume"
        )


def load_model(path: Path | None = None, device: str = "cpu") -> Model:
    """The model in a folder, or the one that ships when `path` is None.

    A folder of a training is fine too: its `model` folder is meant.

    Raises:
        MuseganError: there is no model, it is broken, or the device is not there.
    """
    folder = find_model_folder(path, SHIPPED)
    generator, spec = load_model_folder(folder)
    place = find_device(device)
    return Model(generator.to(place), spec, place, folder)


def find_model_folder(path: Path | None, shipped: str) -> Path:
    """The folder that holds a model: `path`, the `model` folder of a training, or a shipped one."""
    folder = path if path is not None else shipped_model(shipped)
    if not (folder / "model.json").is_file() and (folder / "model" / "model.json").is_file():
        return folder / "model"
    return folder


def is_model(path: Path) -> bool:
    """Whether a folder is meant as a model, or as a training with a model in it."""
    return (path / "model.json").is_file() or (path / "model").is_dir()


def shipped_model(name: str = SHIPPED) -> Path:
    """The folder of a model that comes with musegan.

    Raises:
        MuseganError: it is not there (an incomplete install).
    """
    for folder in _shipping_places():
        if (folder / name / "model.json").is_file():
            return folder / name
    raise MuseganError(f"the model '{name}' that comes with musegan is missing; install it again")


def _shipping_places() -> Iterator[Path]:
    """Inside the installed package, and beside it in a checkout."""
    package = Path(str(resources.files("musegan")))
    yield package / "assets" / "models"
    yield package.parent / "assets" / "models"
