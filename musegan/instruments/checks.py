"""Checks on parsed YAML whose errors name the file and the entry at fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from musegan.errors import MuseganError


def check_keys(entry: Mapping[Any, Any], known: set[str], where: str) -> None:
    """Raise a MuseganError when the entry has a key nobody reads."""
    unknown = sorted(set(map(str, entry)) - known)
    if unknown:
        raise MuseganError(
            f"{where}: unknown key '{unknown[0]}'; known are {', '.join(sorted(known))}"
        )


def read_list(entry: Mapping[Any, Any], key: str, where: str) -> list[Any]:
    """The list under `key`, empty when there is none."""
    value = entry.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise MuseganError(f"{where}: {key} must be a list, not {value!r}")
    return value


def read_text(entry: Mapping[Any, Any], key: str, where: str) -> str:
    """The text under `key`, at least a character."""
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise MuseganError(f"{where}: {key} must be a text, not {value!r}")
    return value


def read_flag(entry: Mapping[Any, Any], key: str, where: str) -> bool:
    """The true or false under `key`, false when there is none."""
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise MuseganError(f"{where}: {key} must be true or false, not {value!r}")
    return value


def read_bounds(entry: Mapping[Any, Any], key: str, where: str) -> tuple[float, float]:
    """The [low, high] under `key`, low at most high."""
    value = entry[key]
    numbers = isinstance(value, list) and all(type(v) in (int, float) for v in value)
    if not numbers or len(value) != 2 or not value[0] <= value[1]:
        raise MuseganError(f"{where}: {key} must be [low, high], not {value!r}")
    return value[0], value[1]
