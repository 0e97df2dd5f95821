from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.data.batches import PhraseSource, Room, transpose, transposing_room
from musegan.instruments import Ensemble, EnsembleTrack
from musegan.pianoroll import Grid, Phrases

BAND = Ensemble(
    "three",
    (
        EnsembleTrack("drums", 0, True, 35, 81),
        EnsembleTrack("bass", 33, False, 30, 60),
        EnsembleTrack("lead", 80, False, 50, 90),
    ),
)
GRID = Grid(4, 3)


def phrases(*rows: list[tuple[int, int]]) -> Phrases:
    """Phrases of (track, pitch) notes."""
    full = [[(track, step, 1, pitch, 64) for step, (track, pitch) in enumerate(r)] for r in rows]
    return Phrases.of(full, GRID, 1)


@st.composite
def playable(draw):
    """Phrases whose every note its track can play."""

    def note(track: int):
        member = BAND.tracks[track]
        return st.tuples(st.just(track), st.integers(member.low, member.high))

    one = st.lists(st.integers(0, 2).flatmap(note), max_size=6)
    return phrases(*draw(st.lists(one, min_size=1, max_size=4)))


def test_room_is_what_the_tightest_track_leaves():
    some = phrases([(1, 33), (2, 60)], [(1, 58), (2, 89)], [(0, 40)], [])
    room = transposing_room(some, BAND)
    assert room.down.tolist() == [-3, -28, -127, -127]
    assert room.up.tolist() == [27, 1, 127, 127]


def test_room_has_a_limit():
    room = transposing_room(phrases([(1, 33), (2, 60)], []), BAND, limit=5)
    assert room.down.tolist() == [-3, -5]
    assert room.up.tolist() == [5, 5]


def test_a_phrase_beyond_its_range_does_not_move_further():
    room = transposing_room(phrases([(1, 20)], [(2, 100)]), BAND, limit=6)
    assert room.down.tolist() == [0, -6]
    assert room.up.tolist() == [6, 0]


@given(playable(), st.integers(0, 12), st.data())
def test_transposed_phrases_stay_in_range_and_drums_stay_put(some, limit, data):
    room = transposing_room(some, BAND, limit)
    shift = np.array(
        [data.draw(st.integers(a, b)) for a, b in zip(room.down, room.up, strict=True)]
    )
    moved = transpose(some, shift, BAND)
    for before, after, semitones in zip(some.rows(), moved.rows(), shift, strict=True):
        for (track, *_, old, _), (_, *_, new, _) in zip(before, after, strict=True):
            member = BAND.tracks[track]
            assert new - old == (0 if member.is_drum else semitones)
            assert member.low <= new <= member.high


@given(playable())
def test_moving_there_and_back_changes_nothing(some):
    room = transposing_room(some, BAND, 12)
    assert transpose(transpose(some, room.up, BAND), -room.up, BAND).rows() == some.rows()


def source(seed: int = 1, limit: int = 6) -> PhraseSource:
    some = phrases(*([(1, pitch), (2, pitch + 20), (0, 38)] for pitch in range(36, 56)))
    style = np.arange(20) % 3
    return PhraseSource(some, style, BAND, transposing_room(some, BAND, limit), seed)


def test_a_draw_depends_on_seed_and_number_alone():
    first, again = source(), source()
    first.draw(0, 8)
    one, same = first.draw(3, 8), again.draw(3, 8)
    assert one[0].rows() == same[0].rows()
    assert one[1].tolist() == same[1].tolist()
    assert one[0].rows() != first.draw(4, 8)[0].rows() != source(seed=2).draw(4, 8)[0].rows()


def test_a_draw_brings_its_styles_and_reaches_everything():
    some = source(limit=0)
    known = {tuple(rows): some.style[i] for i, rows in enumerate(some.phrases.rows())}
    drawn, style = some.draw(0, 400)
    assert len(drawn) == len(style) == 400
    assert all(known[tuple(rows)] == s for rows, s in zip(drawn.rows(), style, strict=True))
    assert len({tuple(rows) for rows in drawn.rows()}) == len(known)


@pytest.mark.parametrize("limit", [0, 2])
def test_draws_move_by_every_amount_there_is_room_for(limit):
    some = source(limit=limit)
    one = replace(
        some,
        phrases=some.phrases.select([0]),
        style=some.style[:1],
        room=Room(np.array([-limit]), np.array([limit])),
    )
    drawn, _ = one.draw(0, 100)
    amounts = drawn.pitch[drawn.track == 1].astype(int) - one.phrases.pitch[0]
    assert set(amounts.tolist()) == set(range(-limit, limit + 1))
