import pytest

from musegan.composing.tempo import steady_from, usual_tempo
from musegan.song import Multitrack, Tempo


def song(*tempos: tuple[int, float]) -> Multitrack:
    return Multitrack((), 96, tuple(Tempo(*tempo) for tempo in tempos))


@pytest.mark.parametrize(
    ("tempos", "usual"),
    [
        ([], 120),
        ([(0, 90.0)], 90),
        ([(-5, 90.0)], 90),
        ([(60, 90.0)], 120),  # 60 ticks of 100 as MIDI says when nothing is said
        ([(0, 90.0), (70, 80.0), (80, 60.0), (90, 40.0)], 90),
        ([(0, 140.0), (30, 100.0), (60, 60.0)], 100),
        ([(0, 80.0), (0, 90.0), (200, 50.0)], 90),
    ],
)
def test_the_usual_tempo_is_the_middle_one_of_all_beats(
    tempos: list[tuple[int, float]], usual: float
) -> None:
    assert usual_tempo(song(*tempos), 100) == usual


def test_a_tempo_that_has_lasted_is_the_songs() -> None:
    later = song((0, 110.0), (240 * 96, 120.0), (299 * 96, 60.0))
    assert usual_tempo(later, 300 * 96) == 120
    steady, _ = steady_from(later, 300 * 96)
    assert steady.tempos[-1] == Tempo(300 * 96, 120.0)


def test_a_song_that_strayed_from_its_tempo_goes_back_to_it() -> None:
    steady, remarks = steady_from(song((0, 90.0), (80, 60.0), (90, 40.0), (120, 30.0)), 100)
    assert steady == song((0, 90.0), (80, 60.0), (90, 40.0), (100, 90.0))
    assert remarks == ["the song ends at 40 bpm; it goes on at its usual 90 bpm"]


def test_a_song_that_sped_up_keeps_the_tempo_it_has_reached() -> None:
    faster = song(*((beat * 96, 100.0 + 2 * beat) for beat in range(32)))
    assert steady_from(faster, 32 * 96) == (faster, [])
    stepped = song((0, 100.0), (28 * 96, 150.0))
    assert steady_from(stepped, 32 * 96) == (stepped, [])


def test_a_single_fast_beat_is_no_faster_tempo() -> None:
    hurried = song((0, 100.0), (31 * 96, 150.0))
    steady, remarks = steady_from(hurried, 32 * 96)
    assert steady.tempos[-1] == Tempo(32 * 96, 100.0)
    assert remarks == ["the song ends at 150 bpm; it goes on at its usual 100 bpm"]


def test_a_song_that_is_nearly_in_its_tempo_stays_so() -> None:
    assert steady_from(song((0, 90.0), (80, 94.0)), 100) == (song((0, 90.0), (80, 94.0)), [])
    assert steady_from(song((0, 90.0), (100, 50.0)), 100) == (song((0, 90.0)), [])
    assert steady_from(song(), 100) == (song(), [])
