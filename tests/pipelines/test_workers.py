import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from musegan.errors import MuseganError
from pipelines.workers import AHEAD, in_order, in_threads


def double(number: int) -> int:
    if number < 0:
        raise ValueError(f"{number} is negative")
    return 2 * number


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def where(number: int) -> int:
    return os.getpid()


def begin(path: Path) -> None:
    path.touch()
    time.sleep(0.3)


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    assert list(in_order(double, range(40), workers)) == [2 * n for n in range(40)]


def test_one_worker_is_this_process_and_two_are_not() -> None:
    assert set(in_order(where, range(3), 1)) == {os.getpid()}
    assert os.getpid() not in set(in_order(where, range(3), 2))


@pytest.mark.parametrize("workers", [1, 2])
def test_items_are_drawn_only_a_little_ahead(workers: int) -> None:
    drawn = []

    def items() -> Iterator[int]:
        for number in range(1000):
            drawn.append(number)
            yield number

    results = in_order(double, items(), workers)
    next(results)
    assert len(drawn) <= AHEAD * workers
    results.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_worker_raises_is_raised_here(workers: int) -> None:
    results = in_order(double, [1, -1, 2], workers)
    assert next(results) == 2
    with pytest.raises(ValueError, match="-1 is negative"):
        list(results)


def test_what_is_handed_out_is_not_begun_once_nobody_waits_for_it(tmp_path: Path) -> None:
    results = in_order(begin, [tmp_path / str(number) for number in range(8)], 2)
    next(results)
    begun = len(list(tmp_path.iterdir()))
    results.close()
    assert len(list(tmp_path.iterdir())) <= begun + 2


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_keep_the_order_and_stay_close(threads: int) -> None:
    drawn = []

    def slow_at_first(number: int) -> int:
        time.sleep(0.02 if number == 0 else 0)
        return -number

    def items() -> Iterator[int]:
        for number in range(20):
            drawn.append(number)
            yield number

    results = in_threads(slow_at_first, items(), threads)
    assert next(results) == 0
    assert len(drawn) <= 2 * threads
    assert list(results) == [-number for number in range(1, 20)]


def test_what_a_thread_raises_is_raised_here() -> None:
    with pytest.raises(ValueError, match="-1 is negative"):
        list(in_threads(double, [1, -1, 2], 2))


def test_a_killed_worker_is_one_clear_error() -> None:
    with pytest.raises(MuseganError, match="fewer --workers"):
        list(in_order(die, [1], 2))


def test_workers_do_not_outlive_a_killed_parent() -> None:
    program = (
        "import os, time\n"
        "from pipelines.workers import in_order\n"
        "from tests.pipelines.test_workers import where\n"
        "if __name__ == '__main__':\n"
        "    for pid in in_order(where, iter(int, 1), 1 + 1):\n"
        "        print(pid, flush=True)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent:
        worker = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 20
    while alive(worker):
        assert time.monotonic() < deadline, "the worker outlived its parent"
        time.sleep(0.05)


@pytest.mark.parametrize("delay", [0, 0.05])
def test_ctrl_c_while_workers_start_is_the_parent_s_alone(delay: float) -> None:
    program = (
        "import os, signal, time\n"
        "from pipelines.workers import in_order\n"
        "from tests.pipelines.test_workers import double\n"
        "def items():\n"
        "    for number in range(3):\n"
        "        yield number\n"
        f"        time.sleep({delay})\n"
        "        os.killpg(0, signal.SIGINT)\n"
        "if __name__ == '__main__':\n"
        "    heard = []\n"
        "    signal.signal(signal.SIGINT, lambda *signal: heard.append(signal))\n"
        "    print(list(in_order(double, items(), 2)), len(heard))\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, start_new_session=True)
    assert (done.stdout, done.stderr) == ("[0, 2, 4] 3\n", "")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
