"""From songs in ticks to phrases on the grid: place, find the bars, quantise, cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from musegan.data.bars import Stretch, find_stretches
from musegan.data.cutting import MOST_BARS, Cut, Line, cut_phrases, quantise, rich_enough
from musegan.data.dedupe import phrase_hashes, song_hashes
from musegan.data.events import Events, concatenate_events, no_place, place, place_all
from musegan.data.meters import bar_ticks, keys_at, meter_of
from musegan.data.runs import Runs
from musegan.errors import MuseganError
from musegan.instruments import Ensemble
from musegan.pianoroll import Grid, Phrases
from musegan.song import IntArray, Multitrack, seconds_in


@dataclass(frozen=True)
class PlacedSong:
    """A song in an ensemble, with its bars found.

    Attributes:
        song: as it was read.
        events: its notes by ensemble track, in ticks.
        stretches: where it has bars of the grid's meter, each long enough for a phrase.
        bar_ticks: ticks in such a bar.
        hash: of the notes; equal for transposed copies.
        left_out: MIDI tracks without a place and parts that are not used, in words.
    """

    song: Multitrack
    events: Events
    stretches: tuple[Stretch, ...]
    bar_ticks: int
    hash: int
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class SongPhrases:
    """Phrases of several songs, in the order of the songs.

    Attributes:
        phrases: canonical, P of them.
        song: (P,) int64 index of the song.
        bar: (P,) int32 number of the first bar in the song, from 0.
        bpm: (P,) float32 quarter notes a minute over the phrase.
        key: (P,) the key the file states where the phrase begins, such as `F# minor`; or None.
        hashes: (P,) uint64, equal for phrases that differ by transposition or octave only.
    """

    phrases: Phrases
    song: IntArray
    bar: NDArray[np.int32]
    bpm: NDArray[np.float32]
    key: list[str | None]
    hashes: NDArray[np.uint64]


def place_songs(
    songs: Sequence[Multitrack], ensemble: Ensemble, grid: Grid, cut: Cut
) -> list[PlacedSong | str]:
    """Songs made ready for `phrase_songs`; of one that has no phrases to give, the reason."""
    events, sizes, left_out = place_all(songs, ensemble)
    seated = [song for song, size in zip(songs, sizes.tolist(), strict=True) if size]
    runs = Runs(sizes[sizes > 0])
    found = find_stretches(seated, events, runs, grid, cut.bars)
    hashes = song_hashes(events, runs, [song.ticks_per_quarter for song in seated])
    rest = zip(found, hashes, runs.slices, strict=True)
    placed: list[PlacedSong | str] = []
    for song, size, outside in zip(songs, sizes.tolist(), left_out, strict=True):
        if not size:
            placed.append(no_place(outside))
            continue
        (stretches, unused), hashed, rows = next(rest)
        bars = sum(stretch.bars for stretch in stretches)
        if not bars:
            only = unused or "a few notes"
            placed.append(f"no {cut.bars} bars of {meter_of(grid)} in a row (only {only})")
        elif bars > MOST_BARS:
            placed.append(f"has {bars} bars, more than a song; split it")
        else:
            words = (*outside, *([unused] if unused else []))
            ticks = bar_ticks(song, grid)
            placed.append(PlacedSong(song, events[rows], tuple(stretches), ticks, hashed, words))
    return placed


def place_song(song: Multitrack, ensemble: Ensemble, grid: Grid, cut: Cut) -> PlacedSong:
    """A song made ready for `phrase_songs`.

    Raises:
        MuseganError: the song has no phrases to give; the message says why.
    """
    (placed,) = place_songs([song], ensemble, grid, cut)
    if isinstance(placed, str):
        raise MuseganError(placed)
    return placed


def phrase_songs(
    songs: Sequence[PlacedSong], ensemble: Ensemble, grid: Grid, cut: Cut
) -> SongPhrases:
    """The phrases of up to `MOST_SONGS` songs that hold what `cut` asks for."""
    stretches = [stretch for song in songs for stretch in song.stretches]
    counts = [len(song.stretches) for song in songs]
    ticks = [song.bar_ticks for song in songs for _ in song.stretches]
    line = Line.of(stretches, ticks)
    events = concatenate_events([song.events for song in songs])
    steps = quantise(events, _stretch_of_notes(songs, grid), line, grid)
    phrases, first = cut_phrases(steps, line, cut, grid)
    rich = rich_enough(phrases, cut)
    if not rich.all():
        phrases, first = phrases.select(rich), first[rich]
    stretch = np.searchsorted(line.first, first, side="right") - 1
    begin = line.start[stretch] + (first - line.first[stretch]) * line.ticks[stretch]
    owner = np.repeat(np.arange(len(songs)), counts)[stretch]
    music = [song.song for song in songs]
    span = np.stack((begin, begin + cut.bars * line.ticks[stretch]))
    seconds = seconds_in(music, owner, span)
    mine = _runs(owner, begin, len(songs))
    return SongPhrases(
        phrases,
        owner,
        np.maximum(begin // line.ticks[stretch], 0).astype(np.int32),
        (60 * cut.bars * grid.quarters_per_bar / (seconds[1] - seconds[0])).astype(np.float32),
        [key for song, ticks in zip(music, mine, strict=True) for key in keys_at(song, ticks)],
        phrase_hashes(phrases, ensemble.drums),
    )


def phrase_song(song: Multitrack, ensemble: Ensemble, grid: Grid, cut: Cut) -> SongPhrases:
    """The phrases of one song.

    Raises:
        MuseganError: the song has no phrases to give; the message says why.
    """
    return phrase_songs([place_song(song, ensemble, grid, cut)], ensemble, grid, cut)


def whole_phrase(song: Multitrack, ensemble: Ensemble, grid: Grid, bars: int) -> Phrases:
    """A song as one phrase: its first `bars` bars from tick 0 on, rests included.

    Raises:
        MuseganError: no track has a place in the ensemble.
    """
    events, _ = place(song, ensemble)
    return stretch_phrase(events, Stretch(0, bars), bar_ticks(song, grid), grid)


def stretch_phrase(events: Events, stretch: Stretch, ticks: int, grid: Grid) -> Phrases:
    """The notes that begin in a stretch as one phrase of all its bars.

    Args:
        events: notes in ticks.
        stretch: where the bars lie.
        ticks: length of a bar.
        grid: whose steps the notes are put on.
    """
    line = Line.of([stretch], [ticks])
    steps = quantise(events, np.zeros(len(events), np.int64), line, grid)
    columns = (steps.track, steps.start, steps.duration, steps.pitch, steps.velocity)
    phrase = np.zeros(len(steps), np.int64)
    return Phrases.from_columns(phrase, *columns, 1, grid, stretch.bars).canonical()


def _runs(owner: IntArray, values: IntArray, count: int) -> list[IntArray]:
    """`values` by owner, for owners 0..count - 1 in ascending order."""
    bounds = np.searchsorted(owner, np.arange(count + 1))
    return [values[a:b] for a, b in pairwise(bounds.tolist())]


def _stretch_of_notes(songs: Sequence[PlacedSong], grid: Grid) -> IntArray:
    """(notes,) number of the last stretch that begins before each note is half a step over."""
    numbers, base = [np.zeros(0, np.int64)], 0
    for song in songs:
        half = song.bar_ticks / (2 * grid.steps_per_bar)
        number = np.full(len(song.events), base)
        for stretch in song.stretches[1:]:
            number += song.events.start >= stretch.start - half
        numbers.append(number)
        base += len(song.stretches)
    return np.concatenate(numbers)
