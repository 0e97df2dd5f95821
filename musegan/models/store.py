"""Models on disk: `model.json` and `model.safetensors` in a folder, safe to load from strangers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from musegan.errors import MuseganError
from musegan.models.generator import Generator
from musegan.models.spec import FORMAT, ModelSpec, build_generator

WEIGHTS, DESCRIPTION = "model.safetensors", "model.json"


def save_model(folder: Path, generator: Generator, spec: ModelSpec) -> None:
    """Write a model folder; each file appears whole or not at all, the description last."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tensors(folder / WEIGHTS, generator.state_dict())
    beside = folder / (DESCRIPTION + ".part")
    beside.write_text(spec.model_dump_json(indent=2) + "\n", encoding="utf-8")
    beside.replace(folder / DESCRIPTION)


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
    """The description of the model in `folder`.

    Raises:
        MuseganError: there is no model, or its description is broken or of another format.
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
    try:
        spec = ModelSpec.model_validate(data)
        spec.layout, spec.ensemble  # noqa: B018  # both check what they are made from
    except (ValueError, MuseganError) as problem:
        raise MuseganError(f"{path}: not a model description ({_first_line(problem)})") from problem
    return spec


def load_model_folder(folder: Path) -> tuple[Generator, ModelSpec]:
    """The generator and description kept in `folder`, on the CPU, ready to generate.

    Raises:
        MuseganError: something is missing, broken, or does not belong together.
    """
    spec = load_spec(folder)
    path = folder / WEIGHTS
    if not path.is_file():
        raise MuseganError(f"{folder}: {WEIGHTS} is missing beside {DESCRIPTION}")
    try:
        weights = load_file(path)
    except (SafetensorError, OSError) as problem:
        raise MuseganError(f"{path}: not a readable safetensors file ({problem})") from problem
    try:
        generator = build_generator(spec)  # not on the meta device: that loads 2 s of sympy
        generator.load_state_dict(weights, assign=True)
    except RuntimeError as problem:
        raise MuseganError(
            f"{path}: these weights are not of the network that {DESCRIPTION} describes"
        ) from problem
    return generator.eval().requires_grad_(False), spec


def _first_line(problem: Exception) -> str:
    return str(problem).strip().splitlines()[0]
