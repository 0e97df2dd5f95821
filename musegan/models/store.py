"""Models on disk: `model.json` and `model.safetensors` in a folder, safe to load from strangers.

There are two kinds, those that compose phrases and those that make timbres, kept alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from musegan.errors import MuseganError
from musegan.files import write_whole
from musegan.models.planned import PhraseGenerator
from musegan.models.spec import FORMAT, ModelSpec, build_generator
from musegan.models.timbres.spec import TimbreSpec, build_timbre_generator

WEIGHTS, DESCRIPTION = "model.safetensors", "model.json"

N = TypeVar("N", bound=nn.Module)
S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True)
class Kind(Generic[N, S]):
    """A kind of model.

    Attributes:
        name: as its description tells it.
        read: checks plain data as a description of one.
        build: makes the generator that a description tells of.
    """

    name: str
    read: Callable[[Any], S]
    build: Callable[[S], N]


def _read_phrases(data: Any) -> ModelSpec:
    spec = ModelSpec.model_validate(data)
    spec.layout, spec.ensemble  # noqa: B018  # both check what they are made from
    return spec


PHRASES = Kind("phrases", _read_phrases, build_generator)
TIMBRES = Kind("timbres", TimbreSpec.model_validate, build_timbre_generator)


def save_model(folder: Path, generator: nn.Module, spec: BaseModel) -> None:
    """Write a model folder; each file appears whole or not at all, the description last."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tensors(folder / WEIGHTS, generator.state_dict())
    write_whole(folder / DESCRIPTION, f"{spec.model_dump_json(indent=2)}\n".encode())


def write_tensors(
    path: Path, tensors: Mapping[str, Tensor], header: dict[str, str] | None = None
) -> None:
    """Write a safetensors file whole or not at all.

    Raises:
        MuseganError: it cannot be written, as on a full disk; a file there before is untouched.
    """
    beside = path.with_name(path.name + ".part")
    kept = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    try:
        save_file(kept, beside, header)
        beside.replace(path)
    except SafetensorError as problem:
        raise MuseganError(f"{path}: cannot be written ({_first_line(problem)})") from problem
    finally:
        beside.unlink(missing_ok=True)


def load_spec(folder: Path) -> ModelSpec:
    """The description of the model of phrases in `folder`; see `read_spec`."""
    return read_spec(folder, PHRASES)


def kind_of_model(folder: Path) -> str:
    """The kind of the model in `folder` by its description; of phrases where it is broken."""
    try:
        data = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        return str(data.get("kind", PHRASES.name))
    except (OSError, ValueError, RecursionError, AttributeError):
        return PHRASES.name


def read_spec(folder: Path, kind: Kind[N, S]) -> S:
    """The description of the model in `folder`.

    Raises:
        MuseganError: there is no model, or its description is broken, or of another format or kind.
    """
    path = folder / DESCRIPTION
    if not path.is_file():
        raise MuseganError(
            f"{folder}: no model here; a model is a folder with {DESCRIPTION} and {WEIGHTS}"
        )
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as problem:
        raise MuseganError(f"{path}: not a model description ({_first_line(problem)})") from problem
    found = data.get("format") if isinstance(data, dict) else None
    if found != FORMAT:
        raise MuseganError(
            f"{path}: model format {found} is not the one this version reads ({FORMAT}); "
            "train it again or install the version that wrote it"
        )
    held = data.get("kind", PHRASES.name)
    if held != kind.name:
        raise MuseganError(f"{folder}: a model of {held}, where one of {kind.name} is needed")
    try:
        spec = kind.read(data)
    except (ValueError, MuseganError) as problem:
        raise MuseganError(f"{path}: not a model description ({_first_line(problem)})") from problem
    return spec


def load_model_folder(folder: Path) -> tuple[PhraseGenerator, ModelSpec]:
    """The generator and description of phrases kept in `folder`; see `load_folder`."""
    return load_folder(folder, PHRASES)


def load_folder(folder: Path, kind: Kind[N, S]) -> tuple[N, S]:
    """The generator and description kept in `folder`, on the CPU, ready to generate.

    Raises:
        MuseganError: something is missing, broken, or does not belong together.
    """
    spec = read_spec(folder, kind)
    path = folder / WEIGHTS
    if not path.is_file():
        raise MuseganError(f"{folder}: {WEIGHTS} is missing beside {DESCRIPTION}")
    try:
        weights = load_file(path)
    except (SafetensorError, OSError) as problem:
        raise MuseganError(f"{path}: not a readable safetensors file ({problem})") from problem
    try:
        generator = kind.build(spec)  # not on the meta device: that loads 2 s of sympy
        generator.load_state_dict(weights, assign=True)
    except RuntimeError as problem:
        raise MuseganError(
            f"{path}: these weights are not of the network that {DESCRIPTION} describes"
        ) from problem
    return generator.eval().requires_grad_(False), spec


def _first_line(problem: Exception) -> str:
    return str(problem).strip().splitlines()[0]
