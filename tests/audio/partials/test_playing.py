import pytest
import torch

from musegan.audio.partials.layout import DETUNE, LEVEL, NoteLayout
from musegan.audio.partials.playing import brightened, in_tune, sustained

LAYOUT = NoteLayout(frames=16, partials=8, bands=4)


def picture(levels: list[float]) -> torch.Tensor:
    """A note whose fundamental has these levels."""
    made = torch.zeros(2, LAYOUT.rows, len(levels))
    made[LEVEL] = -1
    made[LEVEL, 0] = torch.tensor(levels)
    return made


STEADY = picture([-0.5, *(0.8 + 0.001 * step for step in range(12)), -0.4, -0.7, -1])


def test_a_short_note_is_the_beginning_of_a_long_one():
    assert torch.equal(sustained(STEADY, 5, LAYOUT), STEADY[..., :5])


@pytest.mark.parametrize("frames", [13, 14, 20, 100])
def test_a_held_note_neither_ends_nor_jumps(frames):
    level = sustained(STEADY, frames, LAYOUT)[LEVEL, 0]
    assert len(level) == frames
    assert torch.equal(level[:13], STEADY[LEVEL, 0, :13])
    assert level[2:].diff().abs().max() < 0.0011
    assert level[1:].min() > 0.79


def test_a_note_of_one_frame_can_be_held():
    assert sustained(picture([0.5]), 7, LAYOUT)[LEVEL, 0].tolist() == [0.5] * 7


def test_the_strongest_partial_is_brought_in_tune_and_vibrato_stays():
    vibrato = 0.2 * torch.tensor([1.0, -1.0] * 8)
    note = picture([0.5] * 16)
    note[DETUNE, 0] = 0.3 + vibrato
    tuned = in_tune(note, LAYOUT)
    torch.testing.assert_close(tuned[DETUNE, 0], vibrato)
    assert torch.equal(tuned[LEVEL], note[LEVEL])


def test_brightness_lifts_each_octave_alike_and_silence_stays_silent():
    note = torch.full((2, LAYOUT.rows, 3), -0.5)
    note[LEVEL, 2] = -1
    changed = brightened(note, 3.0, LAYOUT)[LEVEL] - note[LEVEL]
    in_decibels = changed[:, 0] * LAYOUT.floor / 2
    torch.testing.assert_close(in_decibels[[0, 1, 3, 7]], torch.tensor([0.0, 3.0, 6.0, 9.0]))
    assert in_decibels[2] == 0
    assert (in_decibels[LAYOUT.partials :] > 0).all()


def test_dulled_notes_stay_within_the_floor():
    note = torch.full((2, LAYOUT.rows, 3), -0.9)
    assert brightened(note, -60.0, LAYOUT)[LEVEL].min() == -1
