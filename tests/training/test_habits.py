import numpy as np
import torch

from musegan.evaluation.events import Events
from musegan.models.repeats import NOWHERE
from musegan.pianoroll import Phrases
from musegan.training.habits import set_habits
from musegan.training.measures import moves, share_repeated
from musegan.training.sampling import sample_phrases
from tests.models.toys import GRID

from .toys import bass, beside, rhythm_section

BAR = GRID.steps_per_bar


def riffs() -> Phrases:
    """A bass whose two bars have the same rhythm, and a beat."""
    notes = bass(*((bar * BAR + step, 40 + 5 * bar) for bar in (0, 1) for step in (0, 3, 6, 9)))
    return Phrases.of([[*notes, (0, 6, 1, 36, 90)]] * 24, GRID, 2).canonical()


def test_bars_of_samples_take_up_rhythms_as_real_ones_do() -> None:
    made, audition = rhythm_section(-1.5), beside(riffs(), samples=24)
    before = share_repeated(audition.heard(made), notes=False)[1]
    set_habits(made, audition)
    after = share_repeated(audition.heard(made), notes=False)[1]
    assert before < 0.1
    assert share_repeated(audition.real, notes=False)[1] == 1
    assert after > 0.7


def test_voices_of_samples_move_as_real_ones_do() -> None:
    made, like = rhythm_section(-1.5), riffs()
    made.habits.motion[1].normal_(std=3.0, generator=torch.Generator().manual_seed(1))
    real = sample_phrases(made, like, 24, 5)
    made.habits.motion.zero_()
    before = beside(like, samples=24).heard(made)
    set_habits(made, beside(real, samples=24))
    after = beside(like, samples=24).heard(made)

    def apart(events: Events) -> float:
        shares = [moves(each)[1].sum(0) for each in (events, beside(real).real)]
        return float(np.abs(shares[0] / shares[0].sum() - shares[1] / shares[1].sum()).sum())

    assert apart(after) < 0.5 * apart(before)


def test_drums_have_no_riffs_and_no_melodies() -> None:
    made = rhythm_section(-1.5)
    set_habits(made, beside(riffs(), samples=8))
    assert made.habits.riffs[0] == NOWHERE
    assert not made.habits.motion[0].any()


def test_it_is_the_same_for_the_same_seed() -> None:
    one, other = rhythm_section(-1.5), rhythm_section(-1.5)
    for made in (one, other):
        set_habits(made, beside(riffs(), samples=8))
    assert all(map(torch.equal, one.habits.state_dict().values(), other.habits.buffers()))
