"""Some MIDI files into phrases, and why others gave none: the part of `prepare` workers share."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from musegan.data.cutting import Cut
from musegan.data.phrasing import PlacedSong, SongPhrases, phrase_songs, place_songs
from musegan.instruments import Ensemble
from musegan.midi import read_songs
from musegan.pianoroll import Grid
from musegan.song import Multitrack
from pipelines.shard_flow import Fault, as_options, check_shares
from pipelines.sources import Source

_NO_STYLE = "has no style in the table of styles"


@dataclass(frozen=True)
class Settings:
    """What all phrases of a dataset are made with.

    Attributes:
        ensemble: the tracks and the rules that fill them.
        grid: meter and steps.
        cut: how phrases are cut.
        valid: share of songs held out for validation, 0..1.
        test: share of songs held out for tests, 0..1.
    """

    ensemble: Ensemble
    grid: Grid
    cut: Cut
    valid: float = 0.1
    test: float = 0.1

    def check(self) -> None:
        """See that the numbers make sense together.

        Raises:
            MuseganError: one is out of range; the message names it.
        """
        self.cut.check(self.grid)
        check_shares(self.valid, self.test)

    def describe(self) -> dict[str, Any]:
        """The settings as plain data."""
        rules = repr((self.ensemble.tracks, self.ensemble.rules)).encode()
        return {
            "ensemble": self.ensemble.name,
            "rules": hashlib.blake2b(rules, digest_size=8).hexdigest(),
            "grid": asdict(self.grid),
            **asdict(self.cut),
            "valid": self.valid,
            "test": self.test,
        }


def as_prepare_options(settings: dict[str, Any]) -> dict[str, Any]:
    """What `Settings.describe` gave, by the options of `musegan prepare midi` that say it."""
    rest = dict(settings)
    grid, ensemble, rules = (rest.pop(name) for name in ("grid", "ensemble", "rules"))
    return {
        "--meter": f"{grid['beats_per_bar']}/{grid['beat_unit']}",
        "--steps-per-beat": grid["steps_per_beat"],
        "--ensemble": f"{ensemble} (rules {rules})",
        **as_options(rest),
    }


class Song(NamedTuple):
    """What a dataset keeps of a file that gave phrases.

    Attributes:
        hash: of its notes.
        notes: notes on each ensemble track in the whole song.
        left_out: MIDI tracks and parts that are not used, in words.
    """

    hash: int
    notes: tuple[int, ...]
    left_out: tuple[str, ...]


class Chunk(NamedTuple):
    """What was made of some files.

    Attributes:
        songs: each file's song, or the reason there is none.
        faults: what kept each file from being looked at.
        phrases: of all files; `phrases.song` is the index of the file.
    """

    songs: list[Song | str]
    faults: list[Fault]
    phrases: SongPhrases


def phrase_files(sources: Sequence[Source], settings: Settings) -> Chunk:
    """The phrases of up to `MOST_SONGS` files; a file that cannot be used is no error."""
    styled = iter(read_songs([item.path for item in sources if item.style]))
    read = [next(styled) if item.style else _NO_STYLE for item in sources]
    music = [song for song in read if isinstance(song, Multitrack)]
    rest = iter(place_songs(music, settings.ensemble, settings.grid, settings.cut))
    placed = [next(rest) if isinstance(song, Multitrack) else song for song in read]
    found = {at: song for at, song in enumerate(placed) if isinstance(song, PlacedSong)}
    phrases = phrase_songs(list(found.values()), settings.ensemble, settings.grid, settings.cut)
    phrases = replace(phrases, song=np.array(list(found), np.int64)[phrases.song])
    songs = [song if isinstance(song, str) else _kept(song, settings) for song in placed]
    for index in set(found) - set(phrases.song.tolist()):
        songs[index] = too_poor(settings.cut)
    return Chunk(songs, [_fault(song) for song in read], phrases)


def _fault(read: Multitrack | str) -> Fault:
    if isinstance(read, Multitrack):
        return ""
    return "unlabelled" if read == _NO_STYLE else "unreadable"


def _kept(song: PlacedSong, settings: Settings) -> Song:
    notes = np.bincount(song.events.track, minlength=len(settings.ensemble.tracks))
    return Song(song.hash, tuple(notes.tolist()), song.left_out)


def too_poor(cut: Cut) -> str:
    """Why a song with bars enough gives no phrases, in words."""
    return (
        f"no {cut.bars} bars in which {cut.min_tracks} or more tracks play "
        f"{cut.min_notes} or more notes"
    )
