import pytest
import torch
from torch import Tensor

from musegan.models.habits.motion import FAR, LINE
from musegan.models.habits.playing import Habits
from musegan.models.onsets import plane_of, put_plane
from musegan.models.patches import PatchLayout
from musegan.models.sounding import sound
from musegan.pianoroll import ONSET, SUSTAIN, VELOCITY, Grid

LAYOUT = PatchLayout(Grid(4, 3), bars=3, tracks=2, octaves=2)
BAR = LAYOUT.grid.steps_per_bar
FREE = torch.zeros(1, 2, 3)
NOTHING = torch.zeros(LAYOUT.shape(1))


def noise(batch: int = 1, seed: int = 0) -> Tensor:
    logits = torch.randn(LAYOUT.shape(batch), generator=torch.Generator().manual_seed(seed))
    put_plane(logits, ONSET, plane_of(logits, ONSET, LAYOUT) - 2, LAYOUT)
    return logits


def said(*onsets: tuple[int, int, int, float]) -> Tensor:
    """Logits where onsets of (track, step, pitch) are that sure and all others most unlikely."""
    logits = noise()
    sure = torch.full((1, 2, LAYOUT.grid.steps_per_bar * 3, 24), -9.0)
    for track, step, pitch, how in onsets:
        sure[0, track, step, pitch] = how
    put_plane(logits, ONSET, sure, LAYOUT)
    return logits


def given(*onsets: tuple[int, int, int]) -> Tensor:
    patches, there = NOTHING.clone(), torch.zeros(1, 2, BAR * 3, 24)
    for track, step, pitch in onsets:
        there[0, track, step, pitch] = 1
    put_plane(patches, ONSET, there, LAYOUT)
    return patches


def heard(logits: Tensor, track: int = 0) -> set[tuple[int, int]]:
    """(step, pitch) of a track's onsets that are played."""
    found = (plane_of(logits, ONSET, LAYOUT)[0, track] > 0).nonzero().tolist()
    return {(step, pitch) for step, pitch in found}


def test_until_they_are_set_nothing_changes() -> None:
    logits, habits = noise(4), Habits(LAYOUT)
    assert torch.equal(habits(logits.clone(), NOTHING, FREE.expand(4, -1, -1)), logits)
    habits.riffs.zero_()
    habits.chords_in_lines.fill_(1)
    assert not torch.equal(habits(logits.clone(), NOTHING, FREE.expand(4, -1, -1)), logits)
    habits.forget()
    assert torch.equal(habits(logits.clone(), NOTHING, FREE.expand(4, -1, -1)), logits)


CHORD = ((0, 3, 4, 1.0), (0, 3, 16, 2.0), (0, 3, 8, 0.5))
LINE_ = tuple((0, step, 5, 1.0) for step in (6, 9, 12))


@pytest.mark.parametrize(("most", "left"), [(0.3, {16}), (0.2, {4, 8, 16})])
def test_a_line_keeps_the_surest_of_each_step(most: float, left: set[int]) -> None:
    habits = Habits(LAYOUT)
    habits.chords_in_lines.fill_(most)
    made = habits(said(*CHORD, *LINE_), NOTHING, FREE)
    assert heard(made) == {(3, pitch) for pitch in left} | {onset[1:3] for onset in LINE_}


def test_a_bar_takes_up_the_rhythm_of_another_and_keeps_its_own_notes() -> None:
    first = [(0, step, 4, 2.0) for step in (0, 3, 6)]
    second = [(0, BAR + step, 9, 2.0) for step in (0, 3, 7)] + [(0, BAR + 6, 11, -1.0)]
    habits = Habits(LAYOUT)
    habits.riffs[0] = 0.5  # two of the four steps on which either begins
    made = habits(said(*first, *second), NOTHING, FREE)
    assert heard(made) == {(0, 4), (3, 4), (6, 4), (BAR, 9), (BAR + 3, 9), (BAR + 6, 11)}
    habits.riffs[0] = 0.6
    assert (BAR + 7, 9) in heard(habits(said(*first, *second), NOTHING, FREE))


def test_a_bar_takes_up_the_rhythm_of_one_that_is_given() -> None:
    mask = FREE.clone()
    mask[0, 0, 2] = 1
    later = given(*((0, 2 * BAR + step, 7) for step in (0, 3, 6, 9)))
    habits = Habits(LAYOUT)
    habits.riffs[0] = 0.7
    logits = said(*((0, step, 4, 2.0) for step in (0, 3, 6)), (0, 9, 6, -3.0))
    assert heard(habits(logits, later, mask)) >= {(0, 4), (3, 4), (6, 4), (9, 6)}


def test_bars_that_come_again_are_the_same_in_all_that_is_played() -> None:
    first = [(1, step, 4, 2.0) for step in (0, 3, 6)]
    second = [(1, BAR + step, 4, 2.0) for step in (0, 3, 6)] + [(1, BAR + 8, 5, 1.0)]
    logits, habits = said(*first, *second), Habits(LAYOUT)
    habits.again[1] = 0.75
    made = habits(logits.clone(), NOTHING, FREE)
    assert heard(made, 1) == {(step, 4) for step in (0, 3, 6, BAR, BAR + 3, BAR + 6)}
    cells = LAYOUT.split(made)[0].unflatten(0, (3, -1))
    before = LAYOUT.split(logits)[0].unflatten(0, (3, -1))
    assert torch.equal(cells[1, :, :, 1], cells[0, :, :, 1])
    assert torch.equal(cells[:, :, :, 0], before[:, :, :, 0])
    assert torch.equal(cells[[0, 2]], before[[0, 2]])


def test_a_bar_comes_again_as_it_was_given() -> None:
    mask = FREE.clone()
    mask[0, 0, 0] = 1
    loud = given((0, 0, 4), (0, 3, 4))
    planes = LAYOUT.split(loud)
    planes[0, :, :, 0, SUSTAIN] = planes[0, :, :, 0, ONSET]
    planes[0, :, :, 0, VELOCITY] = 0.8 * planes[0, :, :, 0, ONSET]
    habits = Habits(LAYOUT)
    habits.again.fill_(0.6)
    logits = said(*((0, BAR + step, 4, 2.0) for step in (0, 3, 9)))
    made = habits(logits, loud, mask)
    roll = LAYOUT.split(sound(made, LAYOUT))[0].unflatten(0, (3, -1))
    first = planes[0].unflatten(0, (3, -1))[0, :, :, 0]
    torch.testing.assert_close(roll[1, :, :, 0], first, rtol=0, atol=1e-4)


def test_a_bar_that_comes_again_as_it_was_given_takes_up_no_other_rhythm() -> None:
    mask = FREE.clone()
    mask[0, 0, [0, 2]] = 1
    chords = [(0, step, pitch) for step in (0, 3, 6) for pitch in (9, 11)]
    line = [(0, 2 * BAR + step, 4) for step in (0, 3, 6)]
    habits = Habits(LAYOUT)
    habits.again[0] = habits.riffs[0] = 0.5
    logits = said(*((0, BAR + step, 4, 2.0) for step in (0, 3, 6)))
    made = heard(habits(logits, given(*chords, *line), mask))
    again = {(BAR + step, 4) for step in (0, 3, 6)}
    assert {(step, pitch) for step, pitch in made if BAR <= step < 2 * BAR} == again


def test_a_melody_goes_on_from_what_is_given() -> None:
    mask = FREE.clone()
    mask[0, 0, 0] = 1
    habits = Habits(LAYOUT)
    habits.motion[0, LINE, [FAR - 1, FAR, FAR + 1]] = 2.0
    habits.chords_in_lines.fill_(1)
    logits = said((0, BAR, 3, 1.0), (0, BAR, 12, 0.5))
    notes = [(0, step, 11) for step in (0, 3, 6, 9)]
    assert heard(habits(logits.clone(), given(*notes), mask)) >= {(BAR, 12)}
    assert (BAR, 3) not in heard(habits(logits.clone(), given(*notes), mask))
    assert heard(habits(logits.clone(), NOTHING, FREE)) == {(BAR, 3)}


def test_a_made_bar_keeps_to_the_register_of_a_given_one() -> None:
    mask = FREE.clone()
    mask[0, 0, 0] = 1
    low = given(*((0, step, 5) for step in (0, 3, 6, 9)))
    logits = said((0, BAR, 20, 1.0), (0, BAR + 3, 5, -0.05))
    habits = Habits(LAYOUT)
    assert heard(habits(logits.clone(), low, mask)) == {(step, 5) for step in (0, 3, 6, 9)} | {
        (BAR, 20)
    }
    habits.keeping.fill_(1.0)
    habits.reach.fill_(3.0)
    assert heard(habits(logits.clone(), low, mask)) == {(step, 5) for step in (0, 3, 6, 9, BAR + 3)}


def test_a_track_of_many_chords_plays_chords_of_one_size() -> None:
    chords = [(0, step, pitch, 1.0) for step in (0, 6) for pitch in (4, 8, 11)]
    single = (0, 3, 4, 2.0)
    habits = Habits(LAYOUT)
    habits.chords_in_blocks[0] = 0.6
    made = heard(habits(said(*chords, single), NOTHING, FREE))
    assert made == {onset[1:3] for onset in chords}


def test_a_melody_lets_go_of_its_notes_and_what_is_given_stays() -> None:
    mask = FREE.clone()
    mask[0, 0, 0] = 1
    there = given((0, 0, 4), (0, 3, 6))
    LAYOUT.split(there)[0, :4, 0, 0, SUSTAIN, :, 4] = 1  # held over the next note, to the bar's end
    logits = said(*((0, BAR + step, 4 + step // 3, 2.0) for step in (0, 3, 6)))
    put_plane(logits, SUSTAIN, torch.full((1, 2, BAR * 3, 24), 2.0), LAYOUT)
    habits = Habits(LAYOUT)
    habits.chords_in_lines.fill_(1)

    def sustained(held: float) -> Tensor:
        habits.held.fill_(held)
        roll = sound(habits(logits.clone(), there, mask), LAYOUT)
        return plane_of(roll, SUSTAIN, LAYOUT)[0, 0].sum(1)

    blurred, clean = sustained(-1.0), sustained(1.0)
    assert blurred[BAR + 3 : BAR + 9].max() > 1
    assert clean[BAR : 2 * BAR].max() == 1
    assert torch.equal(clean[3:BAR], blurred[3:BAR])
    assert clean[3] == 2
