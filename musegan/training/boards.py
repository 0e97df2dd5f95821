"""Where a training can be watched: TensorBoard always, Weights & Biases besides where asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from musegan.errors import MuseganError

Picture = NDArray[np.uint8]
"""(height, width, 3)."""
Wave = NDArray[np.float32]
"""(samples,) or (samples, channels), within -1..1."""


class Board(Protocol):
    """What can be put up to be watched, each at a step."""

    def scalars(self, step: int, values: dict[str, float]) -> None:
        """Numbers by name."""

    def picture(self, step: int, name: str, picture: Picture) -> None:
        """A picture."""

    def sound(self, step: int, name: str, wave: Wave, rate: int) -> None:
        """A sound of so many samples a second."""

    def note(self, step: int, name: str, text: str) -> None:
        """Some words."""

    def close(self) -> None:
        """Write what is still held back."""


class TensorBoard:
    """Event files that `tensorboard --logdir` shows.

    Args:
        folder: of the event files.
    """

    def __init__(self, folder: Path) -> None:
        # slow to import, and only training needs it
        from torch.utils.tensorboard import SummaryWriter

        self.writer = SummaryWriter(str(folder))

    def scalars(self, step: int, values: dict[str, float]) -> None:
        """Numbers by name."""
        for name, value in values.items():
            self.writer.add_scalar(name, value, step)

    def picture(self, step: int, name: str, picture: Picture) -> None:
        """A picture."""
        self.writer.add_image(name, picture, step, dataformats="HWC")

    def sound(self, step: int, name: str, wave: Wave, rate: int) -> None:
        """A sound; several channels are mixed to one, for TensorBoard plays no more."""
        mono = wave.mean(1) if wave.ndim == 2 else wave
        self.writer.add_audio(name, mono[None], step, rate)

    def note(self, step: int, name: str, text: str) -> None:
        """Some words, lines and all."""
        self.writer.add_text(name, f"```\n{text}\n```", step)

    def close(self) -> None:
        """Write what is still held back."""
        self.writer.close()


class WeightsAndBiases:
    """A run at wandb.ai, or in the folder alone where WANDB_MODE is offline.

    Args:
        folder: of the run.
        name: what the run is called there.
        recipe: of the experiment.

    Raises:
        MuseganError: wandb is not installed, or nobody is logged in.
    """

    def __init__(self, folder: Path, name: str, recipe: dict[str, Any]) -> None:
        try:
            import wandb
        except ImportError as problem:
            raise MuseganError("--wandb needs wandb; pip install 'musegan[wandb]'") from problem
        self.wandb = wandb
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self.run = wandb.init(
                project="musegan",
                name=name,
                dir=folder,
                config=recipe,
                settings=wandb.Settings(silent=True, console="off"),
            )
        except wandb.Error as problem:
            raise MuseganError(
                f"Weights & Biases: {problem}; run `wandb login`, or set WANDB_MODE=offline"
            ) from problem
        # a training that goes back repeats steps, which its own counter would not allow
        self.run.define_metric("step", hidden=True)
        self.run.define_metric("*", step_metric="step")

    def scalars(self, step: int, values: dict[str, float]) -> None:
        """Numbers by name."""
        self.run.log(values | {"step": step})

    def picture(self, step: int, name: str, picture: Picture) -> None:
        """A picture."""
        self.run.log({name: self.wandb.Image(picture), "step": step})

    def sound(self, step: int, name: str, wave: Wave, rate: int) -> None:
        """A sound."""
        self.run.log({name: self.wandb.Audio(wave, sample_rate=rate), "step": step})

    def note(self, step: int, name: str, text: str) -> None:
        """Some words, the latest of each name."""
        self.run.summary[name] = f"step {step}: {text}" if step else text

    def close(self) -> None:
        """Write what is still held back."""
        self.run.finish()
