import numpy as np
import pytest
import torch

from musegan.models.critic import STREAMS, Critic
from musegan.models.patches import fold, to_patches
from musegan.pianoroll import Phrases

from .toys import LAYOUT, some_phrases, styles_of

TRACKS, STEPS, BAR = LAYOUT.tracks, 48, 24
PHRASES = some_phrases(4, seed=21)
PATCHES = to_patches(PHRASES, LAYOUT)
STYLE = styles_of(0, 1, 2, 0)
MASK = torch.zeros(4, 2, 2)


def toy_critic(**settings) -> Critic:
    torch.manual_seed(5)
    return Critic(LAYOUT, 2, 4, **settings)


def heard_stream(name: str) -> np.ndarray:
    """A stream alone, (batch, step, track) or, of chroma, (batch, time, track, pitch class)."""
    views = toy_critic(streams=(name,)).views(fold(PATCHES, LAYOUT))
    if name == "chroma":
        return views.unflatten(2, (TRACKS, 12)).numpy()
    return views.unflatten(2, (TRACKS, 3)).transpose(2, 3).flatten(1, 2).numpy()


def notes(phrases: Phrases):
    for phrase, rows in enumerate(phrases.rows()):
        for track, start, duration, pitch, velocity in rows:
            yield phrase, track, start, duration, pitch, velocity


def onsets_by_class() -> np.ndarray:
    counts = np.zeros((4, STEPS, TRACKS, 12))
    for phrase, track, start, _, pitch, _ in notes(PHRASES):
        counts[phrase, start, track, pitch % 12] += 1
    return counts


def test_chroma_is_the_share_of_a_patch_that_each_pitch_class_sounds():
    expected = np.zeros((4, STEPS, TRACKS, 12))
    for phrase, track, start, duration, pitch, _ in notes(PHRASES):
        expected[phrase, start : start + duration, track, pitch % 12] += 1
    by_patch = expected.reshape(4, STEPS // 3, 3, TRACKS, 12).mean(2)
    np.testing.assert_allclose(heard_stream("chroma"), by_patch, atol=1e-6)


def test_the_onset_stream_counts_notes_that_begin():
    np.testing.assert_array_equal(heard_stream("onset"), onsets_by_class().sum(3))


def test_the_offset_stream_counts_notes_at_their_last_step():
    expected = np.zeros((4, STEPS, TRACKS))
    for phrase, track, start, duration, _, _ in notes(PHRASES):
        expected[phrase, start + duration - 1, track] += 1
    np.testing.assert_array_equal(heard_stream("offset"), expected)


def test_the_repeat_stream_counts_onsets_that_the_bar_before_has_too():
    counts = onsets_by_class()
    expected = np.zeros((4, STEPS, TRACKS))
    expected[:, BAR:] = (counts[:, BAR:] * counts[:, :-BAR]).sum(3)
    heard = heard_stream("repeat")
    np.testing.assert_array_equal(heard, expected)
    same = Phrases.of([[(0, 3, 1, 40, 90), (0, 27, 1, 52, 90)]], LAYOUT.grid, 2)
    views = toy_critic(streams=("repeat",)).views(fold(to_patches(same, LAYOUT), LAYOUT))
    assert views.sum() == 1


def test_the_velocity_stream_adds_up_how_loud_notes_begin():
    expected = np.zeros((4, STEPS, TRACKS))
    for phrase, track, start, _, _, velocity in notes(PHRASES):
        expected[phrase, start, track] += velocity / 127
    np.testing.assert_allclose(heard_stream("velocity"), expected, atol=1e-6)


def test_views_stand_side_by_side_in_the_order_asked():
    whole = toy_critic().views(fold(PATCHES, LAYOUT))
    parts = [toy_critic(streams=(name,)).views(fold(PATCHES, LAYOUT)) for name in STREAMS]
    assert torch.equal(whole, torch.cat(parts, 2))


@pytest.mark.parametrize("streams", [(), ("chroma",), STREAMS], ids=len)
@pytest.mark.parametrize("blocks", [(0, 0, 0), (1, 1, 2)])
def test_a_phrase_gets_one_score(streams, blocks):
    scores = toy_critic(streams=streams, blocks=blocks)(PATCHES, STYLE, MASK).score
    assert scores.shape == (4,)
    assert scores.isfinite().all()
    assert scores.unique().numel() == 4


def test_style_and_mask_matter():
    critic = toy_critic()
    score = critic(PATCHES, STYLE, MASK).score
    assert (critic(PATCHES, styles_of(1, 2, 0, 1), MASK).score != score).all()
    given = MASK.clone()
    given[:, 1, 0] = 1
    assert (critic(PATCHES, STYLE, given).score != score).all()


def test_phrases_are_judged_one_by_one():
    critic = toy_critic()
    alone = [critic(PATCHES[i : i + 1], STYLE[i : i + 1], MASK[i : i + 1]).score for i in range(4)]
    torch.testing.assert_close(torch.cat(alone), critic(PATCHES, STYLE, MASK).score)


def test_a_penalty_on_its_slope_has_the_gradient_of_finite_differences():
    critic = toy_critic().double()
    patches, style, mask = PATCHES.double(), STYLE.double(), MASK.double()

    def steepness() -> torch.Tensor:
        x = patches.clone().requires_grad_()
        (slope,) = torch.autograd.grad(critic(x, style, mask).score.sum(), x, create_graph=True)
        return slope.square().sum()

    steepness().backward()
    weights = [weight for weight in critic.parameters() if weight.grad is not None]
    assert len(weights) > 0.5 * len(list(critic.parameters()))
    ways = [torch.randn_like(weight) for weight in weights]
    slope = sum((weight.grad * way).sum() for weight, way in zip(weights, ways, strict=True))

    def moved_by(amount: float) -> torch.Tensor:
        with torch.no_grad():
            for weight, way in zip(weights, ways, strict=True):
                weight += amount * way
        return steepness().detach()

    far = 1e-6
    difference = (moved_by(far) - moved_by(-2 * far)) / (2 * far)
    assert slope.item() == pytest.approx(difference.item(), rel=1e-4)


@pytest.mark.parametrize(
    ("conditioning", "scores", "guesses"),
    [
        ("projection", True, False),
        ("classifier", False, True),
        ("both", True, True),
        ("none", False, False),
    ],
)
def test_a_style_moves_the_score_or_is_guessed(conditioning, scores, guesses):
    critic = toy_critic(conditioning=conditioning)
    opinion = critic(PATCHES, STYLE, MASK)
    other = critic(PATCHES, styles_of(1, 2, 0, 1), MASK)
    assert (opinion.score != other.score).all() == scores
    assert (opinion.style is not None) == guesses
    if guesses:
        assert opinion.style.shape == (4, 2)
        assert torch.equal(opinion.style, other.style)


def test_a_critic_of_deviation_hears_whether_phrases_differ():
    critic = toy_critic(deviation=True)
    apart = critic(PATCHES, STYLE, MASK).score
    alone = critic(PATCHES[:1], STYLE[:1], MASK[:1]).score
    assert apart[0] != alone[0]


def test_batch_norm_stands_after_strided_convolutions_alone():
    critic = toy_critic(batch_norm=True, blocks=(1, 1, 1))
    kinds = [type(stage).__name__ for stage in critic.stages]
    assert [kinds[i - 1] for i, kind in enumerate(kinds) if kind == "BatchNorm"] == ["Conv", "Conv"]
    assert critic(PATCHES, STYLE, MASK).score.isfinite().all()


def test_dropout_is_chance_in_training_and_none_after():
    critic = toy_critic(dropout=0.5)
    one, other = (critic(PATCHES, STYLE, MASK).score for _ in range(2))
    assert not torch.equal(one, other)
    critic.eval()
    one, other = (critic(PATCHES, STYLE, MASK).score for _ in range(2))
    assert torch.equal(one, other)


def test_only_a_critic_of_noise_is_moved_by_how_much_there_is():
    told, clean = torch.tensor([0.0, 0.1, 0.5, 1.0]), torch.zeros(4)
    for critic, moved in ((toy_critic(noise_level=True), True), (toy_critic(), False)):
        scores = [critic(PATCHES, STYLE, MASK, noise).score for noise in (told, clean)]
        assert torch.equal(*scores) != moved
