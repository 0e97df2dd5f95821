from dataclasses import replace

import numpy as np
import pytest

from musegan.data.bars import Stretch
from musegan.data.cutting import Cut
from musegan.data.events import place
from musegan.data.meters import bar_ticks
from musegan.data.phrasing import (
    phrase_song,
    phrase_songs,
    place_song,
    stretch_phrase,
    whole_phrase,
)
from musegan.errors import MuseganError
from musegan.pianoroll import Grid
from musegan.song import Key, Meter, Tempo
from tests.data.music import BASS, DRUMS, FOUR, PIANO, TICKS, TRIO, invented, scale, song

BAR = 4 * TICKS


def test_a_phrase_tells_its_bar_tempo_and_key():
    music = replace(
        song(piano=scale(8)),
        tempos=(Tempo(0, 120.0), Tempo(4 * BAR, 60.0)),
        keys=(Key(2 * BAR, -1, True),),
    )
    made = phrase_song(music, TRIO, FOUR, Cut(2, 1, 1, 1))
    assert made.bar.tolist() == list(range(7))
    assert made.bpm.tolist() == [120, 120, 120, 80, 60, 60, 60]
    assert made.key == [None, None, *["D minor"] * 5]
    assert made.bar.dtype == np.int32
    assert made.bpm.dtype == np.float32
    assert made.phrases.rows()[1] == [
        (PIANO, 12 * beat, 6, 60 + (5 * (1 + beat // 4) + 2 * (beat % 4)) % 24, 80)
        for beat in range(8)
    ]


def test_tempo_is_in_quarter_notes_whatever_the_beat():
    music = song([(0, 6, 8)], piano=scale(4, beats=3))
    made = phrase_song(music, TRIO, Grid(6, 6, 8), Cut(2, 2, 1, 1))
    assert made.bpm.tolist() == [120, 120]


def test_bars_are_numbered_over_the_whole_song():
    music = song([(0, 4, 4), (16, 2, 4), (18, 4, 4)], piano=scale(4) + scale(4, first=18))
    made = phrase_song(music, TRIO, FOUR, Cut(2, 2, 1, 1))
    assert made.bar.tolist() == [0, 2, 4, 6]


def test_poor_phrases_are_dropped():
    sparse = [*scale(2), (8, 1, 60, 80), (20, 1, 60, 80)]
    music = song(piano=sparse, bass=[(0, 4, 30, 80), (20, 1, 30, 80)])
    made = phrase_song(music, TRIO, FOUR, Cut(2, 1, 1, 5))
    assert made.bar.tolist() == [0, 1]
    made = phrase_song(music, TRIO, FOUR, Cut(2, 1, 2, 1))
    assert made.bar.tolist() == [0, 4]


def test_many_songs_give_what_each_gives_alone():
    grid, cut = FOUR, Cut(4, 1, 1, 1)
    songs = [place_song(invented(seed, bars=4 + seed), TRIO, grid, cut) for seed in range(4)]
    together = phrase_songs(songs, TRIO, grid, cut)
    alone = [phrase_songs([one], TRIO, grid, cut) for one in songs]
    assert together.phrases.rows() == [rows for made in alone for rows in made.phrases.rows()]
    assert together.song.tolist() == [n for n, made in enumerate(alone) for _ in made.bar]
    for column in ("bar", "bpm", "hashes"):
        parts = [getattr(made, column) for made in alone]
        assert np.array_equal(getattr(together, column), np.concatenate(parts))
    assert together.key == [key for made in alone for key in made.key]


def test_no_songs_give_no_phrases():
    made = phrase_songs([], TRIO, FOUR, Cut())
    assert len(made.phrases) == len(made.bar) == len(made.hashes) == 0
    assert made.key == []


def test_what_is_left_out_is_told():
    music = song([(0, 4, 4), (16, 3, 4)], piano=scale(4) + scale(2, 16, beats=3), harp=scale(1))
    placed = place_song(music, TRIO, FOUR, Cut())
    assert placed.left_out == ("track 'harp': no place in a trio", "2 bars of 3/4")
    assert placed.bar_ticks == bar_ticks(music, FOUR) == BAR


@pytest.mark.parametrize(
    ("music", "told"),
    [
        (song([(0, 3, 4)], piano=scale(9, beats=3)), r"no 4 bars of 4/4 .*\(only 9 bars of 3/4\)"),
        (song(piano=scale(3)), r"no 4 bars of 4/4 in a row \(only 3 bars of 4/4\)"),
        (song(harp=scale(4)), "no track has a place"),
        (song(piano=[(0, 1, 60, 80), (4 * 10_000, 1, 60, 80)]), "has 10001 bars"),
    ],
)
def test_songs_without_phrases_say_why(music, told):
    with pytest.raises(MuseganError, match=told):
        place_song(music, TRIO, FOUR, Cut())


def test_a_whole_phrase_keeps_its_rests():
    music = song(drums=[(5, 1, 36, 90)], bass=[(7, 4, 30, 80)], piano=[(9, 1, 60, 80)])
    assert whole_phrase(music, TRIO, FOUR, 2).rows() == [
        [(DRUMS, 60, 1, 36, 90), (BASS, 84, 12, 30, 80)]
    ]
    assert len(whole_phrase(song(piano=[(9, 1, 60, 80)]), TRIO, FOUR, 2)) == 1


def test_a_stretch_is_a_phrase_of_its_own():
    music = song(piano=[(2, 1, 59, 80), (3, 1, 60, 80), (9.99, 9, 62, 80), (11.1, 1, 64, 80)])
    events, _ = place(music, TRIO)
    cut = stretch_phrase(events, Stretch(3 * TICKS, 2), 4 * TICKS, FOUR)
    assert cut.bars == 2
    assert cut.rows() == [[(PIANO, 0, 12, 60, 80), (PIANO, 84, 12, 62, 80)]]  # ends with it


def test_meters_beside_the_grid_are_read_by_their_length():
    music = replace(song(piano=scale(4)), meters=(Meter(0, 2, 2),))
    assert phrase_song(music, TRIO, FOUR, Cut(4, 1, 1, 1)).bar.tolist() == [0]
