"""How a piece ends: its last bar comes home, on a chord that is held."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from musegan.composing.joining import join
from musegan.instruments import Ensemble, EnsembleTrack
from musegan.pianoroll import Phrases

KICKS, CRASH = (36, 35), 49
CLEAR = 48  # pitch below which the tones of a chord growl rather than sound
Row = tuple[int, int, int, int, int]


def come_home(piece: Phrases, tonic: int, minor: bool, ensemble: Ensemble) -> Phrases:
    """A one-phrase piece whose last bar is its tonic chord, struck once and held to the end.

    The tracks that play in the last two bars play it, each where it has been: the lowest that has
    it the root, the others as many tones as they strike at once; drums a kick and a crash. A track
    that has no tone of the chord rests. Notes held into the last bar end before it.

    Args:
        piece: one canonical phrase.
        tonic: pitch class of the key, 0..11 from C.
        minor: whether the key is minor.
        ensemble: its tracks.
    """
    bar = (piece.bars - 1) * piece.grid.steps_per_bar
    start = piece.start.astype(np.int64)
    end = np.minimum(start + piece.duration, bar)
    shortened = replace(piece, duration=(end - start).clip(1).astype(np.uint16))
    before = shortened.keep(start < bar)
    late = piece.keep(start >= bar - piece.grid.steps_per_bar)
    rows = _last_chord(late, tonic, minor, ensemble, bar)
    chord = Phrases.of([rows], piece.grid, piece.bars)
    return join(before, chord).canonical()


def _last_chord(late: Phrases, tonic: int, minor: bool, ensemble: Ensemble, bar: int) -> list[Row]:
    length = late.steps - bar
    parts = {number: late.keep(late.track == number) for number in np.unique(late.track).tolist()}
    pitched = [number for number in parts if not ensemble.tracks[number].is_drum]
    pitched.sort(key=lambda number: float(parts[number].pitch.mean()))
    triad = [tonic % 12, (tonic + (3 if minor else 4)) % 12, (tonic + 7) % 12]
    rows, root = [], 0
    for number in pitched:
        notes, track = parts[number], ensemble.tracks[number]
        if not root and (tones := _tones(notes, triad[:1], track, root)):
            root = max(tones[0], CLEAR)  # the tracks above it keep above it
        else:
            tones = _tones(notes, triad, track, root)
        rows += [(number, bar, length, pitch, _loudness(notes)) for pitch in tones]
    for number in parts.keys() - set(pitched):
        loud = _loudness(parts[number])
        hits = _hits(parts[number], ensemble.tracks[number])
        rows += [(number, bar, 1, pitch, loud) for pitch in hits]
    return rows


def _loudness(notes: Phrases) -> int:
    return int(np.median(notes.velocity))


def _tones(notes: Phrases, classes: list[int], track: EnsembleTrack, lowest: int) -> list[int]:
    """As many pitches of the classes as the track strikes at once, nearest to its last ones.

    None lies below `lowest`, unless the track has no higher ones.
    """
    onsets, together = np.unique(notes.start, return_counts=True)
    last = float(notes.pitch[notes.start == onsets[-1]].mean())
    able = [tone for tone in range(track.low, track.high + 1) if tone % 12 in classes]
    there = [tone for tone in able if tone >= lowest] or able
    there.sort(key=lambda tone: (abs(tone - last), tone))
    return sorted(there[: min(int(together.max()), len(classes))])


def _hits(notes: Phrases, track: EnsembleTrack) -> list[int]:
    used = set(notes.pitch.tolist())
    kick = next((pitch for pitch in KICKS if pitch in used), KICKS[0])
    return [pitch for pitch in (kick, CRASH) if track.low <= pitch <= track.high]
