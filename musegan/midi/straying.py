"""The note that makes a song far longer than its music, as lost releases and slips of a hand do."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from musegan.midi.names import drum_name, pitch_name
from musegan.song import Meter, Multitrack

NEARLY_ALL = 0.99  # of the notes
FAR = 2  # times as long as a song is without it


def stray(song: Multitrack) -> str:
    """In words the note that ends far beyond nearly all others, and what to do about it.

    Empty where the song is long by itself.
    """
    ends = np.concatenate([track.notes.end for track in song.tracks])
    usual = int(np.quantile(ends, NEARLY_ALL, method="lower"))
    if song.end <= FAR * usual:
        return ""
    number, note, track = next(
        (number, int(track.notes.end.argmax()), track)
        for number, track in enumerate(song.tracks, 1)
        if track.notes.end.max(initial=0) == song.end
    )
    name = f" '{track.name}'" if track.name else ""
    played = (drum_name if track.is_drum else pitch_name)(int(track.notes.pitch[note]))
    first, last = bar_at(song, int(track.notes.start[note])), bar_at(song, song.end - 1)
    where = f"in bar {first:,}" if first == last else f"from bar {first:,} to {last:,}"
    return (
        f"track {number}{name} plays {played} {where}, but nearly all other notes end by "
        f"bar {bar_at(song, usual - 1):,}; shorten or remove it"
    )


def bar_at(song: Multitrack, tick: int) -> int:
    """Number from 1 of the bar that a tick lies in; a new meter opens a bar."""
    meters = [meter for meter in song.meters if meter.time <= tick]
    if not meters or meters[0].time > 0:
        meters.insert(0, Meter(0, 4, 4))
    whole = 4 * song.ticks_per_quarter
    lengths = [whole * meter.numerator / meter.denominator for meter in meters]
    opened = zip(pairwise(meter.time for meter in meters), lengths, strict=False)
    before = sum(math.ceil((end - start) / length) for (start, end), length in opened)
    return before + int((tick - meters[-1].time) / lengths[-1]) + 1
