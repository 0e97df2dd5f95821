import math

import pytest
import torch

from musegan.training.losses import LOSSES, doubt, sureness

REAL, MADE = [1.5, -0.25, 0.5, 3.0], [0.75, -2.0, -0.5, 1.25]
N = len(REAL)


def softplus(x: float) -> float:
    return math.log1p(math.exp(x))


def chance(score: float) -> float:
    return 1 / (1 + math.exp(-score))


def cross_entropy(label: float, score: float) -> float:
    return -label * math.log(chance(score)) - (1 - label) * math.log(1 - chance(score))


ENTROPY = sum(cross_entropy(1, r) for r in REAL) / N + sum(cross_entropy(0, m) for m in MADE) / N

BY_HAND = {
    "minimax": (ENTROPY, sum(math.log(1 - chance(m)) for m in MADE) / N),
    "non_saturating": (ENTROPY, -sum(math.log(chance(m)) for m in MADE) / N),
    "least_squares": (
        sum((r - 1) ** 2 for r in REAL) / 2 / N + sum(m**2 for m in MADE) / 2 / N,
        sum((m - 1) ** 2 for m in MADE) / 2 / N,
    ),
    "wasserstein": (
        sum(MADE) / N - sum(REAL) / N,
        -sum(MADE) / N,
    ),
    "hinge": (
        sum(max(0, 1 - r) for r in REAL) / N + sum(max(0, 1 + m) for m in MADE) / N,
        -sum(MADE) / N,
    ),
    "relativistic": (
        sum(softplus(m - r) for r, m in zip(REAL, MADE, strict=True)) / N,
        sum(softplus(r - m) for r, m in zip(REAL, MADE, strict=True)) / N,
    ),
}


def test_every_loss_is_checked_here():
    assert set(LOSSES) == set(BY_HAND)


@pytest.mark.parametrize("name", LOSSES)
def test_losses_are_their_formulas(name):
    real, made = torch.tensor(REAL).double(), torch.tensor(MADE).double()
    critic, generator = BY_HAND[name]
    assert LOSSES[name].critic(real, made).item() == pytest.approx(critic)
    assert LOSSES[name].generator(real, made).item() == pytest.approx(generator)


@pytest.mark.parametrize("name", LOSSES)
def test_a_generator_that_hears_no_real_scores_needs_none(name):
    made = torch.tensor(MADE)
    here, elsewhere = (LOSSES[name].generator(torch.full((N,), x), made) for x in (0.0, 1.0))
    assert (here != elsewhere) == LOSSES[name].paired


@pytest.mark.parametrize("name", LOSSES)
def test_critic_and_generator_pull_made_scores_apart(name):
    real = torch.tensor(REAL)
    pulls = []
    for objective in (LOSSES[name].critic, LOSSES[name].generator):
        made = torch.full((N,), 0.5, requires_grad=True)
        objective(real, made).backward()
        pulls.append(made.grad)
    assert (pulls[0] > 0).all()
    assert (pulls[1] < 0).all()


@pytest.mark.parametrize("name", LOSSES)
def test_slopes_are_finite_differences(name):
    far = 1e-6
    for side, objective in enumerate((LOSSES[name].critic, LOSSES[name].generator)):
        scores = torch.tensor([REAL, MADE], dtype=torch.float64, requires_grad=True)
        objective(*scores).backward()
        for row in range(side and not LOSSES[name].paired, 2):
            for place in range(N):
                step = torch.zeros(2, N).double()
                step[row, place] = far
                with torch.no_grad():
                    difference = objective(*(scores + step)) - objective(*(scores - step))
                expected = difference.item() / (2 * far)
                assert scores.grad[row, place].item() == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("name", [name for name in LOSSES if LOSSES[name].odds])
def test_smoothed_labels_are_cross_entropy_with_a_likely_label(name):
    share, real, made = 0.1, torch.tensor(REAL).double(), torch.tensor(MADE).double()
    expected = sum(cross_entropy(1 - share, r) for r in REAL) / N
    expected += sum(cross_entropy(0, m) for m in MADE) / N
    smoothed = LOSSES[name].critic(real, made) + doubt(real, share)
    assert smoothed.item() == pytest.approx(expected)


def test_a_critic_in_doubt_has_a_best_score():
    score = torch.full((1,), math.log(0.9 / 0.1), dtype=torch.float64, requires_grad=True)
    entropy = LOSSES["non_saturating"].critic(score, torch.zeros(1)) + doubt(score, 0.1)
    entropy.backward()
    assert score.grad.item() == pytest.approx(0)


def test_minimax_slopes_vanish_where_those_of_its_remedy_do_not():
    pulls = {}
    for name in ("minimax", "non_saturating"):
        made = torch.tensor([-8.0], requires_grad=True)
        LOSSES[name].generator(made, made).backward()
        pulls[name] = made.grad.item()
    assert -1e-3 < pulls["minimax"] < 0
    assert pulls["non_saturating"] < -0.999


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("minimax", (3 - 1) / 4),
        ("non_saturating", (3 - 1) / 4),
        ("hinge", (3 - 1) / 4),
        ("least_squares", (2 - 1) / 4),  # one score is 0.5, neither real nor made
        ("wasserstein", 1.0),
        ("relativistic", 1.0),
    ],
)
def test_sureness_counts_real_scores_above_the_middle(name, expected):
    assert sureness(LOSSES[name], torch.tensor(REAL), torch.tensor(MADE)) == expected
