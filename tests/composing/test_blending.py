import numpy as np
import pytest

from musegan.composing.blending import blend, interpolate, sounding_cells
from musegan.composing.study import Study
from musegan.errors import MuseganError
from musegan.song import Meter, Multitrack, Tempo

from .toys import TICKS, apart, learn, quiet_model, track

MODEL = quiet_model(common_key=True)


def line(pitches: tuple[int, ...], drum: int, bars: int, bpm: float) -> Study:
    beats = range(4 * bars)
    bass = [(b * TICKS, TICKS // 2, pitches[b % len(pitches)], 80) for b in beats]
    hits = [(b * TICKS, 20, drum, 80) for b in beats]
    song = Multitrack((track("drums", hits), track("bass", bass)), TICKS, (Tempo(0, bpm),))
    return learn(MODEL, song)


@pytest.fixture(name="ends", scope="module")
def two_songs() -> tuple[Study, Study]:
    return line((36, 40, 43, 45), 36, 4, 80.0), line((38, 42, 45, 47, 50), 38, 4, 125.0)


def test_the_ends_are_the_songs_themselves(ends: tuple[Study, Study]) -> None:
    songs = interpolate(MODEL, *ends, 5)
    assert len(songs) == 5
    assert (songs[0], songs[-1]) == (ends[0].song, ends[1].song)
    assert len({song.name for song in songs[1:-1]}) == 3


def test_two_steps_are_the_ends_alone(ends: tuple[Study, Study]) -> None:
    assert interpolate(MODEL, *ends, 2) == [ends[0].song, ends[1].song]


def test_each_step_leads_further_from_one_and_nearer_to_the_other(
    ends: tuple[Study, Study],
) -> None:
    ways = [interpolate(MODEL, *ends, 7, seed=seed) for seed in range(4)]
    # compared on the grid's ticks, as blends are written
    whole = [[blend(MODEL, *ends, 0.0, 0), *way[1:-1], blend(MODEL, *ends, 1.0, 0)] for way in ways]
    to_one = np.mean([[apart(song, way[0]) for song in way] for way in whole], axis=0)
    to_other = np.mean([[apart(song, way[-1]) for song in way] for way in whole], axis=0)
    assert to_one[0] == to_other[-1] == 0
    assert (np.diff(to_one) > -0.02).all()
    assert (np.diff(to_other) < 0.02).all()
    assert to_one[1] < 0.75 < to_one[-2]
    assert to_other[-2] < 0.75 < to_other[1]


def test_all_but_the_ends_differ_by_seed(ends: tuple[Study, Study]) -> None:
    one, same, other = (interpolate(MODEL, *ends, 4, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one[1:-1] != other[1:-1]


def test_tempos_go_evenly_from_one_to_the_other(ends: tuple[Study, Study]) -> None:
    tempos = [song.tempos[0].bpm for song in interpolate(MODEL, *ends, 3)]
    assert tempos == pytest.approx([80, 100, 125])


def test_steps_are_played_as_the_nearer_end_is() -> None:
    notes = [(beat * TICKS, TICKS // 2, 40, 80) for beat in range(8)]
    nylon, hits = track("Bass of nylon", notes, 24), track("drums", notes, 0)
    one = learn(MODEL, Multitrack((nylon, track("bass", notes[:3]), hits), TICKS))
    other = learn(MODEL, Multitrack((track("My bass", notes, 87),), TICKS))
    steps = interpolate(MODEL, one, other, 6)[1:-1]
    played = [[(each.name, each.program) for each in step.tracks] for step in steps]
    assert played[0] == played[1] == [("Bass of nylon", 24), ("drums", 0)]
    assert played[2][0] == played[3][0] == ("My bass", 87)
    assert [name for name, _ in played[2][1:]] == ["drums"]  # the band's own, after those it has


def test_songs_of_different_length_are_an_error(ends: tuple[Study, Study]) -> None:
    for bars in (2, 5):  # 5 are a phrase and the bar of another
        song = line((36,), 36, bars, 80.0)
        with pytest.raises(
            MuseganError, match=f"they have 4 and {bars} bars; give two of one length"
        ):
            interpolate(MODEL, ends[0], song, 5)


def test_a_song_may_rest_in_the_last_bar_of_a_phrase(ends: tuple[Study, Study]) -> None:
    short = line((36,), 36, 3, 80.0)
    for one, other in ((short, ends[1]), (ends[1], short)):
        songs = interpolate(MODEL, one, other, 9)
        assert (songs[0], songs[-1]) == (one.song, other.song)
        lengths = [song.end / song.ticks_per_quarter for song in songs]
        near, *_, far = lengths[1:-1] if one is short else lengths[-2:0:-1]
        assert 2 * 4 < near < far <= 4 * 4


def test_songs_need_not_be_whole_phrases_long() -> None:
    one, other = line((36,), 36, 3, 80.0), line((43,), 38, 3, 80.0)
    for song in interpolate(MODEL, one, other, 4):
        assert 2 * 4 < song.end / song.ticks_per_quarter <= 3 * 4


def test_steps_are_in_the_meter_of_the_nearer_end() -> None:
    notes = [(beat * TICKS, TICKS // 2, 40, 80) for beat in range(12)]
    waltz, jig = (
        learn(MODEL, Multitrack((track("bass", notes),), TICKS, (), (Meter(0, *meter),)))
        for meter in [(3, 4), (12, 8)]
    )
    with pytest.raises(MuseganError, match="they have 4 and 2 bars"):
        interpolate(MODEL, waltz, jig, 4)
    first, second = interpolate(MODEL, waltz, waltz, 4)[1:-1]
    assert first.meters == second.meters == (Meter(0, 3, 4),)
    for step in (first, second):
        for part in step.tracks:
            assert (part.notes.start < 12 * step.ticks_per_quarter).all()


def test_a_track_that_both_play_is_never_silent() -> None:
    one = np.array([[True, False, False, False], [True, True, True, True]])
    other = np.array([[False, False, False, True], [False, False, False, False]])
    ways = [[sounding_cells(one, other, step / 8, seed) for step in range(9)] for seed in range(9)]
    assert all(cells[0].any() for way in ways for cells in way)
    assert all((way[0] == one).all() and (way[-1] == other).all() for way in ways)
    falls = np.array([[cells[1].sum() for cells in way] for way in ways])
    assert (np.diff(falls) <= 0).all()
