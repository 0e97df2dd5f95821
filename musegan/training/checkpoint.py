"""Checkpoints: all that a training needs to go on in one safetensors file, JSON in its header."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from musegan.errors import MuseganError
from musegan.models.store import write_tensors
from musegan.training.guards import DivergenceError, Guard
from musegan.training.running import Running
from musegan.training.state import State

FORMAT = "musegan training checkpoint 1"
MAY_CHANGE = {
    *("steps", "log_every", "sample_every", "save_every"),
    *("generator_adam", "critic_adam", "penalties", "matching_memory"),
    *("accumulate", "rollbacks"),
}
LESSONS_ALONE = {"coding"}  # may change as well while lessons go on


class Kept(NamedTuple):
    """What a checkpoint file holds.

    Attributes:
        path: where it was found, for messages.
        header: step, guard and plain data as JSON.
        tensors: networks, optimisers and running averages.
    """

    path: Path
    header: dict[str, str]
    tensors: dict[str, Tensor]


def save_checkpoint(path: Path, state: State[Any, Any], about: dict[str, Any]) -> None:
    """Write networks, optimisers and step to `path`; a kill leaves the file before it whole.

    Args:
        path: the checkpoint file.
        state: what is kept.
        about: plain data kept beside it (recipe, dataset, spec).

    Raises:
        MuseganError: the file cannot be written.
    """
    tensors: dict[str, Tensor] = {}
    for name, network, adam in _parts(state):
        tensors |= {f"{name}.{key}": value for key, value in network.state_dict().items()}
        if adam is not None:
            tensors |= save_adam(adam, f"{name}/adam")
    for name, running in _averages(state).items():
        tensors |= {f"{name}.{key}": value for key, value in running.tensors.items()}
    header = {
        "format": FORMAT,
        "step": str(state.step),
        "guard": json.dumps(state.guard.to_json()),
        "about": json.dumps(about),
    }
    write_tensors(path, tensors, header)


def read_about(path: Path) -> tuple[int, dict[str, Any]]:
    """The step and the plain data kept in a checkpoint.

    Raises:
        MuseganError: there is no checkpoint, or the file is none of ours.
    """
    if not path.is_file():
        raise MuseganError(f"{path}: no checkpoint to resume from; train without --resume first")
    try:
        with safe_open(path, "pt") as file:
            header = file.metadata() or {}
    except (SafetensorError, OSError) as problem:
        raise MuseganError(f"{path}: not a readable checkpoint ({problem})") from problem
    if header.get("format") != FORMAT:
        raise MuseganError(f"{path}: not a checkpoint of this version of musegan")
    about: dict[str, Any] = json.loads(header["about"])
    return int(header["step"]), about


def check_same(
    kept: dict[str, Any], about: dict[str, Any], path: Path, also: Collection[str] = ()
) -> None:
    """Raise unless a training told by `about` can go on from the checkpoint told by `kept`.

    It may run longer, log otherwise, or go on at other rates and penalties, the means against
    divergence, and whatever `also` names; all else must be as it began.
    """
    for key, value in about["recipe"].items():
        if key not in MAY_CHANGE and key not in also and kept["recipe"].get(key) != value:
            raise MuseganError(
                f"{path}: was trained with another '{key}' in its recipe; "
                "resume with the recipe it began with"
            )
    if kept["seed"] != about["seed"]:
        raise MuseganError(
            f"{path}: was trained with seed {kept['seed']}; resume with --seed {kept['seed']}"
        )
    if kept["data"] != about["data"]:
        raise MuseganError(f"{path}: was trained on another dataset; resume with the one it knows")


def read_checkpoint(path: Path) -> Kept:
    """All that a checkpoint holds, on the CPU.

    Raises:
        MuseganError: there is no checkpoint, or the file is none of ours.
    """
    read_about(path)
    with safe_open(path, "pt") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118  # not a mapping
        return Kept(path, file.metadata(), tensors)


def restore(state: State[Any, Any], kept: Kept) -> None:
    """Bring `state` to where a checkpoint left off, in place.

    Raises:
        MuseganError: it belongs to networks of other sizes.
    """
    device = next(state.generator.parameters()).device
    try:
        for name, network, adam in _parts(state):
            network.load_state_dict(under(kept.tensors, f"{name}."))
            if adam is not None:
                moments = under(kept.tensors, f"{name}/adam.")
                load_adam(adam, moments, list(network.parameters()))
        for name, running in _averages(state).items():
            found = under(kept.tensors, f"{name}.")
            running.tensors = {key: value.to(device) for key, value in found.items()}
    except (RuntimeError, ValueError, LookupError) as problem:
        raise MuseganError(f"{kept.path}: belongs to networks of other sizes") from problem
    state.step = int(kept.header["step"])
    state.guard = Guard.from_json(json.loads(kept.header.get("guard", "{}")))


def check_finite(state: State[Any, Any]) -> None:
    """Raise DivergenceError if any weight is no number any more (this waits for the device)."""
    weights = [*state.generator.parameters(), *state.critic.parameters()]
    total = torch.stack([weight.detach().sum() for weight in weights]).sum()
    if not torch.isfinite(total):
        raise DivergenceError(state.step, "weights are no numbers any more")


def save_adam(adam: torch.optim.Adam, name: str) -> dict[str, Tensor]:
    """What an optimiser remembers, as `name.weight.moment`."""
    return {
        f"{name}.{index}.{key}": value
        for index, values in adam.state_dict()["state"].items()
        for key, value in values.items()
    }


def load_adam(adam: torch.optim.Adam, tensors: dict[str, Tensor], weights: list[Tensor]) -> None:
    """Bring back what `save_adam` kept, less the name, for an optimiser of `weights`."""
    kept: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, _, field = key.partition(".")
        if field != "step":
            # a fused Adam walks through memory, so its moments must lie as their weight does
            value = torch.empty_like(weights[int(index)]).copy_(value)
        kept.setdefault(int(index), {})[field] = value
    adam.load_state_dict({"state": kept, "param_groups": adam.state_dict()["param_groups"]})


def _parts(state: State[Any, Any]) -> list[tuple[str, nn.Module, torch.optim.Adam | None]]:
    return [
        ("generator", state.generator, state.generator_adam),
        ("critic", state.critic, state.critic_adam),
        ("average", state.average, None),
    ]


def _averages(state: State[Any, Any]) -> dict[str, Running]:
    return {"matching": state.matching, "ears": state.ears, "paths": state.paths}


def under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin with `prefix`, without it."""
    return {key[len(prefix) :]: value for key, value in tensors.items() if key.startswith(prefix)}
