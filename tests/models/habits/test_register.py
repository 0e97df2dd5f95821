import torch

from musegan.models.habits.register import favour

NEAR, EACH = torch.tensor([4.0]), torch.zeros(1)
CLOSELY, NOT_AT_ALL = torch.ones(1), torch.zeros(1)


def expected(**pitches: float) -> torch.Tensor:
    """(batch, tracks, pitches) notes that are to be expected at each pitch of a phrase."""
    notes = torch.zeros(1, 1, 48)
    for pitch, many in pitches.items():
        notes[0, 0, int(pitch[1:])] = many
    return notes


def test_a_track_that_does_not_keep_to_its_register_is_free() -> None:
    assert not favour(expected(p10=8, p40=1), NOT_AT_ALL, NEAR).any()


def test_notes_near_most_others_are_favoured_over_those_far_away() -> None:
    told = favour(expected(p10=4, p12=4, p14=4, p40=1), CLOSELY, NEAR)[0, 0]
    assert told[12] > told[10] > 0 > told[20] > told[40]
    twice = favour(expected(p10=4, p12=4, p14=4, p40=1), 2 * CLOSELY, NEAR)[0, 0]
    torch.testing.assert_close(twice, 2 * told)


def test_each_sound_of_a_kit_stands_for_itself() -> None:
    told = favour(expected(p12=9, p13=0.01, p20=3), CLOSELY, EACH)[0, 0]
    assert told[12] > told[20] > told[13] > told[14]


def test_the_notes_that_are_to_be_expected_are_neither_more_nor_less_sure_on_average() -> None:
    notes = torch.rand(3, 2, 24, generator=torch.Generator().manual_seed(0))
    told = favour(notes, torch.tensor([1.0, 0.5]), torch.tensor([3.0, 0.0]))
    torch.testing.assert_close((notes * told).sum(2), torch.zeros(3, 2), rtol=0, atol=1e-4)


def test_where_nothing_is_to_be_expected_nothing_is_told() -> None:
    told = favour(expected(), CLOSELY, NEAR)
    assert torch.isfinite(told).all()
    assert told.max() - told.min() < 1e-6
