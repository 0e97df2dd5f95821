import numpy as np
import torch

from musegan.evaluation.events import Events
from musegan.training.calibration.measures import moves
from musegan.training.calibration.motion import set_motion
from musegan.training.sampling import sample_phrases
from tests.training.toys import beside, rhythm_section, riffs


def test_voices_of_samples_move_as_real_ones_do() -> None:
    made, like = rhythm_section(-1.5), riffs()
    made.habits.motion[1].normal_(std=3.0, generator=torch.Generator().manual_seed(1))
    real = sample_phrases(made, like, 24, 5)
    made.habits.motion.zero_()
    before = beside(like, samples=24).heard(made)
    set_motion(made, beside(real, samples=24))
    after = beside(like, samples=24).heard(made)

    def apart(events: Events) -> float:
        shares = [moves(each)[1].sum(0) for each in (events, beside(real).real)]
        return float(np.abs(shares[0] / shares[0].sum() - shares[1] / shares[1].sum()).sum())

    assert apart(after) < 0.5 * apart(before)


def test_drums_have_no_melodies() -> None:
    made = rhythm_section(-1.5)
    set_motion(made, beside(riffs(), samples=8))
    assert made.habits.motion[1].any()
    assert not made.habits.motion[0].any()


def test_it_is_the_same_for_the_same_seed() -> None:
    one, other = rhythm_section(-1.5), rhythm_section(-1.5)
    for made in (one, other):
        set_motion(made, beside(riffs(), samples=8))
    assert torch.equal(one.habits.motion, other.habits.motion)
