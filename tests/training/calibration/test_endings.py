import numpy as np
import torch

from musegan.models.habits.monophony import NEVER
from musegan.models.sounding import HOLD
from musegan.pianoroll import Phrases
from musegan.training.calibration.endings import set_endings
from musegan.training.calibration.measures import share_clean, share_ended_together
from tests.models.toys import GRID
from tests.training.toys import beside, rhythm_section


def strummed(length: int) -> Phrases:
    """Chords of the bass on every fourth step whose notes end together."""
    chords = [
        (1, step, length, 36 + step % 5 + 5 * note, 90)
        for step in range(0, 48, 4)
        for note in range(3)
    ]
    return Phrases.of([[*chords, (0, 0, 1, 36, 90)]] * 16, GRID, 2)


def test_samples_let_go_of_their_notes_where_real_ones_do() -> None:
    made, audition = rhythm_section(-1.5), beside(strummed(3))
    assert np.nanmax(share_clean(audition.heard(made))[1]) < 1
    set_endings(made, audition)
    assert np.nanmax(share_clean(audition.heard(made))[1]) == 1


def test_notes_of_samples_end_together_where_real_ones_do() -> None:
    made, audition = rhythm_section(-1.5), beside(strummed(6))
    holds = made.head.of(HOLD)[1]
    holds += 2 * torch.randn(holds.shape, generator=torch.Generator().manual_seed(1))
    frayed = share_ended_together(audition.heard(made))[1]
    set_endings(made, audition)
    assert made.habits.held[1].tolist() == [NEVER, NEVER]
    assert share_ended_together(audition.heard(made))[1] > frayed
    assert made.habits.unity[1] > 0.9


def test_tracks_of_which_nothing_is_known_stay_as_they_are_decoded() -> None:
    made = rhythm_section(-1.5)
    nothing = Phrases.of([[(0, 0, 1, 36, 90)]] * 16, GRID, 2)
    set_endings(made, beside(nothing))
    assert made.habits.held[1].tolist() == [NEVER, NEVER]
    assert made.habits.unity[1] < 0.1


def test_it_is_the_same_for_the_same_seed() -> None:
    one, other = rhythm_section(-1.5), rhythm_section(-1.5)
    for made in (one, other):
        set_endings(made, beside(strummed(3)))
    assert all(map(torch.equal, one.habits.state_dict().values(), other.habits.buffers()))
