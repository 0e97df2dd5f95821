"""Which tracks of a song are played by which timbres, and whether drums are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from musegan.composing.casting import find_tracks, meant
from musegan.composing.drums import Kit, make_kit
from musegan.composing.model import shipped_model
from musegan.composing.timbres import (
    HITS,
    Instrument,
    Timbres,
    between,
    load_timbres,
    make_instrument,
)
from musegan.errors import MuseganError
from musegan.instruments import load_ensemble
from musegan.rendering.voices import Voice
from musegan.song import Multitrack

SOUNDFONT = "soundfont"
SECTIONS = 8  # of a song over which timbres drift


@dataclass(frozen=True)
class Orchestra:
    """Who plays the tracks of songs.

    Attributes:
        parts: `mix` for all tracks but drums, or `track=mix`, the track by its name, its number
            from 1 or its part in a band; later ones count more.
        model: the folder of a model of timbres; None is the one that ships.
        seed: which players.
        drift: how far players turn into others until the song ends, 0..1.
        drums: who plays drums: `soundfont`, `hits` (the model that ships), or a model's folder.
    """

    parts: tuple[str, ...]
    model: Path | None = None
    seed: int = 0
    drift: float = 0.0
    drums: str = SOUNDFONT


def check_orchestra(orchestra: Orchestra) -> None:
    """See that there are a model and its instruments.

    Raises:
        MuseganError: there are not.
    """
    for part in orchestra.parts:
        make_instrument(_timbres(orchestra.model), _split(part)[1], orchestra.seed)
    if orchestra.drums != SOUNDFONT:
        _kit(orchestra)


def check_tracks(songs: Iterable[Multitrack], orchestra: Orchestra) -> None:
    """See that each track asked for is in one of the songs at least; reads no more than it needs.

    Raises:
        MuseganError: one is in none of them.
    """
    missing = {track for track, _ in map(_split, orchestra.parts) if track is not None}
    heard = []
    for song in songs if missing else ():
        heard.append(song)
        missing = {track for track in missing if not find_tracks(song, load_ensemble(), track)}
        if not missing:
            return
    if len(heard) == 1:
        meant(heard[0], load_ensemble(), min(missing))
    elif heard:
        raise MuseganError(f"no track or part '{min(missing)}' in any of the {len(heard)} songs")


def voices_of(song: Multitrack, orchestra: Orchestra, name: str) -> dict[int, tuple[Voice, ...]]:
    """Who plays each track that is not left to the SoundFont, by the tracks' numbers from 0.

    A track asked for that the song lacks is played by nobody; see `check_tracks`, `remark_on`.

    Args:
        song: what is to be played.
        orchestra: who plays.
        name: what the song is called, for messages.

    Raises:
        MuseganError: an unknown instrument, or drums, which no timbre of notes plays.
    """
    voices: dict[int, tuple[Voice, ...]] = {}
    if orchestra.drums != SOUNDFONT:
        drums = [number for number, track in enumerate(song.tracks) if track.is_drum]
        voices = dict.fromkeys(drums, (_kit(orchestra),))
    for part in orchestra.parts:
        track, mix = _split(part)
        for number in _tracks(song, track, name):
            voices[number] = _players(_timbres(orchestra.model), mix, orchestra)
    return voices


def remark_on(song: Multitrack, orchestra: Orchestra, name: str) -> str:
    """Which timbres play nothing in the song called `name`, in a line; empty where all play."""
    unused: dict[str, list[str]] = {}
    for wanted, mix in map(_split, orchestra.parts):
        if not _tracks(song, wanted, name):
            why = "only drums" if wanted is None else f"no '{wanted}'"
            unused.setdefault(why, []).append(mix)
    told = [f"{why}, so no track is played with {' and '.join(unused[why])}" for why in unused]
    return f"{name}: {'; '.join(told)}" if told else ""


def _split(part: str) -> tuple[str | None, str]:
    track, equals, mix = part.rpartition("=")
    return (track.strip() if equals else None), mix


def _tracks(song: Multitrack, wanted: str | None, name: str) -> list[int]:
    if wanted is None:
        return [number for number, track in enumerate(song.tracks) if not track.is_drum]
    found = find_tracks(song, load_ensemble(), wanted)
    if any(song.tracks[number].is_drum for number in found):
        raise MuseganError(f"{name}: '{wanted}' are drums; give --drums for those")
    return found


def _players(timbres: Timbres, mix: str, orchestra: Orchestra) -> tuple[Instrument, ...]:
    first = make_instrument(timbres, mix, orchestra.seed)
    if not orchestra.drift:
        return (first,)
    last = make_instrument(timbres, mix, orchestra.seed + 1)
    return tuple(
        between(first, last, orchestra.drift * section / (SECTIONS - 1))
        for section in range(SECTIONS)
    )


def _kit(orchestra: Orchestra) -> Kit:
    folder = shipped_model(HITS) if orchestra.drums == HITS else Path(orchestra.drums)
    return make_kit(_timbres(folder), orchestra.seed)


@lru_cache(maxsize=3)
def _timbres(model: Path | None) -> Timbres:
    return load_timbres(model)
