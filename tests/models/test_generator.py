import pytest
import torch
from torch import Tensor

from musegan.models.critic import Critic
from musegan.models.generator import Generator, complete, keep
from musegan.models.latents import Latents, LatentSizes
from musegan.models.patches import PatchLayout, to_patches
from musegan.models.sounding import sound
from musegan.pianoroll import Grid

from .toys import COMPOSER, HYBRID, JAMMING, LAYOUT, some_phrases, styles_of, toy_generator
from .toys import toy_latents as latents_of

SETTINGS = pytest.mark.parametrize(
    "sizes", [COMPOSER, JAMMING, HYBRID], ids=["composer", "jamming", "hybrid"]
)
NOTHING = torch.zeros(LAYOUT.shape(3))
NO_MASK = torch.zeros(3, 2, 2)


def logits_of(sizes: LatentSizes, latents: Latents, **heard: Tensor) -> Tensor:
    """Logits by (batch, time, octave, track, channel of the track)."""
    style = heard.get("style", styles_of(0, 1, 2))
    given, mask = heard.get("given", NOTHING), heard.get("mask", NO_MASK)
    with torch.no_grad():
        return toy_generator(sizes)(latents, style, given, mask).unflatten(3, (2, -1))


def nudged(latents: Latents, name: str, where: tuple) -> Latents:
    part = getattr(latents, name).clone()
    part[where] += 1
    return Latents(**{**latents.__dict__, name: part})


def moved(before: Tensor, after: Tensor) -> Tensor:
    """(bars, tracks): which cells differ anywhere."""
    apart = (before != after).unflatten(1, (2, -1))
    return apart.any(5).any(3).any(2).any(0)


@SETTINGS
def test_logits_have_the_shape_of_the_phrase(sizes):
    logits = toy_generator(sizes)(latents_of(3, sizes), styles_of(0, 1, 2), NOTHING, NO_MASK)
    assert logits.shape == LAYOUT.shape(3)
    assert logits.isfinite().all()


@SETTINGS
def test_what_is_given_to_all_can_be_one_row(sizes):
    generator, heard = toy_generator(sizes), (latents_of(3, sizes), styles_of(0, 1, 2))
    assert torch.equal(generator(*heard, NOTHING[:1], NO_MASK), generator(*heard, NOTHING, NO_MASK))


@pytest.mark.parametrize("sizes", [JAMMING, HYBRID], ids=["jamming", "hybrid"])
@pytest.mark.parametrize("name", ["track", "track_bar"])
@pytest.mark.parametrize("track", [0, 1])
def test_a_tracks_own_latent_moves_that_track_alone(sizes, name, track):
    latents = latents_of(3, sizes)
    after = logits_of(sizes, nudged(latents, name, (slice(None), track)))
    assert moved(logits_of(sizes, latents), after).tolist() == [[track == 0, track == 1]] * 2


@pytest.mark.parametrize("sizes", [COMPOSER, HYBRID], ids=["composer", "hybrid"])
@pytest.mark.parametrize("name", ["shared", "shared_bar"])
def test_a_shared_latent_moves_all_tracks(sizes, name):
    latents = latents_of(3, sizes)
    after = logits_of(sizes, nudged(latents, name, (slice(None),)))
    assert moved(logits_of(sizes, latents), after).all()


@SETTINGS
def test_phrases_of_a_batch_do_not_meet(sizes):
    latents = latents_of(3, sizes)
    name = "track" if sizes.track else "shared"
    before, after = (logits_of(sizes, x) for x in (latents, nudged(latents, name, (1,))))
    assert [bool((before[i] != after[i]).any()) for i in range(3)] == [False, True, False]


@SETTINGS
def test_style_given_notes_and_mask_are_all_heard(sizes):
    latents = latents_of(3, sizes)
    before = logits_of(sizes, latents)
    mask = NO_MASK.clone()
    mask[:, 0, 0] = 1
    given = keep(to_patches(some_phrases(3, seed=9), LAYOUT), mask, LAYOUT)
    assert given.any()
    assert moved(before, logits_of(sizes, latents, style=styles_of(1, 2, 0))).all()
    masked = logits_of(sizes, latents, mask=mask)
    assert moved(before, masked)[:, 1].all()
    assert moved(masked, logits_of(sizes, latents, mask=mask, given=given))[:, 1].all()


def test_every_weight_learns():
    generator = toy_generator()
    mask = NO_MASK.clone()
    mask[:, 0, 0] = 1
    given = keep(to_patches(some_phrases(3, seed=9), LAYOUT), mask, LAYOUT)
    made = sound(generator(latents_of(3), styles_of(0, 1, 2), given, mask), LAYOUT)
    torch.manual_seed(1)
    Critic(LAYOUT, 2, 4)(made, styles_of(0, 1, 2), mask).score.sum().backward()
    for name, weight in generator.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.isfinite().all(), name
        assert weight.grad.any(), name


def test_a_fresh_generator_neither_roars_nor_sleeps():
    torch.manual_seed(0)
    generator = Generator(LAYOUT, HYBRID, 2)  # in its full width, for narrow ones begin quieter
    with torch.no_grad():
        silence, free = torch.zeros(LAYOUT.shape(32)), torch.zeros(32, 2, 2)
        logits = generator(latents_of(32), styles_of(*[2] * 32), silence, free)
    onset = LAYOUT.split(sound(logits, LAYOUT))[:, :, :, :, 0]
    assert 0 < onset.mean() < 0.3


def test_what_is_given_comes_back_exactly_and_the_rest_is_made():
    torch.manual_seed(2)
    made = torch.rand(LAYOUT.shape(4))
    mask = (torch.rand(4, 2, 2) < 0.5).float()
    given = to_patches(some_phrases(4), LAYOUT, mask=mask.numpy())
    whole = complete(made, given, mask, LAYOUT)
    for batch in range(4):
        for track in range(2):
            for bar in range(2):
                source = given if mask[batch, track, bar] else made
                cell = (batch, slice(bar * 8, bar * 8 + 8), slice(None))
                channels = slice(track * 108, track * 108 + 108)
                assert torch.equal(whole[cell][..., channels], source[cell][..., channels])


@pytest.mark.parametrize(
    "grid", [Grid(4, 3), Grid(3, 4), Grid(5, 12), Grid(6, 6, 8), Grid(1, 12)], ids=str
)
@pytest.mark.parametrize("bars", [1, 3])
def test_both_networks_take_every_grid_a_layout_takes(grid, bars):
    layout = PatchLayout(grid, bars, tracks=1, octaves=2)
    style, mask = styles_of(0), torch.zeros(1, 1, bars)
    latents = Latents(
        torch.randn(1, 5), torch.randn(1, bars, 3), torch.randn(1, 1, 4), torch.randn(1, 1, bars, 2)
    )
    logits = toy_generator(HYBRID, layout)(latents, style, torch.zeros(layout.shape(1)), mask)
    assert logits.shape == layout.shape(1)
    assert Critic(layout, 2, 4, (1, 1, 1))(sound(logits, layout), style, mask).score.shape == (1,)


def test_bars_differ_only_as_far_as_something_makes_them():
    generator = toy_generator()
    silence, free = torch.zeros(LAYOUT.shape(3)), torch.zeros(3, 2, 2)

    def bars_apart(mask: Tensor) -> float:
        logits = generator(latents_of(3), styles_of(0, 1, 2), silence, mask).unflatten(1, (2, -1))
        return (logits[:, 0] - logits[:, 1]).abs().max().item()

    assert bars_apart(free) > 0.01
    with torch.no_grad():
        generator.variety.bias.fill_(-60)
        generator.track_variety.bias.fill_(-60)
    assert bars_apart(free) < 1e-5
    given = free.clone()
    given[:, 0, 1] = 1
    assert bars_apart(given) > 0.01
