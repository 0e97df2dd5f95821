"""Ctrl-C between steps, never within one, and after the same step in all processes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold an interrupt back until the block is done, then let it act as ever.

    Half a training step cannot be resumed from. Only the main thread is ever interrupted.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting = []
    before = signal.signal(signal.SIGINT, lambda number, frame: waiting.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if waiting:
        signal.raise_signal(signal.SIGINT)


@contextmanager
def agreeing(many: bool) -> Iterator[Callable[[], bool]]:
    """Only note interrupts where many processes train, so that they can stop after the same step.

    A process that stopped alone would leave the others waiting for it. torchrun passes both
    interrupts and terminations on. Yields whether one has come; alone, none is ever held back.
    """
    asked: list[int] = []
    if not many:
        yield lambda: False
        return
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, lambda number, frame: asked.append(number)) for each in signals]
    try:
        yield lambda: bool(asked)
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)
