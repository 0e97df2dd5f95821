r"""Ensembles: the ordered tracks a model knows, and the rules that place a MIDI track in one.

An ensemble is a YAML file:

    name: duo
    tracks:
      - {name: drums, drums: true, range: [35, 81]}
      - {name: piano, program: 0, range: [24, 107]}
    rules:                                   # the first that fits decides
      - {track: drums, drums: true}          # a track on the drum channel
      - {track: piano, name: '\b(piano|keys)\b'}             # a regular expression, any case
      - {track: piano, programs: [0-23], register: [0, 127]}   # GM programs, median pitch
      - {track: piano, voices: [1, 2.4]}     # notes struck together, on average
      - {skip: 'no place in a duo'}          # the reason a person is told

A `name` is searched in the words of the track's name: "Lead_2(Gtr)" reads "Lead Gtr" and "EBass"
"E Bass", so that `\b` finds where an instrument's name begins and ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from musegan.errors import MuseganError
from musegan.pianoroll import Phrases
from musegan.song import Key, Meter, Multitrack, Notes, Tempo, Track

DRUM_HIT_BEATS = 0.25  # a drum has no length; writers need one that every sampler accepts
TICKS_PER_STEP = 40


@dataclass(frozen=True)
class EnsembleTrack:
    """A track a model knows.

    Attributes:
        name: what the musician calls it.
        program: the General MIDI program it is written with, 0..127.
        is_drum: whether it goes on the drum channel.
        low: lowest MIDI pitch it plays.
        high: highest MIDI pitch it plays, at least an octave above `low`.
    """

    name: str
    program: int
    is_drum: bool
    low: int
    high: int


@dataclass(frozen=True)
class Rule:
    """Sends a MIDI track to an ensemble track or names why it is left out."""

    track: str | None
    skip: str
    drums: bool
    name: re.Pattern[str] | None
    programs: frozenset[int] | None
    register: tuple[float, float] | None
    voices: tuple[float, float] | None = None

    def fits(self, track: Track) -> bool:
        """Whether every condition of the rule holds for `track`."""
        if track.is_drum != self.drums:
            return False
        if self.name is not None and not self.name.search(words(track.name)):
            return False
        if self.programs is not None and track.program not in self.programs:
            return False
        if self.register is not None and not _within(_middle(track.notes), self.register):
            return False
        return self.voices is None or _within(_voices(track.notes), self.voices)


def words(name: str) -> str:
    """The words of a track's name: digits and marks as spaces, and a space where case rises."""
    return re.sub(
        r"[\W\d_]+|(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])|(?<=\b[A-Z])(?=[A-Z][a-z])", " ", name
    ).strip()


def _middle(notes: Notes) -> float:
    return float(np.median(notes.pitch)) if len(notes) else 60.0


def _voices(notes: Notes) -> float:
    return len(notes) / len(np.unique(notes.start)) if len(notes) else 1.0


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


@dataclass(frozen=True)
class Ensemble:
    """The ordered tracks a model knows, with the rules that fill them from MIDI tracks."""

    name: str
    tracks: tuple[EnsembleTrack, ...]
    rules: tuple[Rule, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The tracks' names, in order."""
        return tuple(track.name for track in self.tracks)

    def index(self, name: str) -> int:
        """Position of the track called `name`; an error names the tracks there are."""
        if name not in self.names:
            raise MuseganError(
                f"no track '{name}': the {self.name} ensemble has {', '.join(self.names)}"
            )
        return self.names.index(name)

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
        """An ensemble without rules, as kept beside a dataset or a model."""
        return parse_ensemble({"name": name, "tracks": tracks}, name)


def to_multitrack(
    phrases: Phrases,
    index: int,
    ensemble: Ensemble,
    bpm: float = 120.0,
    key: Key | None = None,
    name: str = "",
) -> Multitrack:
    """Phrase `index` as a song in ticks, one track per ensemble track that plays.

    Drum hits are written with one fixed length: the grid gives them none that means anything.
    """
    grid = phrases.grid
    per_quarter = grid.steps_per_beat * grid.beat_unit // 4 or 1
    rows = slice(int(phrases.offsets[index]), int(phrases.offsets[index + 1]))
    track_of = phrases.track[rows]
    tracks = []
    for number, member in enumerate(ensemble.tracks):
        mine = np.flatnonzero(track_of == number) + rows.start
        if len(mine) == 0:
            continue
        duration = phrases.duration[mine].astype(np.int64) * TICKS_PER_STEP
        if member.is_drum:
            duration[:] = round(DRUM_HIT_BEATS * grid.steps_per_beat * TICKS_PER_STEP)
        notes = Notes(
            phrases.start[mine].astype(np.int64) * TICKS_PER_STEP,
            duration,
            phrases.pitch[mine].astype(np.int64),
            phrases.velocity[mine].astype(np.int64),
        )
        tracks.append(Track(notes, member.program, member.is_drum, member.name))
    return Multitrack(
        tuple(tracks),
        per_quarter * TICKS_PER_STEP,
        (Tempo(0, bpm),),
        (Meter(0, grid.beats_per_bar, grid.beat_unit),),
        (key,) if key is not None else (),
        name,
    )


@cache
def load_ensemble(name_or_path: str = "band") -> Ensemble:
    """The ensemble of that name that ships, or the one in that YAML file.

    Raises:
        MuseganError: there is none of that name, or the file is not a valid ensemble.
    """
    path = Path(name_or_path)
    if path.suffix in (".yaml", ".yml"):
        if not path.is_file():
            raise MuseganError(f"{path}: no such ensemble file")
        text = path.read_text(encoding="utf-8")
    else:
        home = resources.files("musegan") / "ensembles"
        shipped = sorted(item.name[:-5] for item in home.iterdir() if item.name.endswith(".yaml"))
        if name_or_path not in shipped:
            raise MuseganError(
                f"no ensemble '{name_or_path}': there are {', '.join(shipped)}; "
                "for your own, give the path of a .yaml file"
            )
        text = (home / f"{name_or_path}.yaml").read_text(encoding="utf-8")
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        raise MuseganError(
            f"{name_or_path}: not valid YAML ({problem})".replace("\n", " ")
        ) from problem
    return parse_ensemble(data, name_or_path)


def parse_ensemble(data: Any, source: str) -> Ensemble:
    """An ensemble from parsed YAML or JSON; errors name `source` and the entry at fault."""
    if not isinstance(data, Mapping) or not data.get("tracks"):
        raise MuseganError(f"{source}: an ensemble needs 'name' and a list of 'tracks'")
    _check_keys(data, {"name", "tracks", "rules"}, source)
    tracks = tuple(_parse_track(entry, source) for entry in data["tracks"])
    names = [track.name for track in tracks]
    if len(set(names)) < len(names):
        raise MuseganError(f"{source}: two tracks share a name")
    rules = tuple(_parse_rule(entry, names, source) for entry in data.get("rules") or ())
    return Ensemble(str(data.get("name", source)), tracks, rules)


def _parse_track(entry: Any, source: str) -> EnsembleTrack:
    if not isinstance(entry, Mapping) or "name" not in entry:
        raise MuseganError(f"{source}: each track needs a name, found {entry!r}")
    where = f"{source}: track '{entry['name']}'"
    _check_keys(entry, {"name", "program", "drums", "range"}, where)
    low, high = map(int, _parse_pair(entry.get("range", [0, 127]), where))
    program = entry.get("program", 0)
    if not isinstance(program, int) or not 0 <= program <= 127:
        raise MuseganError(f"{where}: program must be a whole number in 0..127, not {program!r}")
    if not 0 <= low <= high - 11 <= 116:
        raise MuseganError(f"{where}: range must span an octave or more within 0..127")
    return EnsembleTrack(str(entry["name"]), program, bool(entry.get("drums", False)), low, high)


def _parse_rule(entry: Any, names: list[str], source: str) -> Rule:
    where = f"{source}: rule {entry!r}"
    if not isinstance(entry, Mapping) or ("track" in entry) == ("skip" in entry):
        raise MuseganError(f"{where}: a rule needs either 'track' or 'skip'")
    _check_keys(entry, {"track", "skip", "drums", "name", "programs", "register", "voices"}, where)
    if "track" in entry and entry["track"] not in names:
        raise MuseganError(f"{where}: no such track; there are {', '.join(names)}")
    try:
        pattern = re.compile(entry["name"], re.IGNORECASE) if "name" in entry else None
    except re.error as problem:
        raise MuseganError(f"{where}: not a regular expression ({problem})") from problem
    programs = _parse_programs(entry["programs"], where) if "programs" in entry else None
    register = _parse_pair(entry["register"], where) if "register" in entry else None
    voices = _parse_pair(entry["voices"], where) if "voices" in entry else None
    return Rule(
        entry.get("track"),
        str(entry.get("skip", "")),
        bool(entry.get("drums", False)),
        pattern,
        programs,
        register,
        voices,
    )


def _parse_programs(entries: Any, where: str) -> frozenset[int]:
    programs: set[int] = set()
    for entry in entries if isinstance(entries, list) else [entries]:
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", str(entry))
        low, high = (int(match[1]), int(match[2] or match[1])) if match else (-1, -1)
        if not 0 <= low <= high <= 127:
            raise MuseganError(f"{where}: programs lie within 0-127, not {entry!r}")
        programs.update(range(low, high + 1))
    return frozenset(programs)


def _parse_pair(value: Any, where: str) -> tuple[float, float]:
    numbers = isinstance(value, list) and all(type(v) in (int, float) for v in value)
    if not numbers or len(value) != 2 or value[0] > value[1]:
        raise MuseganError(f"{where}: expected [low, high], found {value!r}")
    return value[0], value[1]


def _check_keys(entry: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(map(str, entry)) - known)
    if unknown:
        raise MuseganError(
            f"{where}: unknown key '{unknown[0]}'; known are {', '.join(sorted(known))}"
        )
