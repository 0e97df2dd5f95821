import math

import pytest
import torch

from musegan.training.chance import Chance
from musegan.training.contest import Contest, Verdict
from musegan.training.ears import Ears, diffuse, disguised, kept_shares, spread_now
from musegan.training.ranks import ALONE
from musegan.training.sections import DiffusionRecipe, NoiseRecipe

from .corpus import toy_recipe

ROWS = 4000
DIFFUSION = DiffusionRecipe(least=5, most=50, first=0.001, last=0.05, spread=0.7)
HEARD = Contest(make=None, judge=lambda critic, music, batch: Verdict(music), traits=None)


def test_instance_noise_falls_straight_to_nothing():
    noise = NoiseRecipe(level=0.4, until=0.5)
    assert [spread_now(noise, share) for share in (0, 0.25, 0.5, 1)] == [0.4, 0.2, 0, 0]


def test_noise_has_its_spread_and_is_drawn_anew_each_time():
    recipe = toy_recipe(noise={"level": 0.3})
    ears = disguised(HEARD, Ears(), recipe, 0.5, Chance(0, of=ROWS))
    one, other = (ears.judge(None, torch.ones(ROWS, 3), None).score for _ in range(2))
    for heard in (one, other):
        assert heard.mean().item() == pytest.approx(1, abs=0.01)
        assert heard.std().item() == pytest.approx(0.15, rel=0.05)
    assert not torch.equal(one, other)


def test_without_tricks_nothing_is_done_to_a_contest():
    assert disguised(HEARD, Ears(), toy_recipe(), 0.5, Chance(0, of=2)) is HEARD


def test_kept_shares_are_the_products_of_what_each_step_leaves():
    expected, product = [1.0], 1.0
    for step in range(50):
        product *= 1 - (0.001 + (0.05 - 0.001) * step / 49)
        expected.append(product)
    torch.testing.assert_close(kept_shares(DIFFUSION, torch.device("cpu")), torch.tensor(expected))


@pytest.mark.parametrize(("level", "longest"), [(0.0, 5), (0.5, 27), (1.0, 50)])
def test_half_the_music_diffuses_for_the_longer_the_likelier(level, longest):
    _, told = diffuse(torch.zeros(ROWS, 1), DIFFUSION, torch.tensor(level), Chance(0, of=ROWS))
    steps = (told * 50).round().long()
    assert (steps == 0).float().mean().item() == pytest.approx(0.5, abs=0.03)
    counts = torch.bincount(steps[steps > 0], minlength=longest + 1)[1:].float()
    assert len(counts) == longest
    wanted = torch.arange(1, longest + 1) / (longest * (longest + 1) / 2)
    torch.testing.assert_close(counts / counts.sum(), wanted, atol=0.025, rtol=0)


def test_diffused_music_has_the_mean_and_the_spread_of_its_steps():
    music = torch.full((ROWS, 20), 2.0)
    heard, told = diffuse(music, DIFFUSION, torch.tensor(1.0), Chance(0, of=ROWS))
    assert torch.equal(heard[told == 0], music[told == 0])
    kept = kept_shares(DIFFUSION, torch.device("cpu"))
    for steps in (30, 50):
        rows = heard[(told * 50).round() == steps]
        assert rows.mean().item() == pytest.approx(2 * math.sqrt(kept[steps]), abs=0.05)
        assert rows.std().item() == pytest.approx(0.7 * math.sqrt(1 - kept[steps]), rel=0.1)


def test_tricks_are_played_harder_when_the_critic_is_sure_and_softer_when_not():
    recipe = toy_recipe(augment={"target": 0.6, "ramp": 16}, diffusion={"target": 0.2, "ramp": 8})
    ears = Ears()
    seen = []
    for sure in (1.0, 1.0, 0.4, 0.4, 0.4, 0.4, -1.0, -1.0, -1.0):
        ears.adapt(recipe, torch.tensor(sure), ALONE)
        seen.append((ears.tensors["augment"].item(), ears.tensors["diffusion"].item()))
    # batches of 4; what was heard before is three quarters of what is known
    known, expected = 1.0, []
    levels = [0.0, 0.0]
    for sure in (1.0, 1.0, 0.4, 0.4, 0.4, 0.4, -1.0, -1.0, -1.0):
        known = 0.75 * known + 0.25 * sure
        for which, (target, ramp) in enumerate(((0.6, 16), (0.2, 8))):
            step = math.copysign(4 / ramp, known - target)
            levels[which] = min(1.0, max(0.0, levels[which] + step))
        expected.append(tuple(levels))
    assert seen == expected
    assert len({augment for augment, _ in seen}) > 2


def test_a_recipe_without_adaptive_tricks_remembers_nothing():
    ears = Ears()
    ears.adapt(toy_recipe(noise={"level": 0.1}), torch.tensor(1.0), ALONE)
    assert ears.tensors == {}
