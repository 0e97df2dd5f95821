"""Many sounds on one page: how loud each frequency is over time, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from musegan.audio.reading import Wave
from musegan.rendering import colours
from musegan.rendering.lettering import write
from musegan.rendering.png import save
from musegan.rendering.spectrogram import paint_levels, spectrogram_at

CELL = (240, 150)
MARGIN, GAP, NAME = 24, 14, 20
COLUMNS = 6


def write_sound_sheet(
    waves: Sequence[Wave], rate: int, path: Path, captions: Sequence[str]
) -> None:
    """Write the sheet of some sounds as PNG; see `draw_sound_sheet`.

    Raises:
        MuseganError: the file cannot be written.
    """
    save(draw_sound_sheet(waves, rate, captions), path)


def draw_sound_sheet(waves: Sequence[Wave], rate: int, captions: Sequence[str]) -> Image.Image:
    """The log-mel spectrograms of sounds, RGB, equally long on paper.

    Args:
        waves: each (samples,) within -1..1, none empty.
        rate: samples a second.
        captions: one for each.
    """
    log_mel = spectrogram_at(rate, "log-mel")
    columns = min(COLUMNS, len(waves))
    rows = -(-len(waves) // columns)
    step = (CELL[0] + GAP, CELL[1] + GAP + NAME)
    size = (2 * MARGIN + columns * step[0] - GAP, 2 * MARGIN + rows * step[1] - GAP)
    image = Image.new("RGB", size, colours.PAPER)
    draw = ImageDraw.Draw(image)
    for index, (wave, caption) in enumerate(zip(waves, captions, strict=True)):
        row, column = divmod(index, columns)
        left, top = MARGIN + column * step[0], MARGIN + row * step[1]
        write(draw, (left, top + NAME - 7), caption, 12, width=CELL[0])
        levels = log_mel(torch.from_numpy(wave)[None])[0, 0].numpy()
        panel = Image.fromarray(np.ascontiguousarray(paint_levels(levels)))
        image.paste(panel.resize(CELL, Image.Resampling.BILINEAR), (left, top + NAME))
        box = (left, top + NAME, left + CELL[0] - 1, top + NAME + CELL[1] - 1)
        draw.rectangle(box, outline=colours.BAR_LINE)
    return image
