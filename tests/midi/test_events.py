import pytest

from musegan.midi.events import Event, read_events, write_events

NOTE_ON, NOTE_OFF = bytes((0x91, 60, 80)), bytes((0x91, 60, 0))
NAME = b"\xff\x03\x02hi"


def test_running_status_is_written_out() -> None:
    body = b"\x00\x91\x3c\x50\x81\x00\x3c\x00\x05\xc1\x07\x00" + NAME + b"\x00\xff\x2f\x00"
    assert read_events(body) == [
        Event(0, NOTE_ON),
        Event(128, NOTE_OFF),
        Event(133, b"\xc1\x07"),
        Event(133, NAME),
    ]


def test_what_comes_after_the_end_mark_is_nothing() -> None:
    assert read_events(b"\x00\xff\x2f\x00\x00\x91\x3c\x50") == []


def test_events_come_back() -> None:
    events = [Event(0, NAME), Event(200, b"\xf0\x02\x01\xf7"), Event(20_000, NOTE_ON)]
    assert read_events(write_events(events)) == events


def test_messages_tell_their_channel() -> None:
    assert Event(0, NOTE_ON).channel == 1
    assert [Event(0, other).channel for other in (NAME, b"\xf0\x00")] == [None, None]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"\x00\x3c\x50", ValueError),
        (b"\x00\xf3\x50", ValueError),
        (b"\x00\x91\x3c", IndexError),
        (b"\x00\xff\x03\x09hi", IndexError),
        (b"\x80", IndexError),
    ],
)
def test_bytes_that_are_no_events_are_noticed(body: bytes, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        read_events(body)
