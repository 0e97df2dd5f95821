"""The picture of a sound: a row for each partial, then a row for each band of noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from torch import Tensor

from musegan.audio.representations.layout import Layout

LEVEL, DETUNE = 0, 1  # the channels

Pitch = TypeVar("Pitch", float, Tensor)


@dataclass(frozen=True)
class NoteLayout:
    """How a sound becomes a picture, (2 channels, rows, frames).

    Row k - 1 tells of the partial at k times the note's pitch, whatever that is, so that the same
    row means the same at all pitches; the rows after the partials tell of the noise beside them, in
    bands from low to high. `LEVEL` is in the units of `to_levels`; `DETUNE` says how far a partial
    is from its place, in semitones, and is 0 for noise. A hit, which has no pitch, is all bands.

    Attributes:
        rate: samples a second.
        window: samples a frame at least; a low note's frames are longer.
        hop: samples from a frame to the next.
        frames: of a note.
        partials: rows for partials; none for hits.
        bands: rows for noise.
        floor: the softest level that is told from silence, in dB below full scale.
    """

    rate: int = 16_000
    window: int = 1024
    hop: int = 256
    frames: int = 64
    partials: int = 64
    bands: int = 32
    floor: float = 90.0

    @property
    def rows(self) -> int:
        """Rows of a picture."""
        return self.partials + self.bands

    @property
    def pitched(self) -> bool:
        """Whether it is of notes, which have a pitch, and not of hits."""
        return self.partials > 0

    @property
    def samples(self) -> int:
        """Samples of a note."""
        return self.frames * self.hop

    @property
    def stft(self) -> Layout:
        """The frames that noise is heard in."""
        return Layout(self.rate, self.window, self.hop)

    def audible(self, hertz: float) -> int:
        """How many partials of a note this rate can hold."""
        return min(self.partials, int(HIGHEST * self.rate / hertz))


HIGHEST = 0.47  # of the rate: above, resampling leaves little


def hertz_of(pitch: Pitch) -> Pitch:
    """The frequency of a MIDI pitch, or of each, A4 = 440 Hz."""
    hertz: Pitch = 440 * 2 ** ((pitch - 69) / 12)
    return hertz


def layout_of(rate: int, pitched: bool) -> NoteLayout:
    """How notes, or hits, of a second or so become pictures.

    Hits are over soon: their frames are shorter, and the time they take is the same.
    """
    if pitched:
        return NoteLayout(rate)
    return NoteLayout(rate, window=512, hop=128, frames=128, partials=0, bands=96)
