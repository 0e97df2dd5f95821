"""Spectrograms a network can learn, and the way back to sound.

`make_representation(name)` gives one: `forward` makes spectrograms of waveforms, `inverse`
waveforms of spectrograms.
"""

from __future__ import annotations

from musegan.audio.representations.interface import Representation
from musegan.audio.representations.layout import Layout
from musegan.audio.representations.log_mel import LogMel
from musegan.audio.representations.phase_aware import MelIf, StftIf
from musegan.errors import MuseganError

__all__ = ["REPRESENTATIONS", "Layout", "Representation", "make_representation"]

REPRESENTATIONS: dict[str, type[LogMel | StftIf | MelIf]] = {
    each.name: each for each in (LogMel, StftIf, MelIf)
}


def make_representation(
    name: str,
    *,
    rate: int = 16_000,
    window: int = 1024,
    hop: int = 256,
    bins: int | None = None,
    floor: float = 100.0,
) -> Representation:
    """A representation by its name; `describe()` of one gives the arguments that make it again.

    Args:
        name: `log-mel`, `stft-if` or `mel-if`.
        rate: samples a second.
        window: samples a frame.
        hop: samples from a frame to the next.
        bins: of the frequency axis; None is window / 8, window / 2 and window / 4 of them.
        floor: the softest level that is told from silence, in dB below full scale.

    Raises:
        MuseganError: no such representation, or a number that is out of range.
    """
    if name not in REPRESENTATIONS:
        known = ", ".join(REPRESENTATIONS)
        raise MuseganError(f"no representation '{name}'; there are {known}")
    if floor <= 0:
        raise MuseganError(f"floor {floor}: give how many dB below full scale, more than 0")
    return REPRESENTATIONS[name](Layout(rate, window, hop), bins, floor)
