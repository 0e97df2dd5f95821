from musegan.composing.casting import Cast
from musegan.composing.remaking import (
    beside_others,
    by_track,
    main_player,
    not_yet_struck,
    unheard,
    with_new,
    without,
)
from musegan.pianoroll import Grid, Phrases
from musegan.song import Multitrack, Notes
from tests.composing.toys import BAND, track

DRUMS, BASS = 0, 1
LOW = [(0, 10, 40, 80), (50, 10, 41, 80)]
SONG = Multitrack(
    (track("bass", LOW), track("Bass 2", [*LOW, (90, 10, 42, 80)]), track("kazoo", LOW)), 96
)
# both basses play the bass, the kazoo has no part, and all but the first are asked for
ASKED = Cast((BASS, BASS, "no place in a duo"), (False, True, True), (BASS,))
BOTH = Cast(ASKED.parts, (True, True, False), (BASS,))
NEW = Notes.of([(20, 5, 50, 70)])


def rows(song: Multitrack) -> list[list[tuple[int, int, int, int]]]:
    return [each.notes.rows() for each in song.tracks]


def test_notes_that_begin_in_the_spans_are_taken_out_of_the_tracks_asked_for() -> None:
    left = without(SONG, ASKED, [(5, 51), (90, 91)])
    assert rows(left) == [LOW, [LOW[0]], [LOW[0]]]
    assert [each.name for each in left.tracks] == ["bass", "Bass 2", "kazoo"]


def test_new_notes_go_to_the_track_that_plays_most_of_the_part() -> None:
    made = with_new(SONG, BOTH, BAND, {BASS: NEW})
    assert rows(made)[::2] == [LOW, LOW]
    assert NEW.rows()[0] in rows(made)[1]
    assert len(rows(made)[1]) == 4


def test_a_part_that_nobody_plays_gets_a_track_if_it_has_notes() -> None:
    made = with_new(SONG, BOTH, BAND, {DRUMS: NEW})
    assert rows(made) == [*rows(SONG), NEW.rows()]
    assert made.tracks[3].is_drum
    assert with_new(SONG, BOTH, BAND, {DRUMS: Notes.of([])}) == SONG


def test_only_tracks_asked_for_play_a_part_anew() -> None:
    assert main_player(SONG, BOTH, BASS) == 1
    assert main_player(SONG, Cast(BOTH.parts, (True, False, False), (BASS,)), BASS) == 0
    assert main_player(SONG, BOTH, DRUMS) is None
    assert by_track(ASKED, {BASS: [(0, 9)], DRUMS: [(3, 4)]}) == {1: ((0, 9),)}
    assert by_track(BOTH, {BASS: [(0, 9)]}) == {0: ((0, 9),), 1: ((0, 9),)}


def test_notes_end_where_a_player_of_the_part_strikes_the_same_pitch() -> None:
    notes = Notes.of([(20, 60, 41, 70), (20, 60, 43, 70), (5, 3, 40, 70)])
    beside = beside_others(notes, SONG, BOTH, BASS)
    # the second is on a pitch of its own, and the third's still sounds
    assert beside.rows() == [(20, 30, 41, 70), (20, 60, 43, 70)]


def test_what_is_struck_with_a_given_note_is_left_out() -> None:
    given = Phrases.of([[(DRUMS, 0, 1, 36, 90), (BASS, 12, 6, 40, 90)]], Grid(), 1)
    made = [
        (DRUMS, 0, 1, 36, 50),
        (DRUMS, 0, 1, 42, 50),
        (DRUMS, 12, 1, 36, 50),
        (BASS, 0, 6, 40, 50),
        (BASS, 12, 6, 47, 50),
    ]
    left = not_yet_struck(Phrases.of([made], Grid(), 1), given, BAND)
    # drums strike together, but not the same one; a bass plays one note at a time
    assert left.rows() == [[made[1], made[2], made[3]]]


def test_tracks_without_a_part_are_remarked_on() -> None:
    (remark,) = unheard(SONG, ASKED)
    assert remark == "track 'kazoo' stays, but the model does not hear it (no place in a duo)"


def test_where_nothing_begins_nothing_is_taken_out() -> None:
    assert without(SONG, ASKED, [(11, 50)]) == SONG
