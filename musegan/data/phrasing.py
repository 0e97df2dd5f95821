"""From a song in ticks to phrases on the grid: place, quantise, cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musegan.data.bars import Stretch, bar_ticks, find_stretches, keys_at, seconds_at
from musegan.data.dedupe import phrase_hashes, song_hash
from musegan.errors import MuseganError
from musegan.instruments import Ensemble
from musegan.pianoroll import Grid, Phrases, concatenate
from musegan.song import IntArray, Multitrack


@dataclass(frozen=True)
class Cut:
    """How songs are cut into phrases.

    Attributes:
        bars: bars a phrase.
        hop: bars from one phrase's start to the next one's.
        min_tracks: ensemble tracks that must play in a phrase.
        min_notes: notes a phrase must hold.
    """

    bars: int = 4
    hop: int = 1
    min_tracks: int = 1
    min_notes: int = 8


@dataclass(frozen=True)
class SongPhrases:
    """The phrases of one song.

    Attributes:
        phrases: canonical, (P,) of them.
        bar: (P,) int32 number of the first bar in the song, from 0.
        bpm: (P,) float32 quarter notes a minute over the phrase.
        key: (P,) the key the file states where the phrase begins, such as `F# minor`; or None.
        hashes: (P,) uint64, equal for phrases that differ by transposition or octave.
        song: hash of the song's notes, equal for transposed copies.
        counts: notes on each ensemble track in the whole song.
        left_out: MIDI tracks without a place and stretches that were not used, in words.
    """

    phrases: Phrases
    bar: NDArray[np.int32]
    bpm: NDArray[np.float32]
    key: list[str | None]
    hashes: NDArray[np.uint64]
    song: int
    counts: tuple[int, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Events:
    """A song's notes in its ensemble: equal-length int64 columns, in ticks."""

    track: IntArray
    start: IntArray
    duration: IntArray
    pitch: IntArray
    velocity: IntArray


def place(song: Multitrack, ensemble: Ensemble) -> tuple[Events, list[str]]:
    """The notes of a song by ensemble track, and the tracks that found no place.

    Notes beyond a track's range are folded in by octaves; drums beyond it are dropped.
    """
    placed, left_out = [], []
    for track in song.tracks:
        if not len(track.notes):
            continue
        where = ensemble.place(track)
        if isinstance(where, str):
            left_out.append(f"track '{track.name}': {where}")
            continue
        member, notes = ensemble.tracks[where], track.notes
        low, high = int(notes.pitch.min()), int(notes.pitch.max())
        if low < member.low or high > member.high:
            if member.is_drum:
                notes = notes[(notes.pitch >= member.low) & (notes.pitch <= member.high)]
            else:
                below = np.maximum(member.low - notes.pitch + 11, 0) // 12
                above = np.maximum(notes.pitch - member.high + 11, 0) // 12
                notes = type(notes)(
                    notes.start, notes.duration, notes.pitch + 12 * (below - above), notes.velocity
                )
        placed.append((where, notes))
    if not placed:
        raise MuseganError("no track has a place in the ensemble")
    return Events(
        np.repeat([w for w, _ in placed], [len(n) for _, n in placed]),
        *(
            np.concatenate([getattr(notes, column) for _, notes in placed])
            for column in ("start", "duration", "pitch", "velocity")
        ),
    ), left_out


def quantise(
    events: Events, stretch: Stretch, ticks_per_bar: int, grid: Grid, drums: NDArray[np.bool_]
) -> Events:
    """The notes of a stretch on the grid's nearest steps from its first bar line, canonical.

    Lengths are at least one step; drums are one step long. Sorted by (track, pitch, start);
    doubled notes become one and a note ends where its pitch is struck again.
    """
    per_bar = grid.steps_per_bar
    offset = 2 * (events.start - stretch.start) * per_bar + ticks_per_bar
    start = offset // (2 * ticks_per_bar)
    stop = (offset + 2 * events.duration * per_bar) // (2 * ticks_per_bar)
    duration = np.where(drums[events.track], 1, np.maximum(stop - start, 1))
    inside = (start >= 0) & (start < stretch.bars * per_bar)
    start = start[inside]
    duration = np.minimum(duration[inside], (1 << 20) - 1)
    words = (events.track[inside] << 7 | events.pitch[inside]) << 22 | start
    words = (words << 20 | duration) << 7 | events.velocity[inside]
    words.sort()
    spot = words >> 27
    heads = np.flatnonzero(np.concatenate(([True], spot[1:] != spot[:-1])))
    tails = np.append(heads[1:], len(words)) - 1
    line, start = spot[heads] >> 22, spot[heads] & 0x3FFFFF
    duration = words[tails] >> 7 & 0xFFFFF
    velocity = np.maximum.reduceat(words & 127, heads) if len(heads) else words & 127
    gap = np.where(line[1:] == line[:-1], np.diff(start), 1 << 20)
    duration[:-1] = np.minimum(duration[:-1], gap)
    return Events(line >> 7, start, duration, line & 127, velocity)


def cut_phrases(
    events: Events, stretch: Stretch, cut: Cut, grid: Grid, drums: NDArray[np.bool_]
) -> tuple[Phrases, IntArray]:
    """Phrases of a stretch whose events are on steps, and the bar each begins with.

    The first begins with the first bar that has a note. A note held over a phrase's start is
    struck again there if a beat or more of it sounds in the phrase.
    """
    per_bar = grid.steps_per_bar
    steps, hop = cut.bars * per_bar, cut.hop * per_bar
    first = int(events.start.min()) // per_bar if len(events.start) else 0
    last = int(events.start.max()) // per_bar if len(events.start) else -1
    count = max((last + 1 - first - cut.bars + cut.hop) // cut.hop, 0)
    if last + 1 - first < cut.bars <= stretch.bars:  # a short loop may rest in its last bars
        count, first = 1, min(first, stretch.bars - cut.bars)
    start = events.start - first * per_bar
    lowest = np.maximum((start - steps) // hop + 1, 0)
    held = start + events.duration - grid.steps_per_beat
    highest = np.minimum(
        np.where(drums[events.track], start, np.maximum(start, held)) // hop, count - 1
    )
    copies = np.maximum(highest - lowest + 1, 0)
    total = int(copies.sum())
    phrase = np.repeat(lowest - np.cumsum(copies) + copies, copies) + np.arange(total)
    begin = np.repeat(start, copies) - phrase * hop
    stop = np.minimum(begin + np.repeat(events.duration, copies), steps)
    begin = np.maximum(begin, 0)
    track, pitch = np.repeat(events.track, copies), np.repeat(events.pitch, copies)
    words = ((phrase << 6 | track) << 14 | begin) << 7 | pitch
    words = (words << 14 | (stop - begin)) << 7 | np.repeat(events.velocity, copies)
    words.sort()
    phrases = Phrases.from_columns(
        words >> 48, words >> 42 & 63, words >> 28 & 0x3FFF, words >> 7 & 0x3FFF,
        words >> 21 & 127, words & 127, count, grid, cut.bars,
    )  # fmt: skip
    return phrases, first + cut.hop * np.arange(count)


def phrase_song(song: Multitrack, ensemble: Ensemble, grid: Grid, cut: Cut) -> SongPhrases:
    """All phrases of a song.

    Raises:
        MuseganError: the song yields none; the message says why.
    """
    if song.note_count() == 0:
        raise MuseganError("has no notes")
    drums = np.array([track.is_drum for track in ensemble.tracks])
    stretches, left_out = find_stretches(song, grid)
    events, homeless = place(song, ensemble)
    meter = f"{grid.beats_per_bar}/{grid.beat_unit}"
    usable = [stretch for stretch in stretches if stretch.bars >= cut.bars]
    left_out += [f"{s.bars} bars of {meter}" for s in stretches if s.bars < cut.bars]
    if not usable:
        raise MuseganError(f"no {cut.bars} bars of {meter} in a row ({', '.join(left_out)})")
    length = bar_ticks(song, grid)
    parts, bars, bpms, hashes, keys = [], [], [], [], []
    for stretch in usable:
        steps = quantise(events, stretch, length, grid, drums)
        phrases, bar = cut_phrases(steps, stretch, cut, grid, drums)
        rich = _rich_enough(phrases, cut)
        phrases, bar = phrases.select(rich), bar[rich]
        at = seconds_at(song, stretch.start + np.stack((bar, bar + cut.bars)) * length)
        parts.append(phrases)
        bars.append(bar + stretch.bar)
        bpms.append(60 * cut.bars * grid.quarters_per_bar / (at[1] - at[0]))
        hashes.append(phrase_hashes(phrases, drums))
        keys += keys_at(song, stretch.start + bar * length)
    if not sum(map(len, parts)):
        raise MuseganError(
            f"no phrase of {cut.bars} bars with {cut.min_tracks} or more tracks playing "
            f"and {cut.min_notes} or more notes"
        )
    return SongPhrases(
        concatenate(parts),
        np.concatenate(bars).astype(np.int32),
        np.concatenate(bpms).astype(np.float32),
        keys,
        np.concatenate(hashes),
        song_hash(events.track, events.start - int(events.start.min()), events.pitch, drums),
        tuple(np.bincount(events.track, minlength=len(drums)).tolist()),
        (*homeless, *left_out),
    )


def _rich_enough(phrases: Phrases, cut: Cut) -> NDArray[np.bool_]:
    key = phrases.phrase << 6 | phrases.track
    new = np.concatenate(([True], key[1:] != key[:-1]))[: len(key)]
    tracks = np.bincount(phrases.phrase[new], minlength=len(phrases))
    return (tracks >= cut.min_tracks) & (np.diff(phrases.offsets) >= cut.min_notes)
