import torch

from musegan.training.chance import Chance, drawing


def test_rows_hear_what_the_whole_batch_hears():
    whole = Chance(5, of=6)
    drawn = whole.uniform(2), whole.normal(3, 1)
    parts = Chance(5, of=6).split(3)
    assert [list(part.rows) for part in parts] == [[0, 1], [2, 3], [4, 5]]
    for part in parts:
        own = part.uniform(2), part.normal(3, 1)
        for mine, all_rows in zip(own, drawn, strict=True):
            assert torch.equal(mine, all_rows[part.rows.start : part.rows.stop])


def test_parts_of_own_rows_are_within_them():
    parts = Chance(5, of=8, rows=range(4, 8)).split(2)
    assert [list(part.rows) for part in parts] == [[4, 5], [6, 7]]


def test_the_seed_decides():
    draws = [Chance(seed, of=3).normal(4) for seed in (1, 1, 2)]
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])


def test_draws_apart_have_nothing_to_do_with_each_other():
    chance = Chance(5, of=4)
    draws = [chance.normal(50), chance.apart(1).normal(50), chance.apart(2).normal(50)]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        together = torch.corrcoef(torch.stack([draws[one].flatten(), draws[other].flatten()]))
        assert together[0, 1].abs() < 0.25
    assert torch.equal(Chance(5, of=4).apart(1).normal(50), draws[1])


def test_layers_draw_from_what_is_given_and_leave_the_rest_alone():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    with drawing(Chance(5, of=1)):
        one = torch.rand(4)
    assert torch.equal(torch.rand(2), expected)
    with drawing(Chance(5, of=1)):
        assert torch.equal(torch.rand(4), one)
