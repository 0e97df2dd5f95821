"""What a player does to a note: holds it, plays it in tune, softer or brighter."""

from __future__ import annotations

import torch
from torch import Tensor

from musegan.audio.partials.bands import band_centres
from musegan.audio.partials.layout import DETUNE, LEVEL, NoteLayout

STEADY = 12.0  # dB below a note's loudest frame down to which it still sounds
LOW = 125.0  # Hz: of a hit, octaves are counted from here
BEGUN = 1 / 3  # of the frames that sound: what comes before is how the note begins


def sustained(picture: Tensor, frames: int, layout: NoteLayout) -> Tensor:
    """The note held for so many frames.

    The frames that sound steadily are gone through to and fro, so that nothing jumps.

    Args:
        picture: (2, rows, n).
        frames: how many are wanted, > 0.
        layout: of the picture.
    """
    first, last = _steady(picture, layout)
    length = picture.shape[-1]
    if frames <= last + 1:
        return picture[..., :frames]
    swing = [*range(first, last), *range(last, first, -1)] or [min(last, length - 1)]
    more = frames - last - 1
    # from the last steady frame back to the first, and on from there
    turned = swing[len(swing) // 2 :] + swing[: len(swing) // 2]
    order = [*range(last + 1), *(turned * (more // len(turned) + 1))[1 : more + 1]]
    return picture[..., order]


def in_tune(picture: Tensor, layout: NoteLayout) -> Tensor:
    """The note with its mean pitch where it should be; what comes and goes about it stays.

    The strongest partials tell the pitch.
    """
    level, detuned = picture[LEVEL, : layout.partials], picture[DETUNE, : layout.partials]
    power = 10 ** ((level - 1) * layout.floor / 20) * (level > -1)
    mean = (detuned * power).sum() / power.sum().clamp(min=1e-12)
    tuned = picture.clone()
    tuned[DETUNE, : layout.partials] -= mean
    return tuned


def brightened(picture: Tensor, decibels: float, layout: NoteLayout) -> Tensor:
    """The note with every octave above its fundamental louder by so many dB, or softer.

    Args:
        picture: (2, rows, frames).
        decibels: for each octave, of a hit those above 125 Hz; a soft note has fewer high
            partials than a loud one.
        layout: of the picture.
    """
    octaves = torch.log2(torch.arange(1.0, layout.partials + 1))
    if layout.pitched:
        noise = octaves.mean().expand(layout.bands)
    else:
        noise = torch.log2(band_centres(layout) / LOW).clamp(min=0).float()
    change = torch.cat([octaves, noise]) * decibels * 2 / layout.floor
    level = picture[LEVEL]
    changed = picture.clone()
    changed[LEVEL] = torch.where(level > -1, (level + change[:, None]).clamp(min=-1), level)
    return changed


def _steady(picture: Tensor, layout: NoteLayout) -> tuple[int, int]:
    """The first and last of the frames that can be gone through again."""
    power = (10 ** ((picture[LEVEL] - 1) * layout.floor / 20)).sum(0)
    sounding = (power >= power.max() * 10 ** (-STEADY / 10)).nonzero()[:, 0]
    begin, end = int(sounding[0]), int(sounding[-1])
    return begin + round((end - begin) * BEGUN), end
