"""Stops between steps, never within one, and after the same step in all processes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

STOPS = (signal.SIGINT, signal.SIGTERM)


class TerminatedError(KeyboardInterrupt):
    """A termination, as Slurm, Docker and `timeout` send it; a stop by the user like Ctrl-C."""


@contextmanager
def terminable() -> Iterator[None]:
    """Let a termination stop the block as Ctrl-C does, by a `TerminatedError`.

    Without it a process just ends, and all since the last checkpoint is lost.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise TerminatedError

    with _handling((signal.SIGTERM,), stop):
        yield


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold an interrupt or a termination back until the block is done, then let it act as ever.

    Half a training step cannot be resumed from. Only the main thread is ever interrupted.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    with _handling(STOPS, lambda number, frame: waiting.append(number)):
        yield
    if waiting:
        signal.raise_signal(waiting[0])


@contextmanager
def agreeing(many: bool) -> Iterator[Callable[[], bool]]:
    """Only note interrupts where many processes train, so that they can stop after the same step.

    A process that stopped alone would leave the others waiting for it. torchrun passes both
    interrupts and terminations on. Yields whether one has come; alone, none is ever held back.

    Raises:
        TerminatedError: the block stopped by a KeyboardInterrupt, and a termination had come.
    """
    asked: list[int] = []
    if not many:
        yield lambda: False
        return
    with _handling(STOPS, lambda number, frame: asked.append(number)):
        try:
            yield lambda: bool(asked)
        except KeyboardInterrupt as stop:
            raise (TerminatedError() if signal.SIGTERM in asked else stop) from None


@contextmanager
def _handling(
    signals: tuple[signal.Signals, ...], handler: Callable[[int, FrameType | None], Any]
) -> Iterator[None]:
    before = [signal.signal(each, handler) for each in signals]
    try:
        yield
    finally:
        for each, restored in zip(signals, before, strict=True):
            signal.signal(each, restored)
