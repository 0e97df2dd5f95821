import numpy as np
import pytest

from musegan.data.clicks import free_time, keeps_beat
from musegan.song import Multitrack, Notes, Track

TICKS = 480


def song(beats: np.ndarray) -> Multitrack:
    rows = [(round(beat * TICKS), 100, 60, 80) for beat in beats.tolist()]
    return Multitrack((Track(Notes.of(rows)),), TICKS)


@pytest.mark.parametrize("pulse", [1, 1 / 2, 1 / 3, 1 / 4])
def test_hands_are_never_quite_on_the_beat(pulse: float) -> None:
    noise = np.random.default_rng(0).normal(0.03, 0.03, 200)
    assert keeps_beat(song(1 + np.arange(200) * pulse + noise))


def test_another_tempo_than_the_file_s_is_told() -> None:
    played = song(np.arange(200) * 1.29)
    assert not keeps_beat(played)
    (remark,) = free_time(played)
    assert "without a click" in remark


def test_a_few_notes_and_none_tell_nothing() -> None:
    assert not free_time(song(np.arange(40) * 1.29))
    assert not free_time(Multitrack(()))
