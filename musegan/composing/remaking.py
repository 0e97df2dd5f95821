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


def with_new(
    left: Multitrack,
    asked: Cast,
    band: Ensemble,
    made: dict[int, Notes],
    before: Multitrack | None = None,
) -> Multitrack:
    """The song with new notes: shared out to the tracks of a part, or on one of its own.

    Args:
        left: the song without what is remade.
        asked: who plays what.
        band: the parts.
        made: new notes, by part.
        before: the song that tells in which register each track plays; None is `left`.
    """
    tracks = list(left.tracks)
    for part, notes in made.items():
        shares = _shared_out(notes, before or left, asked, part)
        for player, share in shares.items():
            old = tracks[player]
            tracks[player] = replace(old, notes=joined([old.notes, share]))
        if not shares and len(notes):
            tracks.append(as_track(band.tracks[part], notes))
    return replace(left, tracks=tuple(tracks))


def _shared_out(notes: Notes, song: Multitrack, asked: Cast, part: int) -> dict[int, Notes]:
    """Notes of a part by the tracks asked for: on that of the nearest register, or with most notes.

    So a second violin plays no notes of the cello, and a left hand none of the right.
    """
    players = [number for number in asked.players(part) if asked.chosen[number]]
    players.sort(key=lambda number: -len(song.tracks[number].notes))
    heard = [number for number in players if len(song.tracks[number].notes)] or players[:1]
    if not heard:
        return {}
    usual = np.array([_usual_pitch(song.tracks[number].notes) for number in heard])
    nearest = np.abs(notes.pitch[:, None] - usual).argmin(axis=1)
    shares = {number: notes[nearest == place] for place, number in enumerate(heard)}
    return {number: share for number, share in shares.items() if len(share) or number == players[0]}


def _usual_pitch(notes: Notes) -> float:
    return float(np.median(notes.pitch)) if len(notes) else 0.0


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
    drums = band.drums

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
