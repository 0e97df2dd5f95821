import torch

from musegan.models.critic import Critic
from musegan.models.generator import keep
from musegan.models.patches import fold, to_patches
from musegan.training.augmenting import AUGMENTS
from musegan.training.chance import Chance
from musegan.training.roll_contest import ROLLS, RollBatch
from tests.models.toys import LAYOUT, some_phrases, styles_of, toy_generator, toy_latents

from .corpus import toy_recipe

REAL = to_patches(some_phrases(3), LAYOUT)


def toy_batch(mask: torch.Tensor) -> RollBatch:
    return RollBatch(REAL, styles_of(0, 1, 2), mask, keep(REAL, mask, LAYOUT), toy_latents(3))


def test_what_is_given_is_heard_as_it_is_and_the_rest_is_made():
    mask = torch.zeros(3, 2, 2)
    mask[:, 1, 0] = 1
    batch = toy_batch(mask)
    made = ROLLS.make(toy_generator(), batch, toy_recipe())
    assert torch.equal(keep(made, mask, LAYOUT), batch.given)
    assert not torch.equal(made, REAL)
    assert set(LAYOUT.split(made)[:, :, :, :, :2].unique().tolist()) == {0.0, 1.0}


def test_a_soft_recipe_leaves_probabilities():
    made = ROLLS.make(toy_generator(), toy_batch(torch.zeros(3, 2, 2)), toy_recipe(binary=False))
    assert LAYOUT.split(made)[:, :, :, :, :2].unique().numel() > 100


def test_everything_given_is_the_phrase_itself():
    assert torch.equal(
        ROLLS.make(toy_generator(), toy_batch(torch.ones(3, 2, 2)), toy_recipe()), REAL
    )


def test_scores_are_the_critics_under_style_and_mask():
    torch.manual_seed(0)
    critic, batch = Critic(LAYOUT, 2, 4), toy_batch(torch.ones(3, 2, 2))
    expected = critic(REAL, batch.style, batch.mask).score
    assert torch.equal(ROLLS.judge(critic, REAL, batch).score, expected)


def test_traits_are_the_streams_of_a_mean_bar():
    critic = Critic(LAYOUT, 2, 4)
    (streams,) = ROLLS.traits(critic, REAL, toy_batch(torch.ones(3, 2, 2)))
    views = critic.views(fold(REAL, LAYOUT))
    torch.testing.assert_close(streams.values, (views[:, :8] + views[:, 8:]) / 2)


def test_a_guess_is_wrong_by_its_cross_entropy_and_no_guess_at_any_is():
    torch.manual_seed(0)
    critic, batch = Critic(LAYOUT, 2, 4, conditioning="both"), toy_batch(torch.ones(3, 2, 2))
    verdict = ROLLS.judge(critic, REAL, batch)
    guessed = critic(REAL, batch.style, batch.mask).style.softmax(1)
    expected = [-guessed[0, 0].log(), -guessed[1, 1].log(), torch.zeros(())]
    torch.testing.assert_close(verdict.amiss, torch.stack(expected))


def test_changes_are_made_as_often_as_asked_and_masks_go_with_them():
    critic, batch = Critic(LAYOUT, 2, 4), toy_batch(torch.eye(2).expand(3, 2, 2))
    kinds = tuple(AUGMENTS)
    for often, same in ((0.0, True), (1.0, False)):
        changed, told = ROLLS.augment(
            critic, REAL, batch, kinds, torch.tensor(often), Chance(1, of=3)
        )
        assert torch.equal(changed, REAL) == same
        assert torch.equal(told.mask, batch.mask) == same


def test_the_critic_is_told_of_noise():
    torch.manual_seed(0)
    critic = Critic(LAYOUT, 2, 4, noise_level=True)
    batch = toy_batch(torch.ones(3, 2, 2))
    noise = torch.tensor([0.0, 0.5, 1.0])
    told = ROLLS.judge(critic, REAL, ROLLS.tell_noise(batch, noise)).score
    assert torch.equal(told, critic(REAL, batch.style, batch.mask, noise).score)
