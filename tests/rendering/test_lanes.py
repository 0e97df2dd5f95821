import pytest

from musegan.rendering.lanes import song_lanes
from musegan.song import Multitrack, Notes, Track


def one_track(*rows: tuple[int, int, int, int], drum: bool = False) -> Track:
    return Track(Notes.of(rows), is_drum=drum, name="piano")


def test_lanes_name_pitches_and_drums() -> None:
    kit = one_track((0, 1, 36, 90), (0, 1, 42, 90), (4, 1, 38, 90), (8, 1, 36, 90), drum=True)
    drums, piano = song_lanes(Multitrack((kit, one_track((0, 1, 60, 90))), 4))
    assert [drums.row_label(pitch) for pitch in drums.pitches] == ["closed hi-hat", "snare", "kick"]
    assert len(piano.pitches) == 12
    assert [piano.row_label(p) for p in piano.pitches if piano.row_label(p)] == ["C4"]


@pytest.mark.parametrize("pitch", [0, 5, 64, 122, 127])
def test_a_lane_holds_its_note_wherever_it_lies(pitch: int) -> None:
    (lane,) = song_lanes(Multitrack((one_track((0, 1, pitch, 90)),), 4))
    assert lane.pitches[lane.row(pitch)] == pitch
    assert 0 <= min(lane.pitches) <= max(lane.pitches) <= 127
