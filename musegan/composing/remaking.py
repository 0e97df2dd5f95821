"""Notes of a song taken out and new ones put in their place, all else as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from musegan.composing.casting import Cast
from musegan.composing.joining import room
from musegan.composing.songs import as_track, joined
from musegan.instruments import Ensemble
from musegan.pianoroll import PITCHES, Phrases
from musegan.song import IntArray, Multitrack, Notes, Span, within


def without(song: Multitrack, asked: Cast, spans: Sequence[Span]) -> Multitrack:
    """The song without the notes that begin within `spans` in the tracks asked for."""
    return replace(
        song,
        tracks=tuple(
            replace(track, notes=track.notes[~within(track.notes.start, spans)])
            if chosen
            else track
            for track, chosen in zip(song.tracks, asked.chosen, strict=True)
        ),
    )


def with_new(left: Multitrack, asked: Cast, band: Ensemble, made: dict[int, Notes]) -> Multitrack:
    """The song with new notes: on the track that plays most of a part, or one of its own."""
    tracks = list(left.tracks)
    for part, notes in made.items():
        player = main_player(left, asked, part)
        if player is not None:
            old = tracks[player]
            tracks[player] = replace(old, notes=joined([old.notes, notes]))
        elif len(notes):
            tracks.append(as_track(band.tracks[part], notes))
    return replace(left, tracks=tuple(tracks))


def main_player(song: Multitrack, asked: Cast, part: int) -> int | None:
    """The number of the track asked for that plays most of a part; None where none plays it."""
    players = [number for number in asked.players(part) if asked.chosen[number]]
    return max(players, key=lambda number: len(song.tracks[number].notes), default=None)


def by_track(asked: Cast, spans: Mapping[int, Sequence[Span]]) -> dict[int, tuple[Span, ...]]:
    """Spans of ensemble tracks as those of the song's tracks asked for, by their numbers."""
    return {
        number: tuple(spans[part])
        for part in spans
        for number in asked.players(part)
        if asked.chosen[number]
    }


def beside_others(notes: Notes, left: Multitrack, asked: Cast, part: int) -> Notes:
    """Notes of a part with room for what its players still play."""
    there = joined([left.tracks[number].notes for number in asked.players(part)])
    until = room(notes.pitch, notes.start, there.pitch, there.start, there.end)
    length = np.minimum(notes.duration, until - notes.start)
    return replace(notes, duration=length)[length > 0]


def not_yet_struck(made: Phrases, given: Phrases, band: Ensemble) -> Phrases:
    """Made notes, save where a given note is struck at the same step: it was played early.

    On drums, which strike together, it has to be the same drum.
    """
    drums = np.array([track.is_drum for track in band.tracks])

    def struck(notes: Phrases) -> IntArray:
        cell = notes.track.astype(np.int64) * notes.steps + notes.start
        spot: IntArray = cell * PITCHES + np.where(drums[notes.track], notes.pitch, 0)
        return spot

    return made.keep(~np.isin(struck(made), struck(given)))


def unheard(song: Multitrack, asked: Cast) -> list[str]:
    """A remark for each track that has no part, and so stays as it is."""
    return [
        f"track '{track.name}' stays, but the model does not hear it ({part})"
        for track, part in zip(song.tracks, asked.parts, strict=True)
        if isinstance(part, str)
    ]
