import numpy as np

from musegan.data.arrangements import playing
from musegan.models.generator import Generator
from musegan.pianoroll import Phrases
from musegan.training.sampling import complete_phrases, sample_phrases

from .toys import SHORT, rolls


def talkative() -> Generator:
    """Fresh networks begin in near silence; this one plays all the time."""
    made = rolls()
    made.head.bias.data += 3
    return made


def test_samples_are_silent_where_the_real_phrases_are() -> None:
    # track 1 plays in bar 1 only
    like = Phrases.of([[(0, 0, 24, 40, 90), (1, 12, 12, 60, 90)]] * 4, SHORT, 2)
    heard = playing(sample_phrases(talkative(), like, 40, seed=1), 2)
    assert heard[:, 0].any()
    assert heard[:, 1, 1].any()
    assert not heard[:, 1, 0].any()


def test_completed_phrases_keep_what_is_given_and_make_the_rest_where_it_plays() -> None:
    real = Phrases.of([[(0, 0, 24, 40, 90), (1, 12, 12, 60, 90)]] * 20, SHORT, 2)
    given = np.array([[True, False], [False, True]] * 10)
    whole = complete_phrases(talkative(), real, given, seed=1)
    kept, made = (
        whole.keep(given[whole.phrase, whole.track] == wanted) for wanted in (True, False)
    )
    assert kept.rows() == real.keep(given[real.phrase, real.track]).rows()
    assert set(made.track.tolist()) == {0, 1}
    assert made.start[made.track == 1].min() >= 12


def test_samples_are_the_same_for_the_same_seed() -> None:
    like = Phrases.of([[(0, 0, 24, 40, 90)]], SHORT, 2)
    one = sample_phrases(talkative(), like, 20, seed=1)
    assert one.rows() == sample_phrases(talkative(), like, 20, seed=1).rows()
    assert one.rows() != sample_phrases(talkative(), like, 20, seed=2).rows()
    assert len(one) == 20
    assert np.all(one.track == 0)
