from musegan.midi.events import Event
from musegan.midi.settling import Part, settle
from musegan.song import Notes, Span

OLD = [(0, 50, 60, 80), (100, 50, 62, 80), (200, 50, 64, 80)]
NEXT = [(300, 50, 65, 80)]
CENTRE = b"\x00\x40"


def bend(time: int, data: bytes, channel: int = 0) -> Event:
    return Event(time, bytes((0xE0 | channel,)) + data)


def turn(time: int, number: int, value: int) -> Event:
    return Event(time, bytes((0xB0, number, value)))


def part(
    old: list[tuple[int, int, int, int]],
    now: list[tuple[int, int, int, int]],
    *spans: Span,
    channel: int = 0,
) -> Part:
    return Part(channel, Notes.of(old), Notes.of(now), spans)


def test_after_a_song_s_end_all_is_as_usual_in_it() -> None:
    chunk = [
        turn(0, 7, 90),
        turn(190, 7, 40),  # the notes began at 90, 90 and 40
        turn(195, 11, 30),
        turn(196, 11, 127),
        bend(210, b"\x00\x50"),
        turn(220, 64, 127),
        turn(230, 67, 127),
        turn(240, 67, 0),
        turn(250, 1, 10),
        turn(260, 10, 20),
    ]
    late = [turn(300, 7, 5), bend(310, b"\x00\x20")]
    (made,) = settle([[*chunk, *late]], [part(OLD, OLD + NEXT, (300, 600))])
    assert made[: len(chunk)] == chunk
    assert sorted(made[len(chunk) :]) == sorted(
        [bend(300, CENTRE), turn(300, 64, 0), turn(300, 7, 90), turn(300, 1, 0)]
    )


def test_what_is_as_usual_already_is_left_alone() -> None:
    chunk = [turn(0, 7, 90), bend(10, b"\x00\x50"), bend(20, CENTRE), turn(30, 64, 127)]
    chunk.append(turn(40, 64, 0))
    assert settle([chunk], [part(OLD, OLD + NEXT, (300, 600))]) == [chunk]


def test_bends_go_with_their_notes_and_come_back_after_them() -> None:
    kept = [bend(10, b"\x00\x50"), turn(20, 64, 127), turn(110, 7, 30)]
    gone = [bend(100, b"\x00\x51"), bend(120, b"\x00\x52")]
    chunk = sorted([*kept, *gone, bend(200, b"\x00\x53")])
    now = [OLD[0], (110, 20, 70, 80), OLD[2]]
    assert settle([chunk], [part(OLD, now, (100, 200))]) == [
        [
            kept[0],
            kept[1],
            bend(100, CENTRE),
            kept[2],
            bend(200, b"\x00\x52"),
            bend(200, b"\x00\x53"),
        ]
    ]


def test_pressure_on_a_channel_goes_with_its_notes_and_comes_back_after_them() -> None:
    pressed, gone, after = (Event(time, bytes((0xD0, time // 10))) for time in (90, 120, 210))
    now = [OLD[0], (110, 20, 70, 80), OLD[2]]
    assert settle([[pressed, gone, after]], [part(OLD, now, (100, 200))]) == [
        [pressed, Event(100, b"\xd0\x00"), Event(200, b"\xd0\x0c"), after]
    ]


def test_bends_stay_where_another_track_of_the_channel_plays_on() -> None:
    chunk = [bend(110, b"\x00\x50")]
    remade = part(OLD, [OLD[0], (110, 20, 70, 80), OLD[2]], (100, 200))
    assert settle([chunk], [remade, part([OLD[1]], [OLD[1]])]) == [chunk]
    other = part([OLD[1]], [OLD[1]], channel=1)
    assert settle([chunk], [remade, other]) == [[bend(200, b"\x00\x50")]]


def test_a_given_note_keeps_its_bend_till_it_ends() -> None:
    held = [(0, 130, 60, 80), *OLD[1:]]
    chunk = [bend(110, b"\x00\x50"), bend(140, b"\x00\x60")]
    now = [held[0], (150, 20, 70, 80)]
    (made,) = settle([chunk], [part(held, now, (100, 200))])
    assert made == [chunk[0], bend(130, CENTRE)]
    drone = [(0, 500, 60, 80), *OLD[1:]]
    assert settle([chunk], [part(drone, [drone[0], (150, 20, 70, 80)], (100, 200))]) == [chunk]


def test_spans_in_a_row_are_one() -> None:
    chunk = [bend(50, b"\x00\x50")]
    now = [OLD[0], (110, 20, 70, 80), (210, 20, 70, 80), (300, 9, 60, 80)]
    (made,) = settle([chunk], [part([*OLD, *NEXT], now, (100, 200), (200, 300))])
    assert made == [chunk[0], bend(100, CENTRE), bend(300, b"\x00\x50")]


def test_where_nothing_new_sounds_all_stays() -> None:
    chunk = [bend(110, b"\x00\x50"), turn(120, 64, 127)]
    assert settle([chunk], [part(OLD, [OLD[0], OLD[2]], (100, 200))]) == [chunk]


def test_a_channel_s_dials_may_be_turned_in_several_chunks() -> None:
    left, right = [turn(0, 91, 40)], [bend(50, b"\x00\x50")]
    made = settle([[], left, right], [part(OLD, OLD + NEXT, (300, 600))])
    assert made == [[], [*left, bend(300, CENTRE)], right]


def test_nothing_comes_before_the_file_begins() -> None:
    chunk = [bend(0, b"\x00\x50")]
    (made,) = settle([chunk], [part(OLD[:1], [(0, 9, 70, 80), *OLD[1:]], (-4, 100))])
    assert made == [bend(100, b"\x00\x50")]
