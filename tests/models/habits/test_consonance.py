import torch
from torch import Tensor

from musegan.models.habits.consonance import agree

DRUMS_AND_THREE = torch.tensor([0.0, 1.0, 1.0, 1.0])


def expected(*pitches: set[int]) -> Tensor:
    """(batch, tracks, spans, pitches) one note of each pitch, a set a track, in the first span."""
    notes = torch.zeros(1, len(pitches), 2, 36)
    for track, own in enumerate(pitches):
        notes[0, track, 0, list(own)] = 1
    return notes


def test_what_most_tracks_play_becomes_surer_in_every_octave() -> None:
    told = agree(expected(set(), {0, 7}, {12, 19}, {24, 26}), DRUMS_AND_THREE)[0]
    for track in (1, 2, 3):
        assert told[track, 0, 0] > told[track, 0, 7] > told[track, 0, 2] > told[track, 0, 5]
        assert torch.equal(told[track, 0, :12], told[track, 0, 24:])


def test_drums_neither_tell_nor_heed() -> None:
    silent = agree(expected(set(), {0}, {4}, {7}), DRUMS_AND_THREE)
    busy = agree(expected({1, 3, 6}, {0}, {4}, {7}), DRUMS_AND_THREE)
    assert torch.equal(silent, busy)
    assert not busy[0, 0].any()


def test_a_busy_track_says_no_more_than_others() -> None:
    once, often = expected(set(), {0}, {4}, {7}), expected(set(), {0}, {4}, {7})
    often[0, 1] *= 9
    told = agree(often, DRUMS_AND_THREE)[0, 3, 0] - agree(once, DRUMS_AND_THREE)[0, 3, 0]
    torch.testing.assert_close(told, torch.zeros(36))


def test_the_notes_that_are_to_be_expected_are_neither_more_nor_less_sure_on_average() -> None:
    notes = torch.rand(3, 4, 2, 24, generator=torch.Generator().manual_seed(0))
    mean = (notes * agree(notes, DRUMS_AND_THREE)).sum(3)
    torch.testing.assert_close(mean, torch.zeros(3, 4, 2), rtol=0, atol=1e-4)


def test_where_nothing_is_to_be_expected_and_where_none_heed_nothing_is_told() -> None:
    told = agree(expected(set(), {0}, {4}, {7}), DRUMS_AND_THREE)[0, 1, 1]
    assert torch.isfinite(told).all()
    assert told.max() == told.min()
    assert not agree(expected({1}, {0}, {4}, {7}), torch.zeros(4)).any()
