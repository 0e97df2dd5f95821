"""Which track of a file plays which track of an ensemble: by its rules, or as a musician says.

A wish is the name of an ensemble track, `bass`, or gives one of the file's tracks a part of it:
`Voice=lead`. The file's tracks go by their names or, where names do not tell them apart, by their
numbers from 1 on, and those that the rules give a part by that part's name too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from musegan.errors import MuseganError
from musegan.instruments import Ensemble
from musegan.instruments.naming import find_name
from musegan.song import Multitrack


@dataclass(frozen=True)
class Cast:
    """Which track of a song plays which track of an ensemble.

    Attributes:
        parts: for each track of the song its ensemble track, or why it has none.
        chosen: for each track of the song, whether a wish means it.
        wished: the ensemble tracks that wishes mean, in the ensemble's order.
    """

    parts: tuple[int | str, ...]
    chosen: tuple[bool, ...]
    wished: tuple[int, ...]

    def players(self, part: int) -> list[int]:
        """Numbers of the song's tracks that play an ensemble track."""
        return [number for number, mine in enumerate(self.parts) if mine == part]


def cast(song: Multitrack, ensemble: Ensemble, wishes: Sequence[str] | None) -> Cast:
    """Give each track of a song its part.

    Args:
        song: whose tracks they are.
        ensemble: the parts there are, and the rules.
        wishes: see the module docstring; None means every track that has a part.

    Raises:
        MuseganError: a wish names an ensemble track or a track of the song that is not there.
    """
    parts = [ensemble.place(track) for track in song.tracks]
    if wishes is None:
        chosen = [isinstance(part, int) for part in parts]
        wished = {part for part in parts if isinstance(part, int)}
        return Cast(tuple(parts), tuple(chosen), tuple(sorted(wished)))
    named: dict[int, int] = {}
    whole: set[int] = set()
    for wish in wishes:
        name, given, part = (text.strip() for text in wish.rpartition("="))
        if given:
            mine = ensemble.index(part)
            named |= dict.fromkeys(meant(song, ensemble, name), mine)
        else:
            whole.add(_part(song, ensemble, part))
    for number, part_of in named.items():
        parts[number] = part_of
    chosen = [number in named or part in whole for number, part in enumerate(parts)]
    return Cast(tuple(parts), tuple(chosen), tuple(sorted(whole | set(named.values()))))


def meant(song: Multitrack, ensemble: Ensemble, name: str) -> list[int]:
    """What `find_tracks` finds.

    Raises:
        MuseganError: it finds none.
    """
    found = find_tracks(song, ensemble, name)
    if not found:
        raise MuseganError(
            f"no track or part '{name}' in the song: it has {track_list(song, ensemble)}"
        )
    return found


def find_tracks(song: Multitrack, ensemble: Ensemble, name: str) -> list[int]:
    """Numbers from 0 of the tracks that `name` means: called or numbered so, else in that part."""
    if found := _numbers(song, name):
        return found
    part = find_name(name, ensemble.names)
    return [n for n, track in enumerate(song.tracks) if ensemble.place(track) == part]


def track_list(song: Multitrack, ensemble: Ensemble) -> str:
    """The song's tracks in words, each with its number and what the rules make of it."""
    return ", ".join(
        f"{number} '{track.name}' ({_part_name(ensemble, ensemble.place(track))})"
        for number, track in enumerate(song.tracks, 1)
    )


def _part(song: Multitrack, ensemble: Ensemble, name: str) -> int:
    if (part := find_name(name, ensemble.names)) is not None:
        return part
    called = _numbers(song, name)
    placed = ensemble.place(song.tracks[called[0]]) if called else None
    likely = ensemble.names[placed if isinstance(placed, int) else -1]
    track = name if len(called) == 1 else called[0] + 1 if called else 1
    raise MuseganError(
        f"no part '{name}' (there are {', '.join(ensemble.names)}): the song has "
        f"{track_list(song, ensemble)}; say which part a track plays, as in '{track}={likely}'"
    )


def _numbers(song: Multitrack, name: str) -> list[int]:
    """The tracks called `name`, in any case, or else the one of that number."""
    same = [n for n, track in enumerate(song.tracks) if track.name.casefold() == name.casefold()]
    if not same and name.isdecimal() and 0 < int(name) <= len(song.tracks):
        return [int(name) - 1]
    return same


def _part_name(ensemble: Ensemble, part: int | str) -> str:
    return ensemble.names[part] if isinstance(part, int) else "no part"
