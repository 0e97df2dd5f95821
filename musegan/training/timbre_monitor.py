"""Watching a training of timbres: scalars, spectrograms, and notes to listen to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from musegan.audio.partials.synthesis import synthesise
from musegan.audio.shaping import PEAK
from musegan.models.timbres.generator import TimbreGenerator
from musegan.rendering.audio_file import write_audio
from musegan.rendering.spectrogram_sheet import draw_sound_sheet
from musegan.training.boards import Board
from musegan.training.monitor import LogMonitor


class TimbreMonitor(LogMonitor):
    """Puts up what a training of timbres does, and writes it to `run/samples`.

    Each instrument plays the middle of its range, with the same latent each time.

    Args:
        run: the run's folder.
        ranges: the lowest and highest pitch of each instrument.
        seed: of the sampled latents.
        others: boards besides TensorBoard.
    """

    def __init__(
        self,
        run: Path,
        ranges: dict[str, tuple[int, int]],
        seed: int,
        others: Sequence[Board] = (),
    ) -> None:
        super().__init__(run, others)
        self.names = tuple(ranges)
        self.pitches = torch.tensor([float((low + high) // 2) for low, high in ranges.values()])
        self.seed = seed

    def sample(self, step: int, generator: TimbreGenerator) -> None:
        """Draw and write what the averaged generator makes now."""
        random = torch.Generator().manual_seed(self.seed)
        count, layout = len(self.names), generator.layout
        latents = torch.randn(count, generator.latent, generator=random)
        shares = F.one_hot(torch.arange(count)).float()
        device = generator.place.device
        with torch.no_grad():
            made = generator(latents.to(device), shares.to(device), self.pitches.to(device)).cpu()
        folder, waves = self.samples(step), []
        for name, picture, pitch in zip(self.names, made, self.pitches.tolist(), strict=True):
            wave: NDArray[np.float32] = synthesise(picture, pitch, layout, random).numpy()
            wave *= PEAK / max(float(np.abs(wave).max()), PEAK)
            write_audio(wave[:, None], layout.rate, folder / f"{name}.wav")
            self.sound(step, name, wave, layout.rate)
            waves.append(wave)
        sheet = draw_sound_sheet(waves, layout.rate, self.names)
        self.picture(step, "notes", np.asarray(sheet))
