import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from musegan.models.generator import keep
from musegan.models.patches import PatchLayout, fold, from_patches, to_patches
from musegan.pianoroll import ONSET, SUSTAIN, VELOCITY, Grid, Phrases, to_planes

from .toys import LAYOUT, some_phrases

LAYOUTS = [
    PatchLayout(Grid(4, 3), bars=1, tracks=1, octaves=2),
    PatchLayout(Grid(3, 4), bars=2, tracks=2, low=36, octaves=3),
    PatchLayout(Grid(2, 12), bars=3, tracks=3, octaves=1),
]


@st.composite
def laid_out_phrases(draw, outside=True):
    layout = draw(st.sampled_from(LAYOUTS))
    steps = layout.bars * layout.grid.steps_per_bar
    low, high = (0, 127) if outside else (layout.low, layout.high)
    note = st.tuples(
        st.integers(0, layout.tracks - 1),
        st.integers(0, steps + 2),
        st.integers(1, steps + 5),
        st.integers(low, high),
        st.integers(1, 127),
    )
    rows = draw(st.lists(st.lists(note, max_size=12), min_size=1, max_size=3))
    return layout, Phrases.of(rows, layout.grid, layout.bars).canonical()


@given(laid_out_phrases())
def test_patches_hold_every_note_within_their_pitches(example):
    layout, phrases = example
    inside = phrases.keep((phrases.pitch >= layout.low) & (phrases.pitch <= layout.high))
    assert from_patches(to_patches(phrases, layout), layout).rows() == inside.rows()


@given(laid_out_phrases(), st.data())
def test_a_mask_while_unrolling_is_silence_afterwards(example, data):
    layout, phrases = example
    cells = len(phrases) * layout.tracks * layout.bars
    bits = data.draw(st.lists(st.booleans(), min_size=cells, max_size=cells))
    mask = np.array(bits, np.float32).reshape(len(phrases), layout.tracks, layout.bars)
    masked = to_patches(phrases, layout, mask=mask)
    assert torch.equal(masked, keep(to_patches(phrases, layout), torch.from_numpy(mask), layout))


def test_patches_show_the_planes_at_the_place_the_docstring_says():
    phrases = some_phrases(5)
    planes = to_planes(phrases, LAYOUT.tracks)
    patches = to_patches(phrases, LAYOUT)
    assert patches.shape == LAYOUT.shape(5) == (5, 16, 7, 216)
    scale = {ONSET: 1, SUSTAIN: 1, VELOCITY: 127}
    for track in range(LAYOUT.tracks):
        for plane, levels in scale.items():
            for step in range(3):
                for pitch in range(12):
                    channel = ((track * 3 + plane) * 3 + step) * 12 + pitch
                    for octave in range(LAYOUT.octaves):
                        whole = planes[:, track, plane, step::3, 24 + octave * 12 + pitch]
                        shown = patches[:, :, octave, channel] * levels
                        assert np.array_equal(whole, shown.round().numpy())


def test_split_names_the_channels():
    patches = torch.arange(216.0).expand(1, 1, 1, 216)
    assert LAYOUT.split(patches)[0, 0, 0, 1, 2, 1, 5] == ((1 * 3 + 2) * 3 + 1) * 12 + 5


def test_sustain_that_no_onset_opened_is_no_note():
    patches = torch.zeros(LAYOUT.shape(1))
    LAYOUT.split(patches)[0, 2, 1, 0, SUSTAIN] = 1
    assert from_patches(patches, LAYOUT).rows() == [[]]


@pytest.mark.parametrize(
    "grid", [Grid(4, 4), Grid(3, 6), Grid(4, 1), Grid(7, 6, 8)], ids=lambda g: str(g.steps_per_bar)
)
def test_a_grid_that_cannot_be_halved_twice_is_refused(grid):
    with pytest.raises(ValueError, match=f"a bar of {grid.steps_per_bar} steps .* multiple of 12"):
        PatchLayout(grid, bars=2, tracks=2)


def test_cells_and_folded_octaves_of_a_note() -> None:
    # at the fifth step of the second bar, an octave and two semitones above the lowest pitch
    step = LAYOUT.grid.steps_per_bar + 4
    one = Phrases.of([[(1, step, 1, LAYOUT.low + 14, 90)]], LAYOUT.grid, LAYOUT.bars)
    patches = to_patches(one, LAYOUT)
    bar, time, octave, inside, pitch = 1, 1, 1, 1, 2
    sounding = LAYOUT.cells(patches)[0, ..., SUSTAIN, :, :].nonzero()
    assert sounding.tolist() == [[bar, time, octave, 1, inside, pitch]]
    folded = fold(patches, LAYOUT)[0, :, :, SUSTAIN].nonzero()
    assert folded.tolist() == [[LAYOUT.patches_per_bar + time, 1, inside, pitch]]
