from dataclasses import replace

import numpy as np
import pytest
import torch

from musegan.instruments import Ensemble, EnsembleTrack
from musegan.models.generator import Generator
from musegan.models.latents import LatentSizes
from musegan.models.patches import PatchLayout
from musegan.models.planned import PhraseGenerator, PlannedGenerator
from musegan.models.spec import CoderSpec, GeneratorSpec, build_planned
from musegan.pianoroll import Grid, Phrases
from musegan.training.calibration import calibrate, measure_dynamics
from musegan.training.levels import (
    mean_repetition,
    mean_tonal_distance,
    set_harmony,
    set_heed,
    set_variety,
)
from musegan.training.sampling import sample_phrases
from tests.models.toys import DUO, HYBRID, toy_spec

GRID = Grid(4, 3)


def phrases() -> Phrases:
    """Sixteen phrases: 8 short hits on track 0, 3 notes of 4 steps on track 1."""
    hits = [(0, 3 * i, 1, 36 + i % 3, 60 + 10 * (i % 2)) for i in range(8)]
    held = [(1, 6 * i, 4, 60 + i, 100) for i in range(3)]
    return Phrases.of([hits + held] * 16, GRID, 2)


def generator() -> Generator:
    torch.manual_seed(0)
    layout = PatchLayout(GRID, 2, 2)
    return Generator(layout, LatentSizes(4, 4, 4, 4), 1, 8, 4, 1, 1, 8)


def test_dynamics_of_hand_counted_phrases() -> None:
    dynamics = measure_dynamics(phrases(), 3)
    low, high = np.log(60 / 67), np.log(70 / 57)
    assert dynamics.mean[:2] == pytest.approx([(low + high) / 2, np.log(100 / 27)])
    assert dynamics.spread[:2] == pytest.approx([(high - low) / 2, 0])
    assert np.isnan(dynamics.mean[2])


def test_calibrated_samples_are_as_loud_and_as_even_as_real_ones() -> None:
    made, real = generator(), phrases()
    torch.nn.init.constant_(made.head.bias, 0.0)
    before = sample_phrases(made, real, 128, seed=3)
    calibrate(made, real, DUO, seed=5)
    after = sample_phrases(made, real, 128, seed=3)
    wanted, was, found = (measure_dynamics(sample, 2) for sample in (real, before, after))
    assert np.abs(was.mean - wanted.mean).max() > 0.5
    assert np.abs(found.mean - wanted.mean).max() < 0.05
    assert found.spread[0] == pytest.approx(wanted.spread[0], rel=0.1)
    assert found.spread[1] < was.spread[1]


def test_bars_of_a_track_that_repeats_are_made_alike_and_others_are_not() -> None:
    loop = [(0, bar + 3 * i, 1, 36 + i, 90) for bar in (0, 12) for i in range(4)]
    tune = [(1, 3 * i, 2, 50 + i, 90) for i in range(8)]
    made = generator()
    torch.nn.init.constant_(made.head.bias, 0.0)
    calibrate(made, Phrases.of([loop + tune] * 8, GRID, 2), DUO, seed=5)
    steady, free = made.track_spread.tolist()
    assert steady < 0.1 < 10 < free


@pytest.mark.parametrize("planning", [False, True], ids=["rolls", "codes"])
def test_bars_of_a_track_without_notes_differ_as_learnt(planning: bool) -> None:
    made = planned() if planning else generator()
    level = made.planner.recall.own if planning else made.track_spread
    learnt = level.clone()
    tune = [(0, 3 * i, 2, 50 + i, 90) for i in range(8)]
    set_variety(made, Phrases.of([tune] * 8, GRID, 2), 5, 8)
    assert (level != learnt).tolist() == [True, False]


def test_velocities_of_tracks_that_never_play_stay_as_learnt() -> None:
    made = generator()
    torch.nn.init.constant_(made.head.bias, -100.0)
    weight = made.head.weight.clone()
    calibrate(made, phrases(), DUO, 5, 8)
    assert torch.equal(made.head.weight, weight)
    assert (made.head.bias == -100).all()


def test_repetition_of_hand_counted_phrases() -> None:
    loop = [(0, bar + 3 * i, 1, 36 + i, 90) for bar in (0, 12) for i in range(4)]
    tune = [(1, 3 * i, 2, 50 + i % 4 // 3, 90) for i in range(8)]
    found = mean_repetition(Phrases.of([loop + tune] * 2, GRID, 2), 3)
    assert found[:2].tolist() == [1, 1]
    assert np.isnan(found[2])


def test_calibration_is_the_same_for_the_same_seed() -> None:
    one, other = generator(), generator()
    calibrate(one, phrases(), DUO, seed=5)
    calibrate(other, phrases(), DUO, seed=5)
    assert torch.equal(one.head.weight, other.head.weight)
    assert torch.equal(one.head.bias, other.head.bias)


DUET = Ensemble("duet", tuple(EnsembleTrack(name, 0, False, 36, 83) for name in ("one", "two")))


def together(apart: int) -> Phrases:
    """Sixteen phrases of two tracks that hold one note each, `apart` semitones."""
    return Phrases.of([[(0, 0, 24, 60, 90), (1, 0, 24, 60 + apart, 90)]] * 16, GRID, 2)


def test_tonal_distance_of_hand_counted_phrases() -> None:
    assert mean_tonal_distance(together(12), DUET) == pytest.approx(0)
    assert mean_tonal_distance(together(6), DUET) == pytest.approx(2**1.5)
    alone = Phrases.of([[(0, 0, 24, 60, 90)]], GRID, 2)
    assert np.isnan(mean_tonal_distance(alone, DUET))


def test_tonal_distance_of_made_to_given_tracks_alone() -> None:
    trio = Ensemble("trio", (*DUET.tracks, EnsembleTrack("three", 0, False, 36, 83)))
    notes = [[(0, 0, 24, 60, 90), (1, 0, 24, 66, 90), (2, 0, 24, 72, 90)]]
    phrases = Phrases.of(notes, GRID, 2)
    for given, wanted in (([1, 0, 0], 2**0.5), ([1, 0, 1], 2**1.5), ([0, 0, 0], np.nan)):
        found = mean_tonal_distance(phrases, trio, np.array([given], bool))
        assert found == pytest.approx(wanted, nan_ok=True)
    solo, alone = Ensemble("solo", DUET.tracks[:1]), Phrases.of([[(0, 0, 24, 60, 90)]], GRID, 2)
    assert np.isnan(mean_tonal_distance(alone, solo, np.array([[True]])))


def planned() -> PlannedGenerator:
    """An untrained planner for the duet that plays much."""
    torch.manual_seed(0)
    coder = CoderSpec(code=6, hidden=8, width=4)
    small = {"width": 8, "track_width": 4, "blocks": 1, "track_blocks": 1, "context": 8}
    sizes = GeneratorSpec(**small, coder=coder, **HYBRID.__dict__)
    spec = toy_spec(generator=sizes, ensemble_name=DUET.name, tracks=DUET.describe())
    made = build_planned(spec).requires_grad_(False)
    torch.nn.init.constant_(made.head.bias, 0.0)
    return made


@pytest.mark.parametrize(("apart", "least", "most"), [(0, 2.3, 2.5), (6, 0.0, 0.2)])
def test_tracks_go_to_chords_as_far_as_they_agree(apart: int, least: float, most: float) -> None:
    made = planned()
    set_harmony(made, together(apart), DUET, 5, 8)
    assert least <= made.planner.in_chord.min()
    assert made.planner.in_chord.max() <= most


@pytest.mark.parametrize(("apart", "least", "most"), [(0, 19, 20), (6, 0, 1)])
def test_given_tracks_are_heeded_as_far_as_tracks_agree(
    apart: int, least: float, most: float
) -> None:
    made = planned()
    learnt = made.planner.heed.clone()
    set_heed(made, together(apart), DUET, 5, 8)
    times = made.planner.heed / learnt
    assert least <= times.min()
    assert times.max() <= most


def test_drums_tell_no_chords() -> None:
    made = planned()
    drums = replace(DUET.tracks[0], is_drum=True)
    set_heed(made, together(0), Ensemble("pair", (drums, DUET.tracks[1])), 5, 8)
    assert made.planner.heed[0] == 0
    assert made.planner.heed[1] > 0


@pytest.mark.parametrize(
    ("made", "steps"), [(generator(), 7), (planned(), 3 * 6 + 2 * 1 + 8 + 9 + 1)]
)
def test_every_step_of_a_calibration_is_told_once(made: PhraseGenerator, steps: int) -> None:
    told: list[tuple[int, int]] = []

    def heard(step: int, steps: int) -> None:
        told.append((step, steps))

    calibrate(made, together(4), DUET, 5, heard=heard)
    assert told == [(step, steps) for step in range(1, steps + 1)]
