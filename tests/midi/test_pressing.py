import pytest

from musegan.midi.events import Event
from musegan.midi.pressing import Row, without_pressure

GONE: Row = (100, 50, 60, 80)
STAYS: Row = (200, 50, 60, 80)
RINGS: Row = (90, 30, 60, 70)


def press(time: int, key: int = 60, channel: int = 0) -> Event:
    return Event(time, bytes((0xA0 | channel, key, 64)))


def left(event: Event, old: list[Row], now: list[Row]) -> bool:
    """Whether an event on channel 1 or 2 is left; a note of the same key plays on channel 2."""
    other = [(1, GONE)]
    old_rows, now_rows = ([(0, row) for row in rows] + other for rows in (old, now))
    (made,) = without_pressure([[event]], old_rows, now_rows)
    return bool(made)


@pytest.mark.parametrize("time", [100, 120, 150, 160, 199])
def test_pressure_goes_with_its_note(time: int) -> None:
    assert not left(press(time), [GONE, STAYS], [STAYS])
    assert not left(press(time), [GONE, STAYS], [(90, 200, 60, 80), STAYS])
    assert left(press(time), [GONE, STAYS], [GONE, STAYS])


@pytest.mark.parametrize(
    "event", [press(99), press(200), press(300), press(120, 61), press(120, 60, 1)]
)
def test_pressure_of_others_stays(event: Event) -> None:
    assert left(event, [GONE, STAYS], [STAYS])


def test_pressure_stays_while_a_note_of_its_key_that_stays_sounds() -> None:
    assert left(press(120), [RINGS, GONE], [RINGS])
    assert not left(press(121), [RINGS, GONE], [RINGS])


def test_other_messages_stay() -> None:
    assert left(Event(120, b"\xb0\x3c\x40"), [GONE], [])
    assert left(Event(120, b"\xff\x01\x00"), [GONE], [])
