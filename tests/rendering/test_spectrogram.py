from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from musegan.audio.representations import make_representation
from musegan.errors import MuseganError
from musegan.rendering.colours import INK, PAPER
from musegan.rendering.spectrogram import (
    FLOOR,
    KEYS,
    MARGIN,
    NAME,
    PANEL,
    TITLE,
    draw_sound,
    draw_wave,
    paint_advances,
    paint_levels,
    spectrogram_at,
)

RATE = 16_000


def tone(frequency: float, seconds: float = 1.0) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return (0.9 * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def level_panel(wave: np.ndarray) -> np.ndarray:
    """Darkness of the pixels of the upper panel, 0..1."""
    pixels = np.asarray(draw_sound(wave, RATE), float)
    top, left = TITLE + NAME, MARGIN + KEYS
    panel = pixels[top : top + PANEL[1], left : left + PANEL[0]]
    return 1 - panel.mean(axis=2) / 255


def test_levels_run_from_paper_to_ink_with_low_frequencies_below() -> None:
    pixels = paint_levels(np.array([[-1.0, -2.0], [1.0, 3.0]]))
    assert pixels.shape == (2, 2, 3)
    assert [tuple(map(int, cell)) for cell in pixels.reshape(-1, 3)] == [INK, INK, PAPER, PAPER]


def test_advances_are_a_ring_of_colours_that_pales_into_paper() -> None:
    loud = np.ones((1, 5))
    ring = paint_advances(loud, np.array([[-1.0, -0.5, 0.0, 0.5, 1.0]]))[0].tolist()
    assert ring[0] == ring[4]
    assert len({tuple(colour) for colour in ring}) == 4
    assert (paint_advances(-loud, np.zeros((1, 5))) == PAPER).all()


def test_a_higher_tone_lies_higher() -> None:
    rows = [int(level_panel(tone(f))[:, 600].argmax()) for f in (200, 1000, 5000)]
    assert rows == sorted(rows, reverse=True)
    assert rows[0] > 2 * PANEL[1] / 3
    assert rows[2] < PANEL[1] / 3


def test_a_sound_lies_at_its_time() -> None:
    panel = level_panel(np.concatenate([np.zeros(RATE, np.float32), tone(1000)]))
    heard = np.flatnonzero(panel.max(axis=0) > 0.5)
    assert heard[0] / PANEL[0] == pytest.approx(0.5, abs=0.05)
    assert heard[-1] == PANEL[0] - 1


@pytest.mark.parametrize("seconds", [0.003, 0.05, 40.0])
def test_sounds_of_any_length_have_pictures_of_one_size(seconds: float) -> None:
    assert draw_sound(tone(440, seconds), RATE).size == draw_sound(tone(440), RATE).size


def test_a_picture_is_written_the_same_every_time(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        draw_wave(tone(440), RATE, tmp_path / name, "tone")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.mode == "RGB"


def test_at_the_rate_of_models_a_picture_shows_what_they_see() -> None:
    wave = torch.from_numpy(tone(440))[None]
    for name in ("log-mel", "mel-if"):
        seen = make_representation(name, floor=FLOOR)(wave)
        assert torch.equal(spectrogram_at(RATE, name)(wave), seen)


@pytest.mark.parametrize("rate", [4_000, 22_050, 44_100, 96_000])
def test_no_bin_is_empty_at_any_rate(rate: int) -> None:
    noise = torch.randn(1, rate, generator=torch.Generator().manual_seed(0)) / 10
    for name in ("log-mel", "mel-if"):
        levels = spectrogram_at(rate, name)(noise)[0, 0]
        assert (levels.amax(dim=1) > -1).all()


def test_nothing_is_not_drawn() -> None:
    with pytest.raises(MuseganError, match="note: holds no samples to draw"):
        draw_sound(tone(440)[:0], RATE, "note")
