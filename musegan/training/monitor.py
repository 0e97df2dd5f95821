"""Watching a training: scalars, roll pictures, metrics, sounds, and MIDI to listen to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from musegan.data.store import PhraseSet
from musegan.evaluation.distances import standardised_difference
from musegan.evaluation.metrics import measure
from musegan.instruments import to_multitrack
from musegan.models.planned import PhraseGenerator
from musegan.rendering.sheet import draw_sheet
from musegan.song import Multitrack
from musegan.training.boards import Board, Picture, TensorBoard, Wave
from musegan.training.sampling import sample_phrases

HEARD, RATE = 2, 24_000  # phrases that are played, samples a second


class LogMonitor:
    """Puts the scalars of a training up at `run/logs`, for TensorBoard, and at other boards.

    Args:
        run: the run's folder.
        others: boards besides TensorBoard.
    """

    def __init__(self, run: Path, others: Sequence[Board] = ()) -> None:
        self.run = run
        self.boards = (TensorBoard(run / "logs"), *others)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for board in self.boards:
            board.close()

    def scalars(self, step: int, values: dict[str, float]) -> None:
        """Put up losses and scores."""
        for board in self.boards:
            board.scalars(step, values)

    def picture(self, step: int, name: str, picture: Picture) -> None:
        """Put up a picture."""
        for board in self.boards:
            board.picture(step, name, picture)

    def sound(self, step: int, name: str, wave: Wave, rate: int) -> None:
        """Put up a sound of so many samples a second."""
        for board in self.boards:
            board.sound(step, name, wave, rate)

    def note(self, step: int, name: str, text: str) -> None:
        """Put up some words."""
        for board in self.boards:
            board.note(step, name, text)

    def sample(self, step: int, generator: Any) -> None:
        """What a generator makes is for those to tell who know what it makes."""

    def samples(self, step: int) -> Path:
        """The folder for the samples of a step."""
        folder = self.run / "samples" / f"step-{step:07d}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


class PhraseMonitor(LogMonitor):
    """Puts up what a training of phrases does, and writes it to `run/samples`.

    The same latents are sampled each time, so pictures can be compared from step to step.

    Args:
        run: the run's folder.
        data: the training phrases, which the metrics compare with.
        seed: of the sampled latents.
        phrases: how many phrases the metrics are measured on.
        pictures: how many phrases are drawn and written as MIDI.
        others: boards besides TensorBoard.
    """

    def __init__(
        self,
        run: Path,
        data: PhraseSet,
        seed: int,
        phrases: int = 256,
        pictures: int = 8,
        others: Sequence[Board] = (),
    ) -> None:
        super().__init__(run, others)
        self.data, self.seed = data, seed
        self.phrases, self.pictures = phrases, pictures
        some = np.random.default_rng(seed).permutation(len(data))[:2000]
        self.reference = measure(data.phrases.select(some), data.ensemble)

    def sample(self, step: int, generator: PhraseGenerator) -> None:
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
        self.picture(step, "phrases", np.asarray(sheet))

    def _write(self, step: int, songs: list[Multitrack]) -> None:
        try:
            from musegan.midi import write_midi
            from musegan.rendering.wave import Sound, render_wave
        except ImportError:  # a training machine may hold no MIDI library; pictures remain
            return
        folder = self.samples(step)
        for index, song in enumerate(songs):
            write_midi(song, folder / f"phrase-{index:02d}.mid")
        for index, song in enumerate(songs[:HEARD]):
            if song.note_count():
                wave = render_wave(song, Sound(sample_rate=RATE))
                self.sound(step, f"phrase-{index:02d}", wave, RATE)
