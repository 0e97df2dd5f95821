import numpy as np

from musegan.pianoroll import Phrases
from musegan.training.calibration.audition import Audition
from tests.models.toys import DUO
from tests.training.toys import DUET, SHORT, beside, hits_and_held, rolls, together


def test_real_notes_are_all_there_and_as_many_phrases_are_heard_as_are_asked_for() -> None:
    audition = beside(hits_and_held(), samples=20)
    assert audition.real.total().tolist() == [[8, 3]] * 16
    heard = audition.heard(rolls(0.0))
    assert (heard.phrases, heard.tracks) == (20, 2)
    assert len(heard.start)


def test_the_same_samples_are_heard_again_and_others_with_another_seed() -> None:
    made, phrases = rolls(0.0), hits_and_held()
    one, again, other = (
        Audition(phrases, DUO, seed, 4).heard(made).start.tolist() for seed in (5, 5, 6)
    )
    assert one == again
    assert one != other


def test_half_of_the_tracks_that_play_are_given_by_chance() -> None:
    some, given = beside(together(4), DUET, 40).half_given
    assert len(some) == 40
    assert (given.sum(1) == 1).all()
    assert 10 < given[:, 0].sum() < 30
    alone = Phrases.of([[(1, 0, 24, 60, 90)]] * 16, SHORT, 2)
    _, given = beside(alone, DUET).half_given
    assert given.tolist() == [[False, True]] * 16


def test_what_is_given_is_kept_when_the_rest_is_made() -> None:
    audition = beside(together(4), DUET)
    some, given = audition.half_given
    whole = audition.completed(rolls(0.0))
    kept = whole.keep(given[whole.phrase, whole.track])
    assert kept.rows() == some.keep(given[some.phrase, some.track]).rows()
    assert np.unique(whole.track).tolist() == [0, 1]
