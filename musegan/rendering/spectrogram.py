"""A sound as a picture: its level and its instantaneous frequency over time, on the mel scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from musegan.audio.reading import Wave
from musegan.audio.representations import Layout, Representation, make_representation
from musegan.errors import MuseganError
from musegan.rendering import colours
from musegan.rendering.lettering import write
from musegan.rendering.png import save

Pixels = NDArray[np.uint8]
Plane = NDArray[np.floating[Any]]

PANEL = (1360, 300)
MARGIN = 28
KEYS = 84  # width of the column of frequencies
TITLE = 52
NAME = 26
GAP = 18
SECONDS = 34
FLOOR = 80.0
BINS = {"log-mel": 128, "mel-if": 256}
TICKS = tuple(digit * 10**power for power in range(1, 5) for digit in (1, 2, 5))
STEPS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 600)
LOWEST_LABEL = 7  # pixels of it that reach below its place
CLOSEST = 70  # pixels between two times that are told
LEVEL_RAMP = (colours.PAPER, colours.TRACKS[6], colours.TRACKS[1], colours.INK)
ADVANCE_RING = tuple(colours.TRACKS[index] for index in (4, 2, 5, 1, 4))  # ends as it begins


def draw_wave(wave: Wave, rate: int, path: Path, title: str = "") -> None:
    """Write the spectrograms of a sound as PNG; see `draw_sound`.

    Raises:
        MuseganError: there is nothing to draw, or the file cannot be written.
    """
    save(draw_sound(wave, rate, title), path)


def draw_sound(wave: Wave, rate: int, title: str = "") -> Image.Image:
    """The spectrograms of a sound, RGB; see `spectrogram_at`.

    Args:
        wave: (samples,) within -1..1.
        rate: samples a second.
        title: the line above it.

    Raises:
        MuseganError: there is not a sample to draw.
    """
    if not len(wave):
        raise MuseganError(f"{title or 'sound'}: holds no samples to draw")
    sound = torch.from_numpy(wave)[None]
    log_mel, mel_if = (spectrogram_at(rate, name) for name in BINS)
    levels = log_mel(sound)[0, 0].numpy()
    fine_levels, advances = mel_if(sound)[0].numpy()
    panels = [
        (
            f"level (log-mel), {FLOOR:.0f} dB from white to black",
            paint_levels(levels),
            log_mel.frequencies,
        ),
        ("instantaneous frequency", paint_advances(fine_levels, advances), mel_if.frequencies),
    ]
    width, height = PANEL
    size = (2 * MARGIN + KEYS + width, TITLE + len(panels) * (NAME + height + GAP) + SECONDS)
    image = Image.new("RGB", size, colours.PAPER)
    draw = ImageDraw.Draw(image)
    facts = f"{len(wave) / rate:.2f} s · {rate:,} samples a second"
    write(draw, (MARGIN, 34), title, 22, width=size[0] * 0.7)
    write(draw, (size[0] - MARGIN, 34), facts, 15, colours.PALE_INK, "rs")
    left, top = MARGIN + KEYS, TITLE
    for name, pixels, frequencies in panels:
        write(draw, (left, top + NAME - 8), name, 14)
        top += NAME
        _paste(image, pixels, (left, top))
        _label_frequencies(draw, frequencies.tolist(), (left, top))
        top += height + GAP
    frames = levels.shape[1]
    _label_seconds(draw, frames * log_mel.layout.hop / rate, (left, top - GAP))
    return image


def spectrogram_at(rate: int, name: str) -> Representation:
    """The `log-mel` or `mel-if` spectrogram of pictures: as a model of the default layout sees it.

    At higher rates than its own, frames last as long and bins are as many: with more of them, the
    lowest would lie between the bins of the Fourier transform, and be empty.
    """
    usual = Layout()
    window = usual.window * 2 ** max(0, round(math.log2(rate / usual.rate)))
    return make_representation(
        name, rate=rate, window=window, hop=window // 4, bins=BINS[name], floor=FLOOR
    )


def paint_levels(levels: Plane) -> Pixels:
    """Levels -1..1 as colours from paper to ink; (bins, frames) to (bins, frames, 3), low below."""
    return _shade(LEVEL_RAMP, (levels + 1) / 2)[::-1]


def paint_advances(levels: Plane, advances: Plane) -> Pixels:
    """Advances -1..1 as colours of a ring, the paler the softer; low frequencies below.

    The rainbowgrams of Engel et al. (2017), "Neural audio synthesis of musical notes".
    """
    strength = np.clip((levels + 1) / 1.2, 0, 1)[..., None]
    hues = _shade(ADVANCE_RING, (advances + 1) / 2).astype(np.float32)
    paper = np.array(colours.PAPER, np.float32)
    pixels: Pixels = np.rint(paper + (hues - paper) * strength).astype(np.uint8)
    return pixels[::-1]


def _shade(ramp: Sequence[colours.Colour], share: Plane) -> Pixels:
    """The colour at each share (0..1) of a ramp, in 256 shades."""
    places = np.linspace(0, 1, len(ramp))
    shades = [
        np.interp(np.arange(256) / 255, places, channel) for channel in zip(*ramp, strict=True)
    ]
    table = np.rint(np.stack(shades, axis=1)).astype(np.uint8)
    shaded: Pixels = table[np.rint(np.clip(share, 0, 1) * 255).astype(np.intp)]
    return shaded


def _paste(image: Image.Image, pixels: Pixels, corner: tuple[int, int]) -> None:
    """The panel stretched to its place: cells stay cells, and too many are averaged."""
    panel = Image.fromarray(np.ascontiguousarray(pixels))
    for size in ((PANEL[0], panel.height), PANEL):
        wider = size[0] >= panel.width and size[1] >= panel.height
        how = Image.Resampling.NEAREST if wider else Image.Resampling.BOX
        panel = panel.resize(size, how)
    image.paste(panel, corner)
    left, top = corner
    box = (left - 1, top - 1, left + PANEL[0], top + PANEL[1])
    ImageDraw.Draw(image).rectangle(box, outline=colours.BAR_LINE)


def _label_frequencies(
    draw: ImageDraw.ImageDraw, frequencies: list[float], corner: tuple[int, int]
) -> None:
    left, top = corner
    last = top + PANEL[1] + LOWEST_LABEL
    for tick in TICKS:
        share = np.interp(tick, frequencies, np.arange(len(frequencies)) + 0.5, -1, -1)
        y = round(top + PANEL[1] * (1 - float(share) / len(frequencies)))
        if share < 0 or last - y < 2 * LOWEST_LABEL:
            continue
        draw.line((left - 5, y, left - 2, y), colours.BAR_LINE)
        text = f"{tick // 1000} kHz" if tick >= 1000 else f"{tick} Hz"
        write(draw, (left - 9, y), text, 11, colours.PALE_INK, "rm")
        last = y


def _label_seconds(draw: ImageDraw.ImageDraw, seconds: float, corner: tuple[int, int]) -> None:
    left, top = corner
    scale = PANEL[0] / seconds
    step = next((step for step in STEPS if step * scale >= CLOSEST), STEPS[-1])
    for number in range(int(seconds / step) + 1):
        x = round(left + number * step * scale)
        draw.line((x, top + 1, x, top + 5), colours.BAR_LINE)
        write(draw, (x, top + 20), f"{number * step:g} s", 12, colours.PALE_INK, "ms")
