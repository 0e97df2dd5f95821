import signal
import threading

import pytest

from musegan.training.stopping import TerminatedError, agreeing, terminable, uninterrupted


def test_an_interrupt_waits_for_the_end_of_the_block():
    done = []

    def work() -> None:
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            done.append("whole")
        done.append("not reached")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["whole"]


def test_afterwards_all_is_as_before():
    before = signal.getsignal(signal.SIGINT)
    with uninterrupted():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(ZeroDivisionError), uninterrupted():
        _ = 1 / 0
    assert signal.getsignal(signal.SIGINT) is before


def test_a_termination_stops_as_an_interrupt_does_and_waits_as_long():
    done = []

    def work() -> None:
        with terminable(), uninterrupted():
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGINT)
            done.append("whole")

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(TerminatedError) as stopped:
        work()
    assert isinstance(stopped.value, KeyboardInterrupt)
    assert done == ["whole"]
    assert signal.getsignal(signal.SIGTERM) is before


def test_other_threads_are_not_interrupted_and_do_not_mind():
    seen = []

    def work() -> None:
        with uninterrupted():
            seen.append(signal.getsignal(signal.SIGINT))

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_among_many_an_interrupt_is_only_noted(kind):
    before = signal.getsignal(kind)
    with agreeing(many=True) as asked:
        assert not asked()
        with uninterrupted():
            signal.raise_signal(kind)
        assert asked()
    assert signal.getsignal(kind) is before


@pytest.mark.parametrize(
    ("kind", "raised"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, TerminatedError)]
)
def test_among_many_it_is_told_which_stop_it_was(kind, raised):
    with pytest.raises(KeyboardInterrupt) as stopped, agreeing(many=True):  # noqa: PT012
        signal.raise_signal(kind)
        raise KeyboardInterrupt
    assert type(stopped.value) is raised


def test_alone_an_interrupt_acts_as_ever():
    with agreeing(many=False) as asked:
        assert not asked()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
