"""The tracks a model knows, as they are shipped, written by a user, or kept beside a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from musegan.errors import MuseganError
from musegan.instruments.checks import check_keys, read_bounds, read_flag, read_list, read_text
from musegan.instruments.naming import find_name
from musegan.instruments.rules import Rule, parse_rule
from musegan.song import Track

MAX_TRACKS = 128
LOWEST, HIGHEST = 24, 107  # C1 to B7, the pitches networks know


@dataclass(frozen=True)
class EnsembleTrack:
    """A track a model knows.

    Attributes:
        name: what the musician calls it.
        program: the General MIDI program it is written with, 0..127.
        is_drum: whether it goes on the drum channel.
        low: lowest MIDI pitch it plays, `LOWEST` or more.
        high: highest MIDI pitch it plays, at least an octave above `low`, at most `HIGHEST`.
    """

    name: str
    program: int
    is_drum: bool
    low: int
    high: int


@dataclass(frozen=True)
class Ensemble:
    """The ordered tracks a model knows, with the rules that fill them from MIDI tracks."""

    name: str
    tracks: tuple[EnsembleTrack, ...]
    rules: tuple[Rule, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The tracks' names, in order."""
        return tuple(track.name for track in self.tracks)

    @property
    def drums(self) -> NDArray[np.bool_]:
        """(tracks,) whether each track is drums, whose pitches are no pitches."""
        return np.array([track.is_drum for track in self.tracks], bool)

    def index(self, name: str) -> int:
        """Position of the track called `name`, see `find_name`; an error names those there are."""
        found = find_name(name, self.names)
        if found is None:
            raise MuseganError(
                f"no track '{name}': the {self.name} ensemble has {', '.join(self.names)}"
            )
        return found

    def place(self, track: Track) -> int | str:
        """The ensemble track a MIDI track belongs to, or the reason it has none."""
        for rule in self.rules:
            if rule.fits(track):
                return self.index(rule.track) if rule.track is not None else rule.skip
        kind = "drum track" if track.is_drum else f"program {track.program}"
        return f"no rule of the {self.name} ensemble fits {kind} '{track.name}'"

    def describe(self) -> list[dict[str, Any]]:
        """The tracks as plain data, for JSON; `from_description` reads it back."""
        return [
            {
                "name": t.name,
                "program": t.program,
                "drums": t.is_drum,
                "range": [t.low, t.high],
            }
            for t in self.tracks
        ]

    @classmethod
    def from_description(cls, name: str, tracks: list[dict[str, Any]]) -> Ensemble:
        """An ensemble without rules, as kept beside a dataset or a model.

        Raises:
            MuseganError: the tracks are none; see `parse_ensemble`.
        """
        return parse_ensemble({"name": name, "tracks": tracks}, name)


@cache
def load_ensemble(name_or_path: str = "band") -> Ensemble:
    """The ensemble of that name that ships, or the one in that YAML file.

    Raises:
        MuseganError: there is none of that name, or the file is not a valid ensemble.
    """
    text = (
        _read_file(Path(name_or_path))
        if name_or_path.endswith((".yaml", ".yml"))
        else _read_shipped(name_or_path)
    )
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        reason = " ".join(str(problem).split())
        raise MuseganError(f"{name_or_path}: not valid YAML ({reason})") from problem
    return parse_ensemble(data, name_or_path)


def _read_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise MuseganError(f"{path}: no such ensemble file; check the name") from None
    except OSError as problem:
        raise MuseganError(f"{path}: cannot be read ({problem.strerror})") from problem
    except UnicodeDecodeError:
        raise MuseganError(f"{path}: not a text file; an ensemble is YAML in UTF-8") from None


def _read_shipped(name: str) -> str:
    home = resources.files("musegan") / "ensembles"
    shipped = sorted(item.name[:-5] for item in home.iterdir() if item.name.endswith(".yaml"))
    if name not in shipped:
        raise MuseganError(
            f"no ensemble '{name}': there are {', '.join(shipped)}; "
            "for your own, give the path of a .yaml file"
        )
    return (home / f"{name}.yaml").read_text(encoding="utf-8")


def parse_ensemble(data: Any, source: str) -> Ensemble:
    """An ensemble from parsed YAML or JSON.

    Raises:
        MuseganError: the data is no ensemble; the message names `source` and the entry at fault.
    """
    if not isinstance(data, Mapping) or not data.get("tracks"):
        raise MuseganError(f"{source}: an ensemble needs a list of 'tracks'")
    check_keys(data, {"name", "tracks", "rules"}, source)
    tracks = tuple(_parse_track(entry, source) for entry in read_list(data, "tracks", source))
    names = [track.name for track in tracks]
    if len(set(names)) < len(names):
        raise MuseganError(f"{source}: two tracks share a name")
    if len(tracks) > MAX_TRACKS:
        raise MuseganError(f"{source}: {len(tracks)} tracks, the limit is {MAX_TRACKS}")
    rules = tuple(parse_rule(entry, names, source) for entry in read_list(data, "rules", source))
    name = read_text(data, "name", source) if "name" in data else Path(source).stem
    return Ensemble(name, tracks, rules)


def _parse_track(entry: Any, source: str) -> EnsembleTrack:
    if not isinstance(entry, Mapping) or "name" not in entry:
        raise MuseganError(f"{source}: each track needs a name, found {entry!r}")
    name = read_text(entry, "name", f"{source}: track {entry!r}")
    where = f"{source}: track '{name}'"
    check_keys(entry, {"name", "program", "drums", "range"}, where)
    low, high = read_bounds(entry, "range", where) if "range" in entry else (LOWEST, HIGHEST)
    program = entry.get("program", 0)
    if type(program) is not int or not 0 <= program <= 127:
        raise MuseganError(f"{where}: program must be a whole number in 0..127, not {program!r}")
    if not (low == int(low) and high == int(high) and LOWEST <= low <= high - 11 <= HIGHEST - 11):
        raise MuseganError(
            f"{where}: range must be whole pitches in {LOWEST}..{HIGHEST}, an octave or more, "
            f"not {low:g}..{high:g}"
        )
    return EnsembleTrack(name, program, read_flag(entry, "drums", where), int(low), int(high))
