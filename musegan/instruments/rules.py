"""Rules that send a MIDI track to an ensemble track, and how they are read."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from musegan.errors import MuseganError
from musegan.instruments.checks import check_keys, read_bounds, read_flag, read_text
from musegan.song import Notes, Track

CONDITIONS = {"drums", "name", "programs", "register", "voices"}

_NO_WORD = re.compile(r"[\W\d_]+|(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])|(?<=\b[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class Rule:
    """Sends a MIDI track to an ensemble track or names why it is left out.

    Attributes:
        track: the ensemble track, None when the rule leaves the MIDI track out.
        skip: the reason for leaving out.
        drums: whether it is about tracks on the drum channel, or about the others.
        name: searched in the words of the track's name.
        programs: General MIDI programs.
        register: lowest and highest median pitch.
        voices: fewest and most notes struck together, on average.
    """

    track: str | None
    skip: str = ""
    drums: bool = False
    name: re.Pattern[str] | None = None
    programs: frozenset[int] | None = None
    register: tuple[float, float] | None = None
    voices: tuple[float, float] | None = None

    def fits(self, track: Track) -> bool:
        """Whether every condition of the rule holds for `track`."""
        return (
            track.is_drum == self.drums
            and (self.name is None or self.name.search(words(track.name)) is not None)
            and (self.programs is None or track.program in self.programs)
            and (self.register is None or _within(_middle(track.notes), self.register))
            and (self.voices is None or _within(_voices(track.notes), self.voices))
        )


@lru_cache(1024)
def words(name: str) -> str:
    """The words of a track's name: digits and marks as spaces, and a space where case rises."""
    return _NO_WORD.sub(" ", name).strip()


def _middle(notes: Notes) -> float:
    return float(np.median(notes.pitch)) if len(notes) else 60.0


def _voices(notes: Notes) -> float:
    return len(notes) / len(np.unique(notes.start)) if len(notes) else 1.0


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def parse_rule(entry: Any, tracks: Collection[str], source: str) -> Rule:
    """A rule from parsed YAML, about the ensemble tracks named `tracks`.

    Raises:
        MuseganError: the entry is no valid rule; the message names `source` and the entry.
    """
    where = f"{source}: rule {entry!r}"
    if not isinstance(entry, Mapping) or ("track" in entry) == ("skip" in entry):
        raise MuseganError(f"{where}: a rule needs either 'track' or 'skip'")
    check_keys(entry, {"track", "skip", *CONDITIONS}, where)
    if "track" in entry and entry["track"] not in tracks:
        raise MuseganError(f"{where}: no such track; there are {', '.join(tracks)}")
    return Rule(
        entry.get("track"),
        read_text(entry, "skip", where) if "skip" in entry else "",
        read_flag(entry, "drums", where),
        _parse_name(read_text(entry, "name", where), where) if "name" in entry else None,
        _parse_programs(entry["programs"], where) if "programs" in entry else None,
        read_bounds(entry, "register", where) if "register" in entry else None,
        read_bounds(entry, "voices", where) if "voices" in entry else None,
    )


def _parse_name(pattern: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as problem:
        raise MuseganError(f"{where}: name is no regular expression ({problem})") from problem


def _parse_programs(entries: Any, where: str) -> frozenset[int]:
    programs: set[int] = set()
    for entry in entries if isinstance(entries, list) else [entries]:
        match = re.fullmatch(r"(\d{1,3})(?:-(\d{1,3}))?", str(entry))
        low, high = (int(match[1]), int(match[2] or match[1])) if match else (-1, -1)
        if not 0 <= low <= high <= 127:
            raise MuseganError(f"{where}: programs lie within 0-127, not {entry!r}")
        programs.update(range(low, high + 1))
    return frozenset(programs)
