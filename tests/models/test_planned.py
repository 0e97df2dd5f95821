import pytest
import torch
from torch import Tensor

from musegan.models.code_critic import CodeCritic
from musegan.models.coder import HARMONY, on_sphere
from musegan.models.generator import keep
from musegan.models.latents import Latents
from musegan.models.patches import to_patches
from musegan.models.spec import CoderSpec, GeneratorSpec, build_planned

from .toys import (
    COMPOSER,
    HYBRID,
    JAMMING,
    LAYOUT,
    some_phrases,
    styles_of,
    toy_latents,
    toy_planned,
    toy_spec,
)

SETTINGS = pytest.mark.parametrize(
    "sizes", [COMPOSER, JAMMING, HYBRID], ids=["composer", "jamming", "hybrid"]
)
BARS, TRACKS = LAYOUT.bars, LAYOUT.tracks
FREE = torch.zeros(3, TRACKS, BARS)
SILENCE = torch.zeros(LAYOUT.shape(3))


def given_cell() -> tuple[Tensor, Tensor]:
    """Patches and a mask with track 0 given in bar 0."""
    mask = FREE.clone()
    mask[:, 0, 0] = 1
    given = keep(to_patches(some_phrases(3, seed=9), LAYOUT), mask, LAYOUT)
    assert given.any()
    return given, mask


def nudged(latents: Latents, name: str, where: tuple) -> Latents:
    part = getattr(latents, name).clone()
    part[where] += 1
    return Latents(**{**latents.__dict__, name: part})


def moved(before: Tensor, after: Tensor) -> Tensor:
    """(bars, tracks): in which cells logits differ."""
    apart = (before != after).unflatten(3, (TRACKS, -1)).unflatten(1, (BARS, -1))
    return apart.any(5).any(3).any(2).any(0)


@SETTINGS
def test_logits_have_the_shape_of_the_phrase(sizes):
    logits = toy_planned(sizes)(toy_latents(3, sizes), styles_of(0, 1, 2), SILENCE, FREE)
    assert logits.shape == LAYOUT.shape(3)
    assert logits.isfinite().all()


@SETTINGS
def test_what_is_given_to_all_can_be_one_row(sizes):
    generator, heard = toy_planned(sizes), (toy_latents(3, sizes), styles_of(0, 1, 2))
    assert torch.equal(generator(*heard, SILENCE[:1], FREE), generator(*heard, SILENCE, FREE))


@pytest.mark.parametrize("sizes", [JAMMING, HYBRID], ids=["jamming", "hybrid"])
@pytest.mark.parametrize("name", ["track", "track_bar"])
@pytest.mark.parametrize("track", [0, 1])
def test_a_tracks_own_latent_moves_that_track_alone(sizes, name, track):
    generator, latents, style = toy_planned(sizes), toy_latents(3, sizes), styles_of(0, 1, 2)
    after = generator(nudged(latents, name, (slice(None), track)), style, SILENCE, FREE)
    found = moved(generator(latents, style, SILENCE, FREE), after)
    assert found.tolist() == [[track == 0, track == 1]] * BARS


@pytest.mark.parametrize("name", ["shared", "shared_bar"])
def test_a_shared_latent_moves_all_tracks(name):
    generator, latents, style = toy_planned(), toy_latents(3), styles_of(0, 1, 2)
    after = generator(nudged(latents, name, (slice(None),)), style, SILENCE, FREE)
    assert moved(generator(latents, style, SILENCE, FREE), after).all()


def test_style_given_notes_and_mask_are_all_heard():
    generator, latents, style = toy_planned(), toy_latents(3), styles_of(0, 1, 2)
    given, mask = given_cell()
    free = generator(latents, style, SILENCE, FREE)
    masked = generator(latents, style, SILENCE, mask)
    assert moved(free, generator(latents, styles_of(1, 2, 0), SILENCE, FREE)).all()
    assert moved(free, masked)[:, 1].all()
    assert moved(masked, generator(latents, style, given, mask))[:, 1].all()


def test_given_codes_stay_as_they_are():
    generator, latents = toy_planned(), toy_latents(3)
    given, mask = given_cell()
    codes = generator.coder.encoder(given)
    planned = generator.planner(latents, styles_of(0, 1, 2), codes, mask)
    assert torch.equal(planned[:, 0, 0], codes[:, 0, 0])
    size = planned[:, 1].square().mean(2).sqrt()
    assert size.flatten().tolist() == pytest.approx([1] * size.numel(), abs=0.01)


def test_every_weight_of_the_planner_learns():
    generator = toy_planned()
    given, mask = given_cell()
    codes = generator.coder.encoder(given).detach()
    style = styles_of(0, 1, 2)
    made = generator.planner(toy_latents(3), style, codes, mask)
    torch.manual_seed(1)
    CodeCritic(TRACKS, BARS, 2, 6, 8, 1, generator.coder.outline)(
        made, style, mask
    ).sum().backward()
    for name, weight in generator.planner.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.isfinite().all(), name
        assert weight.grad.any(), name


def test_tracks_go_to_the_chords_that_all_share():
    spec = GeneratorSpec(coder=CoderSpec(code=64, hidden=8, width=4), **HYBRID.__dict__)
    planned = build_planned(toy_spec(generator=spec))
    chords = torch.randn(3, BARS, HARMONY)
    told = planned.coder.outline(planned.planner.in_harmony(chords))[..., :HARMONY]
    like = torch.nn.functional.cosine_similarity(told, chords[:, :, None], dim=3)
    assert like.min() > 0.5


def test_given_harmony_is_heard_as_chords():
    planned, (given, _) = toy_planned(), given_cell()
    planner = planned.planner
    codes = planned.coder.encoder(given)
    chords = planner.given_harmony(codes)
    told = planned.coder.outline(codes)[:, 0, 0, :HARMONY].sigmoid() * planner.heed[0]
    torch.testing.assert_close(chords[:, 0], told - told.mean(1, keepdim=True))
    assert not chords[:, 1:].any()


def test_what_is_taken_up_from_another_bar_comes_to_the_chords_given_in_its_own():
    spec = GeneratorSpec(coder=CoderSpec(code=64, hidden=8, width=4), **HYBRID.__dict__)
    planned = build_planned(toy_spec(generator=spec)).requires_grad_(False)
    planner, random = planned.planner, torch.Generator().manual_seed(0)
    planner.recall.own.fill_(-1e4)  # no bar likes its own idea
    planner.taken_in_chord.fill_(1)
    codes = on_sphere(torch.randn(3, BARS, TRACKS, 64, generator=random))
    mask = torch.ones(3, TRACKS, BARS)
    mask[:, 1, 1] = 0
    given = codes * mask.transpose(1, 2)[..., None]
    planner.heed[1] = 0

    def likeness(heed: float) -> Tensor:
        planner.heed[0] = heed
        made = planner(toy_latents(3, HYBRID), styles_of(0, 1, 2), given, mask)[:, 1, 1]
        told, wanted = (
            planned.coder.outline(torch.stack([code, code], 1)[:, None])[:, 0, track, :HARMONY]
            for code, track in ((made, 1), (codes[:, 1, 0], 0))
        )
        return torch.nn.functional.cosine_similarity(told, wanted.sigmoid() - 0.5)

    assert torch.all(likeness(8.0) > likeness(0.0) + 0.3)
