import math

import torch
from hypothesis import given
from hypothesis import strategies as st

from musegan.audio.representations.scales import to_advances, to_amplitudes, to_levels, to_phases

DECIBELS = st.floats(-79, 10)


def test_levels_count_decibels_from_the_floor_to_full_scale() -> None:
    amplitudes = torch.tensor([0.0, 1e-5, 1e-4, 1e-2, 1.0])
    levels = to_levels(amplitudes, 80)
    torch.testing.assert_close(levels, torch.tensor([-1.0, -1.0, -1.0, 0.0, 1.0]))
    torch.testing.assert_close(to_amplitudes(levels, 80), torch.tensor([0.0, 0.0, 0.0, 1e-2, 1.0]))


@given(st.lists(DECIBELS, min_size=1))
def test_amplitudes_come_back(decibels: list[float]) -> None:
    amplitudes = 10 ** (torch.tensor(decibels) / 20)
    again = to_amplitudes(to_levels(amplitudes, 80), 80)
    torch.testing.assert_close(again, amplitudes, rtol=1e-4, atol=0)


@given(st.lists(st.floats(-math.pi, math.pi), min_size=1, max_size=40))
def test_phases_come_back_up_to_whole_turns(phases: list[float]) -> None:
    phase = torch.tensor(phases)[None]
    again = to_phases(to_advances(phase, torch.ones_like(phase, dtype=torch.bool)))
    torch.testing.assert_close(
        torch.polar(torch.ones_like(again), again),
        torch.polar(torch.ones_like(phase), phase),
        rtol=0,
        atol=1e-4,
    )


def test_a_steady_sine_advances_steadily_from_where_it_starts() -> None:
    phases = torch.tensor([0.1, 0.9, 1.7, 2.5, 3.3 - 2 * math.pi]) * 1.0
    advances = to_advances(phases, torch.ones(5, dtype=torch.bool))
    expected = torch.tensor([0.1, 0.8, 0.8, 0.8, 0.8]) / math.pi
    torch.testing.assert_close(advances, expected)


def test_what_is_not_heard_does_not_advance_and_is_caught_up_with() -> None:
    phases = torch.tensor([2.0, 0.5, 1.0, -3.0, 3.0, 1.5])
    heard = torch.tensor([False, True, True, False, False, True])
    advances = to_advances(phases, heard)
    torch.testing.assert_close(
        advances * math.pi, torch.tensor([0.0, 0.5, 0.5, 0.0, 0.0, 0.5]), rtol=0, atol=1e-6
    )
