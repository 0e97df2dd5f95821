import torch

from musegan.models.critic import Critic, fold
from musegan.models.generator import keep
from musegan.models.patches import to_patches
from musegan.training.contest import PHRASES, Batch
from tests.models.toys import LAYOUT, some_phrases, styles_of, toy_generator, toy_latents

from .corpus import toy_recipe

REAL = to_patches(some_phrases(3), LAYOUT)


def toy_batch(mask: torch.Tensor) -> Batch:
    return Batch(REAL, styles_of(0, 1, 2), mask, keep(REAL, mask, LAYOUT), toy_latents(3))


def test_what_is_given_is_heard_as_it_is_and_the_rest_is_made():
    mask = torch.zeros(3, 2, 2)
    mask[:, 1, 0] = 1
    batch = toy_batch(mask)
    made = PHRASES.make(toy_generator(), batch, toy_recipe())
    assert torch.equal(keep(made, mask, LAYOUT), batch.given)
    assert not torch.equal(made, REAL)
    assert set(LAYOUT.split(made)[:, :, :, :, :2].unique().tolist()) == {0.0, 1.0}


def test_a_soft_recipe_leaves_probabilities():
    made = PHRASES.make(toy_generator(), toy_batch(torch.zeros(3, 2, 2)), toy_recipe(binary=False))
    assert LAYOUT.split(made)[:, :, :, :, :2].unique().numel() > 100


def test_everything_given_is_the_phrase_itself():
    assert torch.equal(
        PHRASES.make(toy_generator(), toy_batch(torch.ones(3, 2, 2)), toy_recipe()), REAL
    )


def test_scores_are_the_critics_under_style_and_mask():
    torch.manual_seed(0)
    critic, batch = Critic(LAYOUT, 2, 4), toy_batch(torch.ones(3, 2, 2))
    expected = critic(REAL, batch.style, batch.mask)
    assert torch.equal(PHRASES.judge(critic, REAL, batch).score, expected)


def test_traits_are_the_streams_of_a_mean_bar():
    critic = Critic(LAYOUT, 2, 4)
    (streams,) = PHRASES.traits(critic, REAL, toy_batch(torch.ones(3, 2, 2)))
    views = critic.views(fold(REAL, LAYOUT))
    torch.testing.assert_close(streams.values, (views[:, :8] + views[:, 8:]) / 2)
