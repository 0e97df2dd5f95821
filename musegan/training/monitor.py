"""Watching a training: TensorBoard scalars, roll pictures and metrics, and MIDI to listen to."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from musegan.data.store import PhraseSet
from musegan.evaluation.distances import standardised_difference
from musegan.evaluation.metrics import measure
from musegan.instruments import to_multitrack
from musegan.models.generator import Generator
from musegan.rendering.sheet import draw_sheet
from musegan.song import Multitrack
from musegan.training.sampling import sample_phrases


class LogMonitor:
    """Writes the scalars of a training to `run/logs`, for TensorBoard.

    Args:
        run: the run's folder.
    """

    def __init__(self, run: Path) -> None:
        # slow to import, and only training needs it
        from torch.utils.tensorboard import SummaryWriter

        self.run = run
        self.writer = SummaryWriter(str(run / "logs"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.writer.close()

    def scalars(self, step: int, values: dict[str, float]) -> None:
        """Write losses and scores."""
        for name, value in values.items():
            self.writer.add_scalar(name, value, step)

    def samples(self, step: int) -> Path:
        """The folder for the samples of a step."""
        folder = self.run / "samples" / f"step-{step:07d}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


class TensorBoardMonitor(LogMonitor):
    """Writes what a training of phrases does to `run/logs` and `run/samples`.

    The same latents are sampled each time, so pictures can be compared from step to step.

    Args:
        run: the run's folder.
        data: the training phrases, which the metrics compare with.
        seed: of the sampled latents.
        phrases: how many phrases the metrics are measured on.
        pictures: how many phrases are drawn and written as MIDI.
    """

    def __init__(
        self, run: Path, data: PhraseSet, seed: int, phrases: int = 256, pictures: int = 8
    ) -> None:
        super().__init__(run)
        self.data, self.seed = data, seed
        self.phrases, self.pictures = phrases, pictures
        some = np.random.default_rng(seed).permutation(len(data))[:2000]
        self.reference = measure(data.phrases.select(some), data.ensemble)

    def sample(self, step: int, generator: Generator) -> None:
        """Measure, draw and write what the averaged generator makes now."""
        phrases = sample_phrases(generator, self.data.phrases, self.phrases, self.seed)
        comparison = standardised_difference(measure(phrases, self.data.ensemble), self.reference)
        values = {f"difference/{name}": value for name, value in comparison.by_metric().items()}
        values["difference/mean"] = comparison.mean
        self.scalars(step, values)
        songs = [
            to_multitrack(phrases, index, self.data.ensemble, name=f"step {step}")
            for index in range(self.pictures)
        ]
        self._draw(step, songs)
        self._write(step, songs)

    def _draw(self, step: int, songs: list[Multitrack]) -> None:
        strips = [(track.name, track.is_drum) for track in self.data.ensemble.tracks]
        sheet = draw_sheet(songs, title=f"step {step}", bars=self.data.bars, strips=strips)
        self.writer.add_image("phrases", np.asarray(sheet), step, dataformats="HWC")

    def _write(self, step: int, songs: list[Multitrack]) -> None:
        try:
            from musegan.midi import write_midi
        except ImportError:  # a training machine may hold no MIDI library; pictures remain
            return
        folder = self.samples(step)
        for index, song in enumerate(songs):
            write_midi(song, folder / f"phrase-{index:02d}.mid")
