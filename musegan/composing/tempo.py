"""The tempo in which a song goes on: its own, not that of its last slow bar."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from musegan.song import Multitrack, Tempo

NEAR = 0.05  # tempos less far apart than this share are one
LATELY = 32  # quarters; a song slows down for less than half of them
REACHED = 4  # quarters; one that has been faster for half of them is no slower again


def steady_from(song: Multitrack, tick: int) -> tuple[Multitrack, list[str]]:
    """The song in one tempo from a tick on: that before it or, if it strayed, its usual one.

    Songs slow down to end, but speed up to go on.

    Args:
        song: as it was read.
        tick: where it has been played to, > 0.

    Returns:
        The song, and a remark if it goes back to its usual tempo.
    """
    before = [tempo for tempo in song.tempos if tempo.time < tick]
    last, usual = before[-1].bpm if before else 120.0, usual_tempo(song, tick)
    sped_up = min(last, usual_tempo(song, tick, REACHED)) > usual
    if sped_up or abs(last / usual - 1) <= NEAR:
        return replace(song, tempos=tuple(before)), []
    remark = f"the song ends at {last:.0f} bpm; it goes on at its usual {usual:.0f} bpm"
    return replace(song, tempos=(*before, Tempo(tick, usual))), [remark]


def usual_tempo(song: Multitrack, tick: int, lately: int = LATELY) -> float:
    """The tempo above and below which half of the last `lately` quarters before a tick are."""
    tempos = [Tempo(0, 120.0), *song.tempos]
    begin = max(0, tick - lately * song.ticks_per_quarter)
    times = np.clip([tempo.time for tempo in tempos], begin, tick)
    lasting = np.diff(times, append=tick)
    order = np.argsort([tempo.bpm for tempo in tempos])
    half = int(np.searchsorted(lasting[order].cumsum(), (tick - begin) / 2))
    return tempos[int(order[half])].bpm
