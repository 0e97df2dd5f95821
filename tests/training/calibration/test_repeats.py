import torch

from musegan.models.habits.repeats import NOWHERE
from musegan.training.calibration.measures import share_repeated
from musegan.training.calibration.repeats import set_repeats
from tests.training.toys import beside, rhythm_section, riffs


def test_bars_of_samples_take_up_rhythms_as_real_ones_do() -> None:
    made, audition = rhythm_section(-1.5), beside(riffs(), samples=24)
    before = share_repeated(audition.heard(made), notes=False)[1]
    set_repeats(made, audition)
    after = share_repeated(audition.heard(made), notes=False)[1]
    assert before < 0.1
    assert share_repeated(audition.real, notes=False)[1] == 1
    assert after > 0.7


def test_drums_have_no_riffs() -> None:
    made = rhythm_section(-1.5)
    set_repeats(made, beside(riffs(), samples=8))
    assert made.habits.riffs[0] == NOWHERE


def test_it_is_the_same_for_the_same_seed() -> None:
    one, other = rhythm_section(-1.5), rhythm_section(-1.5)
    for made in (one, other):
        set_repeats(made, beside(riffs(), samples=8))
    assert all(map(torch.equal, one.habits.state_dict().values(), other.habits.buffers()))
