import math

import pytest
import torch

from musegan.evaluation.events import Events
from musegan.evaluation.harmony import tonal_distance
from musegan.models.patches import PatchLayout, to_patches
from musegan.models.traits import (
    fold,
    in_key,
    polyphony,
    qualified,
    steadiness,
    tonal_distances,
    traits,
)
from musegan.pianoroll import Grid, Phrases

from .toys import LAYOUT, some_phrases

BAR = LAYOUT.grid.steps_per_bar
T = LAYOUT.tracks
AMOUNTS, DYNAMICS, REPEATS = slice(6 * T), slice(6 * T, 8 * T), slice(8 * T, 11 * T)
HARMONY = slice(11 * T, None)  # of two bars


def traits_of(*notes, layout: PatchLayout = LAYOUT) -> torch.Tensor:
    """Traits of the one phrase with these notes: (track, start, duration, pitch, velocity)."""
    phrases = Phrases.of([list(notes)], layout.grid, layout.bars)
    return traits(fold(to_patches(phrases, layout), layout), layout.bars)[0]


def of_track(group: torch.Tensor, trait: int, track: int) -> list[float]:
    """One trait of one track, bar by bar."""
    return group[:, trait * LAYOUT.tracks + track].tolist()


def test_amounts_count_notes_and_how_long_they_sound():
    found = traits_of((0, 0, 3, 40, 90), (0, 0, 3, 44, 90), (0, 6, 6, 47, 90))[:, AMOUNTS]
    assert of_track(found, 0, 0) == [3 / 8, 0]
    assert of_track(found, 1, 0) == pytest.approx([math.log(4), 0])
    sounding = 3 * (1 - math.exp(-2)) + 6 * (1 - math.exp(-1))
    assert of_track(found, 2, 0) == pytest.approx([12 / (sounding + 0.5), 0])
    assert of_track(found, 3, 0) == pytest.approx([sounding / BAR, 0])
    assert of_track(found, 4, 0) == pytest.approx([12 / 3.5 / 3, 0])
    assert all(of_track(found, trait, 1) == [0, 0] for trait in range(6))


def test_dynamics_are_mean_and_spread_within_the_bar():
    found = traits_of((1, 0, 3, 40, 60), (1, 3, 3, 40, 100), (0, 24, 3, 50, 127))[:, DYNAMICS]
    assert of_track(found, 0, 1) == pytest.approx([160 / 127 / 2.5, 0])
    variance = 2 * (20 / 127) ** 2 / 2.5
    assert of_track(found, 1, 1)[0] == pytest.approx(4 * math.sqrt(variance + 1e-3), rel=1e-5)
    # a single note is not spread
    assert of_track(found, 1, 0)[1] == pytest.approx(4 * math.sqrt(1e-3), rel=1e-4)


def test_repeats_find_the_same_notes_and_rhythm_in_the_bar_before():
    again = traits_of((0, 0, 3, 40, 90), (0, 24, 3, 40, 90), (1, 0, 3, 40, 9), (1, 27, 3, 40, 9))
    share, count, moved = (of_track(again[:, REPEATS], trait, 0) for trait in range(3))
    assert share == pytest.approx([0, 1 / 1.5])
    assert count == pytest.approx([0, math.log(2)])
    assert moved == [0, 0]
    assert of_track(again[:, REPEATS], 0, 1) == [0, 0]
    assert of_track(again[:, REPEATS], 2, 1) == pytest.approx([0, 2 * (1 - math.exp(-1)) ** 2 / 8])


def test_harmony_knows_intervals_between_tracks_but_not_the_key():
    fifth = traits_of((0, 0, 12, 48, 90), (1, 0, 12, 55, 90))[:, HARMONY]
    moved = traits_of((0, 0, 12, 50, 90), (1, 0, 12, 57, 90))[:, HARMONY]
    third = traits_of((0, 0, 12, 48, 90), (1, 0, 12, 52, 90))[:, HARMONY]
    chroma = 12 * LAYOUT.tracks
    assert not torch.equal(fifth[:, :chroma], moved[:, :chroma])
    torch.testing.assert_close(fifth[:, chroma:], moved[:, chroma:])
    assert not torch.allclose(fifth[:, chroma:], third[:, chroma:])


def test_tonal_distances_are_those_of_the_metric_where_both_sound_long():
    layout = PatchLayout(Grid(), 1, 3)
    chord = [(0, 0, 48, 48, 90), (1, 0, 48, 55, 90), (1, 0, 48, 52, 90)]
    phrases = Phrases.of([chord], layout.grid, 1)
    found = tonal_distances(fold(to_patches(phrases, layout), layout), 1)[0, 0]
    expected = tonal_distance(Events.of(phrases, 3), [(0, 1)])[0, 0]
    assert found[0].item() == pytest.approx(expected, abs=0.25)
    assert found[1:].tolist() == [0, 0]


def test_in_key_is_the_share_in_the_scale_that_fits_all_best():
    white = [(0, 3 * i, 3, pitch, 90) for i, pitch in enumerate((48, 50, 52, 53, 55, 57, 59))]
    phrases = Phrases.of([[*white, (1, 0, 3, 60, 90), (1, 3, 3, 61, 90)]], LAYOUT.grid, 2)
    found = in_key(fold(to_patches(phrases, LAYOUT), LAYOUT))[0]
    assert found.tolist() == pytest.approx([7 / 7.5, 1 / 2.5])


def test_qualified_notes_last_three_steps_or_longer():
    notes = [(0, 0, 2, 40, 90), (0, 2, 3, 40, 90), (0, 8, 12, 47, 90), (0, 46, 2, 40, 90)]
    phrases = Phrases.of([[*notes, (1, 4, 3, 40, 90), (1, 4, 3, 52, 90)]], LAYOUT.grid, 2)
    found = qualified(fold(to_patches(phrases, LAYOUT), LAYOUT))[0]
    assert found.tolist() == pytest.approx([2 / 4.5, 2 / 2.5])


def test_steadiness_is_what_of_notes_and_rhythm_comes_again():
    first = [(0, 0, 3, 40, 90), (0, 3, 3, 43, 90), (1, 0, 3, 40, 90)]
    second = [(0, 24, 3, 40, 90), (0, 27, 3, 45, 90), (1, 30, 3, 40, 90)]
    phrases = Phrases.of([first + second], LAYOUT.grid, 2)
    found = steadiness(fold(to_patches(phrases, LAYOUT), LAYOUT), 2)[0]
    assert found.tolist() == pytest.approx([1 / 2.5, 0, 0, 2 / 24])


def test_polyphony_counts_pitches_where_a_track_sounds():
    chord = [(0, 6, 6, 40, 90), (0, 6, 3, 44, 90), (0, 6, 3, 47, 90), (1, 0, 3, 60, 90)]
    phrases = Phrases.of([chord], LAYOUT.grid, 2)
    found = polyphony(fold(to_patches(phrases, LAYOUT), LAYOUT))[0]
    assert found.tolist() == pytest.approx([12 / 6.5, 3 / 3.5])


def test_one_bar_has_nothing_to_repeat():
    found = traits(fold(to_patches(some_phrases(4), LAYOUT), LAYOUT), 2)
    assert found.shape[:2] == (4, 2)
    single = PatchLayout(LAYOUT.grid, 1, T)
    assert traits_of((0, 0, 3, 40, 90), layout=single).shape == (1, found.shape[2] - 3 * T)


def test_slopes_are_finite_even_on_silence():
    patches = torch.zeros(LAYOUT.shape(2), requires_grad=True)
    total = traits(fold(patches, LAYOUT), 2).square().sum()
    (slope,) = torch.autograd.grad(total, patches, create_graph=True)
    slope.square().sum().backward()
    assert patches.grad.isfinite().all()
