import numpy as np
import pytest

from musegan.instruments import load_ensemble
from musegan.rendering.colours import PAPER, TRACKS, blend, note_colour, track_colours

BAND = load_ensemble()


@pytest.mark.parametrize(("low", "high"), [(1, 40), (40, 90), (90, 127)])
def test_louder_notes_have_more_of_their_colour(low: int, high: int) -> None:
    distance = [np.abs(np.subtract(note_colour(TRACKS[1], v), PAPER)).sum() for v in (low, high)]
    assert distance[0] < distance[1]
    assert note_colour(TRACKS[1], 127) == TRACKS[1]


def test_tracks_of_the_band_keep_their_colours_and_others_get_what_is_left() -> None:
    alone = track_colours(["strings", "x", "kit"], [False, False, True])
    band = track_colours(list(BAND.names), [t.is_drum for t in BAND.tracks])
    assert alone[0] == band[BAND.index("strings")]
    assert alone[2] == band[BAND.index("drums")] == TRACKS[0]
    assert len(set(band)) == len(band)
    assert alone[1] not in (alone[0], alone[2])
    assert len(set(track_colours([str(n) for n in range(20)], [False] * 20))) == 7


def test_a_blend_lies_on_the_way_from_one_colour_to_the_other() -> None:
    assert blend((0, 100, 200), (100, 0, 200), 0.25) == (25, 75, 200)
