import torch

from musegan.pianoroll import Phrases
from musegan.training.calibration.measures import mean_width, pitches_of
from musegan.training.calibration.register import MOST, REACH, set_register
from tests.models.toys import DUO, GRID
from tests.training.toys import bass, beside, rhythm_section


def narrow() -> Phrases:
    """A bass on two notes, and one drum."""
    notes = bass(*((step, 40 + step % 2) for step in range(24)))
    return Phrases.of([[*notes, *((0, step, 1, 36, 90) for step in range(24))]] * 16, GRID, 2)


def test_samples_keep_closer_to_their_registers_where_real_phrases_do() -> None:
    made, audition = rhythm_section(-1.0), beside(narrow())

    def width() -> list[float]:
        return mean_width(pitches_of(audition.heard(made)), DUO.drums).tolist()

    drums, free = width()
    set_register(made, audition)
    kept_drums, kept = width()
    assert kept < free
    assert kept_drums <= drums
    assert 0.9 * MOST < made.habits.keeping.min() <= made.habits.keeping.max() < MOST
    assert made.habits.reach.tolist() == [0, REACH]


def test_tracks_that_wander_as_far_as_real_ones_are_free() -> None:
    made = rhythm_section(-1.0)
    wide = Phrases.of([bass(*((step, 24 + 80 * (step % 2)) for step in range(24)))] * 16, GRID, 2)
    set_register(made, beside(wide))
    assert made.habits.keeping[1] < 0.1


def test_it_is_the_same_for_the_same_seed() -> None:
    one, other = rhythm_section(-1.0), rhythm_section(-1.0)
    for made in (one, other):
        set_register(made, beside(narrow()))
    assert all(map(torch.equal, one.habits.state_dict().values(), other.habits.buffers()))
