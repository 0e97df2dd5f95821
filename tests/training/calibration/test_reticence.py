import torch

from musegan.pianoroll import ONSET, Phrases
from musegan.training.calibration.reticence import RETICENCE_STEPS, set_reticence
from musegan.training.calibration.texture import SHIFTS
from tests.models.toys import GRID
from tests.training.toys import beside, rhythm_section


def beats(every: int) -> Phrases:
    """Sixteen phrases of drums and bass with a note each so many steps."""
    steps = range(0, 2 * GRID.steps_per_bar, every)
    rows = [(track, step, 1, 36, 90) for step in steps for track in (0, 1)]
    return Phrases.of([rows] * 16, GRID, 2).canonical()


def test_tracks_that_play_too_much_beside_given_ones_become_less_sure() -> None:
    made, real = rhythm_section(0.5), beats(3)
    onsets = made.head.of(ONSET)[1]
    onsets[:, 0] = 3.0  # the first step's C
    onsets = onsets.clone()
    set_reticence(made, beside(real, samples=48))
    assert made.habits.reticence.min() > 0
    assert all(any(abs(each - shift) < 1e-6 for shift in SHIFTS) for each in made.habits.reticence)
    # what is made from nothing is as it was
    assert torch.equal(made.head.of(ONSET)[1], onsets)


def test_tracks_that_play_too_little_stay_as_sure_as_they_are() -> None:
    made = rhythm_section(-4.0)
    set_reticence(made, beside(beats(1), samples=48))
    assert not made.habits.reticence.any()


def test_its_steps_are_told() -> None:
    told = []
    audition = beside(beats(6))
    object.__setattr__(audition, "advance", lambda: told.append(1))
    set_reticence(rhythm_section(0.0), audition)
    assert len(told) == RETICENCE_STEPS
