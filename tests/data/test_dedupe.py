from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.data.dedupe import SeenHashes, phrase_hashes, song_hashes
from musegan.data.events import place
from musegan.data.runs import Runs
from musegan.pianoroll import Phrases
from musegan.song import Multitrack, Track
from tests.data.music import BASS, DRUMS, FOUR, PIANO, TRIO, invented, song, transposed

IS_DRUM = np.array([True, False, False])
RIFF = [
    (DRUMS, 0, 1, 36, 90),
    (DRUMS, 12, 1, 38, 90),
    (BASS, 0, 24, 31, 80),
    (BASS, 24, 12, 38, 80),
    (PIANO, 0, 12, 62, 70),
    (PIANO, 12, 12, 66, 70),
    (PIANO, 12, 12, 69, 70),
]


def hash_of(rows: list[tuple[int, int, int, int, int]]) -> int:
    return int(phrase_hashes(Phrases.of([rows], FOUR, 1), IS_DRUM)[0])


def moved(shifts: dict[int, int], rows=RIFF) -> list[tuple[int, int, int, int, int]]:
    return [(t, s, d, p + shifts.get(t, 0), v) for t, s, d, p, v in rows]


@given(st.integers(0, 11), st.lists(st.integers(-2, 4), min_size=7, max_size=7), st.randoms())
def test_transposed_and_in_other_octaves_a_phrase_is_the_same(shift, octaves, random):
    rows = [
        (t, s, d, p if t == DRUMS else p + shift + 12 * octave, random.randint(1, 127))
        for (t, s, d, p, _), octave in zip(RIFF, octaves, strict=True)
    ]
    assert hash_of(rows) == hash_of(RIFF)


@pytest.mark.parametrize("shift", range(12))
def test_music_that_repeats_within_the_octave_has_no_one_tonic_and_needs_none(shift):
    """A diminished chord is itself three semitones higher; a bare fifth has two equal notes."""
    for chord in ((60, 63, 66, 69), (60, 67), (60, 61, 66, 67), range(60, 72)):
        rows = [(PIANO, 0, 12, pitch, 80) for pitch in chord]
        assert hash_of(moved({PIANO: shift}, rows)) == hash_of(rows)


@pytest.mark.parametrize(
    "rows",
    [
        moved({BASS: 1}),
        moved({PIANO: 2}),
        moved({DRUMS: 1}),
        moved({DRUMS: 12}),
        RIFF[1:],
        [*RIFF, (PIANO, 24, 12, 62, 70)],
        [*RIFF[:-1], (PIANO, 12, 11, 69, 70)],
        [*RIFF[:-1], (PIANO, 13, 12, 69, 70)],
        [(BASS if t == PIANO else t, *rest) for t, *rest in RIFF if t != BASS],
    ],
    ids=range(9),
)
def test_anything_else_makes_another_phrase(rows):
    assert hash_of(rows) != hash_of(RIFF)


def test_each_phrase_has_its_own_hash_whatever_stands_beside_it():
    phrases = [RIFF, [], moved({PIANO: 1}), RIFF[:2], moved({BASS: 5, PIANO: 5})]
    hashes = phrase_hashes(Phrases.of(phrases, FOUR, 1), IS_DRUM).tolist()
    assert hashes == [hash_of(rows) for rows in phrases]
    assert hashes[0] == hashes[4]
    assert len(set(hashes)) == 4


def hash_of_song(music: Multitrack) -> int:
    events, _ = place(music, TRIO)
    (hashed,) = song_hashes(events, Runs.of([events]), [music.ticks_per_quarter])
    return hashed


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("shift", [-7, 1, 6, 12, 19])
def test_a_song_is_the_same_in_every_key_even_folded_into_a_range(seed, shift):
    music = invented(seed)
    assert hash_of_song(transposed(music, shift)) == hash_of_song(music)
    assert hash_of_song(invented(seed + 100)) != hash_of_song(music)


def test_a_song_is_the_same_at_other_velocities_resolutions_and_beginnings():
    music = song(piano=[(0, 1, 60, 80), (1, 1, 64, 80), (2, 1, 67, 80)])
    rows = [(8, 2, 62, 99), (9, 0.5, 66, 1), (10, 1, 69, 80)]
    assert hash_of_song(song(ticks=96, piano=rows)) == hash_of_song(music)
    assert hash_of_song(song(piano=rows[:2], bass=rows[2:])) == hash_of_song(music)
    assert hash_of_song(song(piano=[(8, 2, 62, 99), (9.5, 0.5, 66, 1), (10, 1, 69, 80)])) != (
        hash_of_song(music)
    )


def test_drums_of_a_song_count_as_they_are():
    beat, other = song(drums=[(0, 1, 36, 80)]), song(drums=[(0, 1, 38, 80)])
    assert hash_of_song(beat) != hash_of_song(other)
    as_piano = replace(beat, tracks=(Track(beat.tracks[0].notes, name="piano"),))
    assert hash_of_song(as_piano) != hash_of_song(beat)


def test_the_hash_of_a_song_never_changes():
    """Splits are drawn by it: another formula would mix songs of train and test."""
    assert f"{hash_of_song(invented(1)):016x}" == "a5f089815b515e06"


@given(st.lists(st.lists(st.integers(0, 40), max_size=12), max_size=12))
def test_seen_hashes_are_a_set_that_knows_what_is_new(batches):
    seen, known = SeenHashes(), set()
    for batch in batches:
        fresh = seen.first_seen(np.array(batch, np.uint64)).tolist()
        expected = []
        for value in batch:
            expected.append(value not in known)
            known.add(value)
        assert fresh == expected
