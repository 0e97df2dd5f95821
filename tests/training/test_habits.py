import numpy as np
import pytest
import torch

from musegan.models.motion import CHORDS, FAR, LINE
from musegan.models.repeats import NOWHERE
from musegan.pianoroll import Phrases
from musegan.training.habits import moves, set_habits, share_repeated
from musegan.training.sampling import sample_phrases
from tests.models.toys import DUO, GRID

from .test_texture import planned

BAR = GRID.steps_per_bar


def bass(*notes: tuple[int, int]) -> list[tuple[int, int, int, int, int]]:
    return [(1, step, 1, pitch, 90) for step, pitch in notes]


def test_shares_of_hand_counted_bars() -> None:
    same = bass((0, 40), (6, 43), (BAR, 40), (BAR + 6, 43))
    rhythm = bass((0, 40), (6, 43), (BAR, 41), (BAR + 6, 45))
    chord = bass((0, 40), (6, 43), (BAR, 40), (BAR + 6, 43), (BAR + 6, 47))
    other = bass((0, 40), (6, 43), (BAR, 40))
    rests = bass((0, 40))
    phrases = Phrases.of([same, rhythm, chord, other, rests], GRID, 2).canonical()
    assert share_repeated(phrases, 2, True)[1] == pytest.approx(1 / 4)
    assert share_repeated(phrases, 2, False)[1] == pytest.approx(3 / 4)
    assert np.isnan(share_repeated(phrases, 2, True)[0])


def test_moves_of_hand_counted_voices() -> None:
    line = bass((0, 40), (6, 42), (12, 42), (18, 66 + 1))
    chords = bass((0, 40), (0, 47), (6, 41), (6, 45), (12, 50))
    found = moves(Phrases.of([line, chords, []], GRID, 2).canonical(), 2)
    assert not found[0].any()
    assert {int(i) - FAR: found[1, LINE, i] for i in found[1, LINE].nonzero()[0]} == {
        2: 1,
        0: 1,
        FAR: 1,
    }
    assert {int(i) - FAR: found[1, CHORDS, i] for i in found[1, CHORDS].nonzero()[0]} == {
        -2: 1,
        5: 1,
    }


def riffs() -> Phrases:
    """A bass whose two bars have the same rhythm, and a beat."""
    notes = bass(*((bar * BAR + step, 40 + 5 * bar) for bar in (0, 1) for step in (0, 3, 6, 9)))
    return Phrases.of([[*notes, (0, 6, 1, 36, 90)]] * 24, GRID, 2).canonical()


def test_bars_of_samples_take_up_rhythms_as_real_ones_do() -> None:
    made, real = planned(-1.5), riffs()
    before = share_repeated(sample_phrases(made, real, 24, 5), 2, False)[1]
    set_habits(made, real, DUO, 5, 24)
    after = share_repeated(sample_phrases(made, real, 24, 5), 2, False)[1]
    assert before < 0.1
    assert share_repeated(real, 2, False)[1] == 1
    assert after > 0.7


def test_voices_of_samples_move_as_real_ones_do() -> None:
    made, like = planned(-1.5), riffs()
    made.habits.motion[1].normal_(std=3.0, generator=torch.Generator().manual_seed(1))
    real = sample_phrases(made, like, 24, 5)
    made.habits.motion.zero_()
    before = sample_phrases(made, like, 24, 5)
    set_habits(made, real, DUO, 5, 24)
    after = sample_phrases(made, like, 24, 5)

    def apart(phrases: Phrases) -> float:
        shares = [moves(each, 2)[1].sum(0) for each in (phrases, real)]
        return float(np.abs(shares[0] / shares[0].sum() - shares[1] / shares[1].sum()).sum())

    assert apart(after) < 0.5 * apart(before)


def test_drums_have_no_riffs_and_no_riffs() -> None:
    made = planned(-1.5)
    set_habits(made, riffs(), DUO, 5, 8)
    assert made.habits.riffs[0] == NOWHERE
    assert not made.habits.motion[0].any()


def test_it_is_the_same_for_the_same_seed() -> None:
    one, other = planned(-1.5), planned(-1.5)
    for made in (one, other):
        set_habits(made, riffs(), DUO, 5, 8)
    assert all(map(torch.equal, one.habits.state_dict().values(), other.habits.buffers()))
