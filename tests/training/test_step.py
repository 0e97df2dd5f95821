import copy
import math
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor, nn

from musegan.data.batches import PhraseSource, transposing_room
from musegan.training.chance import Chance
from musegan.training.contest import Contest, Verdict
from musegan.training.game import Game
from musegan.training.matching import Traits
from musegan.training.phrase_feeding import PhraseFeeder
from musegan.training.phrase_task import build_critic
from musegan.training.recipe import Recipe
from musegan.training.roll_contest import ROLLS
from musegan.training.state import State, new_state
from musegan.training.step import train_step
from tests.models.toys import DUO, LAYOUT, toy_generator

from .corpus import toy_corpus, toy_recipe


@dataclass(frozen=True)
class Pair:
    """A batch of the simplest of contests: points of a plane."""

    real: Tensor
    noise: Tensor


POINTS: Contest[nn.Module, nn.Module, Pair, Recipe] = Contest(
    make=lambda generator, batch, recipe: generator(batch.noise),
    judge=lambda critic, points, batch: Verdict(critic(points).squeeze(1)),
    traits=lambda critic, points, batch: [Traits(points[:, None])],
)


def points(*, seed: int) -> Pair:
    random = torch.Generator().manual_seed(seed)
    real = torch.randn(5, 2, generator=random) * torch.tensor([1.0, 3.0]) + 2
    return Pair(real, torch.randn(5, 3, generator=random))


def plain_networks() -> tuple[nn.Module, nn.Module]:
    torch.manual_seed(0)
    return nn.Linear(3, 2), nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))


def chances(step: int, turns: int = 1) -> list[Chance]:
    return [Chance(10 * step + turn, of=5) for turn in range(turns)]


def cosine(rate: float, final: float, share: float) -> float:
    return rate * (final + (1 - final) * 0.5 * (1 + math.cos(math.pi * share)))


def straight_steps(
    recipe: Recipe, count: int, every: int
) -> tuple[nn.Module, nn.Module, nn.Module]:
    """WGAN-GP spelled out: two critic updates, one generator update, and an average."""
    generator, critic = plain_networks()
    average, was, wide = copy.deepcopy(generator), torch.zeros(2), torch.zeros(2)
    critic_adam = torch.optim.Adam(critic.parameters(), betas=(0.5, 0.9), foreach=False)
    adam = torch.optim.Adam(generator.parameters(), betas=(0.5, 0.9), foreach=False)
    for step in range(count):
        critic_adam.param_groups[0]["lr"] = cosine(0.05, 0.1, step / recipe.steps)
        adam.param_groups[0]["lr"] = cosine(0.02, 1.0, step / recipe.steps)
        for turn in range(2):
            batch = points(seed=2 * step + turn)
            made = generator(batch.noise).detach()
            loss = critic(made).mean() - critic(batch.real).mean()
            if step % every == 0:
                share = torch.rand(5, 1, generator=torch.Generator().manual_seed(10 * step + turn))
                between = (batch.real + share * (made - batch.real)).requires_grad_()
                (slope,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
                loss = loss + 4.0 * every * (slope.norm(dim=1) - 1).square().mean()
            critic_adam.zero_grad()
            loss.backward()
            critic_adam.step()
        adam.zero_grad()
        batch = points(seed=2 * step + 1)
        made = generator(batch.noise)
        apart, spread = (made - batch.real).mean(0), batch.real.var(0)
        was = apart.detach() if step == 0 else 0.9 * was + 0.1 * apart.detach()
        wide = spread if step == 0 else 0.9 * wide + 0.1 * spread
        # d(x^2) = 2 x dx, where x is the running mean but dx is this batch's
        pull = (2 * was * apart / (wide + 1e-3)).mean()
        (-critic(made).mean() + 0.3 * pull).backward()
        adam.step()
        decay = min(0.5 ** (1 / recipe.ema_half_life), (step + 1) / (step + 10))
        with torch.no_grad():
            for kept, now in zip(average.parameters(), generator.parameters(), strict=True):
                kept.mul_(decay).add_((1 - decay) * now)
    return generator, critic, average


@pytest.mark.parametrize("every", [1, 2])
def test_steps_do_what_the_algorithm_spelled_out_does(every):
    recipe = toy_recipe(
        loss="wasserstein",
        penalties=[{"kind": "two_sided", "weight": 4.0, "every": every}],
        matching=0.3,
        critic_steps=2,
        critic_adam={"rate": 0.05, "betas": [0.5, 0.9], "final": 0.1},
        generator_adam={"rate": 0.02, "betas": [0.5, 0.9], "final": 1.0},
        ema_half_life=3,
        steps=8,
    )
    state = new_state(*plain_networks(), recipe)
    for step in range(5):
        batches = [points(seed=2 * step + turn) for turn in range(2)]
        train_step(Game(state, POINTS, recipe), batches, chances(step, 2))
    networks = (state.generator, state.critic, state.average)
    assert state.step == 5
    for ours, theirs in zip(networks, straight_steps(recipe, 5, every), strict=True):
        for weight, expected in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(weight, expected, rtol=1e-4, atol=1e-5)


def test_rates_reach_their_floor_at_the_end_and_stay_there():
    recipe = toy_recipe(steps=2, generator_adam={"rate": 0.02, "final": 0.25})
    state = new_state(*plain_networks(), recipe)
    seen = []
    for step in range(4):
        train_step(Game(state, POINTS, recipe), [points(seed=step)], chances(step))
        seen.append(state.generator_adam.param_groups[0]["lr"])
    assert seen == pytest.approx([0.02, 0.0125, 0.005, 0.005])


def test_the_average_follows_running_statistics():
    recipe = toy_recipe()
    generator = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    state = new_state(generator, plain_networks()[1], recipe)
    train_step(Game(state, POINTS, recipe), [points(seed=0)], chances(0))
    assert state.average[1].running_mean.any()
    assert torch.equal(state.average[1].running_mean, state.generator[1].running_mean)


def toy_state(recipe: Recipe) -> tuple[State, PhraseFeeder]:
    torch.manual_seed(1)
    critic = build_critic(LAYOUT, 2, recipe)
    state = new_state(toy_generator(), critic, recipe)
    data = toy_corpus(16)
    room = transposing_room(data.phrases, DUO, recipe.transpose)
    source = PhraseSource(data.phrases, data.style, DUO, room, seed=3)
    return state, PhraseFeeder(source, recipe, state.generator, torch.device("cpu"))


def weights(network: nn.Module) -> Tensor:
    return torch.cat([weight.detach().flatten() for weight in network.parameters()])


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"precision": "bfloat16"},
        {"binary": False},
        {"loss": "hinge", "penalties": []},
        {"loss": "wasserstein", "penalties": [{"kind": "one_sided", "weight": 10}]},
        {"matching": 2.0, "critic_steps": 3},
        {"loss": "minimax", "penalties": []},
        {"loss": "non_saturating", "label_smoothing": 0.1},
        {"loss": "least_squares", "penalties": []},
        {"loss": "wasserstein", "penalties": [], "clip": 0.05},
        {"loss": "hinge", "penalties": [], "critic": {"width": 4, "spectral": True}},
        {"critic": {"width": 4, "spectral": True}},
        {"critic": {"width": 4, "conditioning": "classifier"}},
        {"critic": {"width": 4, "conditioning": "both", "deviation": True}},
        {"loss": "hinge", "penalties": [], "critic": {"width": 4, "batch_norm": True}},
        {"critic": {"width": 4, "dropout": 0.3}},
        {"noise": {"level": 0.1}, "augment": {"ramp": 8}},
        {"diffusion": {"ramp": 8}, "accumulate": 2},
        {"growth": {"stages": [[12, 12]], "until": 1.0}},
        {"path_length": {"every": 1}},
    ],
    ids=str,
)
def test_every_kind_of_recipe_moves_all_three_networks(changes):
    recipe = toy_recipe(**changes)
    state, feeder = toy_state(recipe)
    networks = (state.generator, state.critic, state.average)
    before = [weights(network) for network in networks]
    for step in range(2):
        seen = train_step(Game(state, ROLLS, recipe), feeder.batches(step), feeder.chances(step))
        assert all(value.isfinite() and not value.requires_grad for value in seen.values())
    for network, old in zip(networks, before, strict=True):
        new = weights(network)
        assert new.isfinite().all()
        assert not torch.equal(new, old)
    assert all(weight.requires_grad for weight in state.critic.parameters())
    assert not any(weight.requires_grad for weight in state.average.parameters())


def test_scalars_tell_the_penalties_of_their_steps():
    recipe = toy_recipe(penalties=[{"kind": "r1", "weight": 1, "every": 2}], matching=1.0)
    state, feeder = toy_state(recipe)
    always = {f"critic/{name}" for name in ("loss", "real", "made")}
    always |= {"generator/loss", "generator/matching", "critic/gradient", "generator/gradient"}
    for extra in ({"critic/r1"}, set(), {"critic/r1"}):
        batches = feeder.batches(state.step)
        seen = train_step(Game(state, ROLLS, recipe), batches, feeder.chances(state.step))
        assert set(seen) == always | extra


def test_the_generator_step_leaves_no_gradients_on_the_critic():
    recipe = toy_recipe(penalties=[{"kind": "r1", "weight": 1}])
    state, feeder = toy_state(recipe)
    train_step(Game(state, ROLLS, recipe), feeder.batches(0), feeder.chances(0))
    after_its_own_update = [weight.grad.clone() for weight in state.critic.parameters()]
    made = ROLLS.make(state.generator, feeder.batch(0), recipe)
    assert made.requires_grad
    assert all(
        torch.equal(weight.grad, old)
        for weight, old in zip(state.critic.parameters(), after_its_own_update, strict=True)
    )


def test_smoothed_labels_move_the_critic_as_cross_entropy_with_them_would():
    recipe = toy_recipe(loss="non_saturating", label_smoothing=0.2, penalties=[])
    state, batch = new_state(*plain_networks(), recipe), points(seed=0)
    expected = copy.deepcopy(state.critic)
    made = state.generator(batch.noise).detach()
    bce = nn.functional.binary_cross_entropy_with_logits
    scores, labels = expected(batch.real), torch.full((5, 1), 0.8)
    (bce(scores, labels) + bce(expected(made), torch.zeros(5, 1))).backward()
    train_step(Game(state, POINTS, recipe), [batch], chances(0))
    for ours, theirs in zip(state.critic.parameters(), expected.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad)


def test_a_clipped_critic_stays_within_its_bounds():
    recipe = toy_recipe(loss="wasserstein", penalties=[], clip=0.03, critic_steps=2)
    state = new_state(*plain_networks(), recipe)
    train_step(Game(state, POINTS, recipe), [points(seed=0), points(seed=1)], chances(0, 2))
    assert weights(state.critic).abs().max().item() == pytest.approx(0.03)
    assert weights(state.generator).abs().max() > 0.1


@pytest.mark.parametrize(
    "changes",
    [
        {"loss": "wasserstein", "penalties": [{"kind": "two_sided", "weight": 10}]},
        {"critic_steps": 2, "matching": 1.0},
        {"path_length": {"every": 1, "memory": 0.5}},
    ],
    ids=str,
)
def test_a_batch_in_parts_moves_the_networks_as_the_whole(changes):
    ends = []
    for parts in (1, 2, 4):
        recipe = toy_recipe(accumulate=parts, **changes)
        state, feeder = toy_state(recipe)
        for step in range(3):
            seen = train_step(
                Game(state, ROLLS, recipe), feeder.batches(step), feeder.chances(step)
            )
        ends.append((weights(state.generator), weights(state.critic), seen))
    for generator, critic, seen in ends[1:]:
        torch.testing.assert_close(generator, ends[0][0], rtol=0, atol=1e-5)
        torch.testing.assert_close(critic, ends[0][1], rtol=0, atol=1e-5)
        torch.testing.assert_close(seen, ends[0][2], rtol=1e-3, atol=1e-4)


def test_what_layers_draw_for_themselves_follows_the_seed():
    recipe = toy_recipe(critic={"width": 4, "dropout": 0.5})
    ends = []
    for noise in (0, 1):
        state, feeder = toy_state(recipe)
        torch.manual_seed(noise)
        train_step(Game(state, ROLLS, recipe), feeder.batches(0), feeder.chances(0))
        ends.append(weights(state.critic))
    assert torch.equal(*ends)


def test_adaptive_tricks_tell_how_hard_they_are_played():
    recipe = toy_recipe(augment={"target": 0.0, "ramp": 16}, diffusion={"target": 1.0})
    state, feeder = toy_state(recipe)
    seen = train_step(Game(state, ROLLS, recipe), feeder.batches(0), feeder.chances(0))
    assert -1 <= seen["critic/sure"] <= 1
    assert seen["critic/augment"] == (0.25 if seen["critic/sure"] > 0 else 0)
    assert seen["critic/diffusion"] == 0
