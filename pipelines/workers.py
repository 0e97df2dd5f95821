"""Work done side by side, its results in order and only a little ahead of who takes them.

Processes are for libraries that hold the interpreter's lock, as audio renderers do; threads for
those that release it, as torch does, and the readers and resamplers of audio.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.sharedctypes import RawValue
from typing import Any, TypeVar

from musegan.errors import MuseganError
from musegan.training.stopping import uninterrupted

Item = TypeVar("Item")
Result = TypeVar("Result")

_stopped: Any = None  # in a worker, what its parent sets when no more results are taken

AHEAD = 4  # items handed out per worker before their results are taken: bounds memory


def in_order(
    function: Callable[[Item], Result], items: Iterable[Item], workers: int
) -> Iterator[Result]:
    """`function` of each item, in the items' order, by `workers` processes; 1 stays in this one.

    Items are drawn only as fast as results are taken. What `function` raises is raised here, and
    the items not yet begun are dropped.

    Raises:
        MuseganError: a worker was killed, as happens when memory runs out.
    """
    if workers <= 1:
        yield from map(function, items)
        return
    stopped = RawValue("b", False)
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _begin_worker, (stopped,))

    def stop() -> None:
        stopped.value = True

    try:
        yield from _results(pool, partial(_unless_stopped, function), items, AHEAD * workers, stop)
    except BrokenProcessPool as problem:
        raise MuseganError(
            "a worker process was killed, perhaps for lack of memory; try fewer --workers"
        ) from problem


def in_threads(
    function: Callable[[Item], Result], items: Iterable[Item], threads: int
) -> Iterator[Result]:
    """As `in_order`, by `threads` threads of this process and at most one item ahead a thread."""
    if threads <= 1:
        return map(function, items)
    return _results(ThreadPoolExecutor(threads), function, items, 2 * threads)


def _results(
    pool: Executor,
    function: Callable[[Item], Result],
    items: Iterable[Item],
    ahead: int,
    stop: Callable[[], None] = lambda: None,
) -> Iterator[Result]:
    pending: deque[Future[Result]] = deque()
    try:
        for item in items:
            with uninterrupted(), _masked():
                pending.append(pool.submit(function, item))
            if len(pending) >= ahead:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        stop()
        pool.shutdown(cancel_futures=True)


@contextmanager
def _masked() -> Iterator[None]:
    """Keep Ctrl-C for good from processes that are begun in the block, by the mask they take over.

    So they leave it to the parent before they run a line. Windows has no masks.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker(stopped: Any) -> None:
    """Leave Ctrl-C to the parent, heed its stop, and do not outlive it when it is killed."""
    global _stopped
    _stopped = stopped
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _unless_stopped(function: Callable[[Item], Result], item: Item) -> Result:
    """In a worker: an item that was handed out already is not begun once nobody waits for it."""
    if _stopped.value:
        raise CancelledError
    return function(item)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
