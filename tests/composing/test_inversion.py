import pytest
import torch
from torch import Tensor

from musegan.composing import inversion
from musegan.composing.generate import generate, series_latents, style_weights
from musegan.composing.inversion import invert, misfit
from musegan.models.latents import Latents
from musegan.models.patches import to_patches
from musegan.models.sounding import sound
from musegan.pianoroll import ONSET, SUSTAIN, VELOCITY, Phrases
from tests.models.toys import LAYOUT, some_phrases

from .toys import quiet_model

MODEL = quiet_model()
ANY = style_weights(MODEL.spec, None)
START = series_latents(MODEL, 9, 0, 1)
ALL = torch.ones(1, LAYOUT.tracks, LAYOUT.bars)


def said(latents: Latents) -> Tensor:
    count = len(latents.shared)
    with torch.no_grad():
        nothing = torch.zeros(LAYOUT.shape(count))
        return MODEL.generator(latents, ANY.expand(count, -1), nothing, 0 * ALL.expand(count, 2, 2))


def found_again(latents: Latents, phrases: Phrases) -> float:
    """F1 of the onsets that the generator makes."""
    made, real = (
        LAYOUT.split(patches)[..., ONSET, :, :] > 0.5
        for patches in (sound(said(latents), LAYOUT), to_patches(phrases, LAYOUT))
    )
    return 2 * int((made & real).sum()) / int(made.sum() + real.sum())


def logits_of(phrases: Phrases, sure: float = 10.0) -> Tensor:
    """Logits that say exactly a phrase's notes."""
    wanted = LAYOUT.split(to_patches(phrases, LAYOUT))
    logits = sure * (2 * wanted - 1)
    logits[..., VELOCITY, :, :] = torch.logit(wanted[..., VELOCITY, :, :], eps=1e-6)
    return logits.flatten(3)


def test_what_the_generator_made_is_found_better_than_by_chance() -> None:
    phrases = next(generate(MODEL, 3, seed=3)).canonical()
    found = invert(MODEL, phrases, ANY, START, 60)
    by_chance = found_again(series_latents(MODEL, 8, 0, 3), phrases)
    assert found_again(found, phrases) > 2.5 * by_chance


def test_the_same_start_leads_to_the_same_latents_and_a_longer_search_better_ones() -> None:
    phrases = next(generate(MODEL, 1, seed=4)).canonical()
    short, again, long = (invert(MODEL, phrases, ANY, START, n) for n in (5, 5, 40))
    assert all(map(torch.equal, short.parts, again.parts))
    target = to_patches(phrases, LAYOUT)
    assert misfit(said(long), target, ALL, LAYOUT) < misfit(said(short), target, ALL, LAYOUT)


def test_the_network_is_left_as_it_was() -> None:
    before = [weight.clone() for weight in MODEL.generator.state_dict().values()]
    invert(MODEL, some_phrases(1), ANY, START, 2)
    after = list(MODEL.generator.state_dict().values())
    assert all(map(torch.equal, before, after))
    assert not any(weight.requires_grad for weight in MODEL.generator.parameters())


def test_nothing_is_amiss_with_the_notes_themselves() -> None:
    phrases = some_phrases(4)
    assert sound(logits_of(phrases), LAYOUT).allclose(to_patches(phrases, LAYOUT), atol=1e-4)
    assert misfit(logits_of(phrases), to_patches(phrases, LAYOUT), ALL, LAYOUT).max() < 1e-3


@pytest.mark.parametrize("plane", [ONSET, SUSTAIN, VELOCITY])
def test_every_wrong_note_length_and_velocity_counts(plane: int) -> None:
    phrases = Phrases.of([[(1, 4, 3, 40, 127), (0, 9, 1, 38, 60)]], LAYOUT.grid, LAYOUT.bars)
    target, right = to_patches(phrases, LAYOUT), logits_of(phrases)
    wrong = LAYOUT.split(right.clone())
    note = LAYOUT.split(target)[..., plane if plane != SUSTAIN else SUSTAIN, :, :] > 0.5
    wrong[..., plane, :, :][note] *= -1
    assert misfit(wrong.flatten(3), target, ALL, LAYOUT) > 0.01


def test_cells_that_do_not_play_are_not_asked() -> None:
    phrases = Phrases.of([[(1, 0, 3, 40, 127)]], LAYOUT.grid, LAYOUT.bars)
    target, noisy = to_patches(phrases, LAYOUT), LAYOUT.split(logits_of(phrases))
    noisy[:, LAYOUT.patches_per_bar :, :, :, ONSET] = 10
    only_first_bar = torch.tensor([[[0.0, 0], [1, 0]]])
    assert misfit(noisy.flatten(3), target, ALL, LAYOUT) > 1
    assert misfit(noisy.flatten(3), target, only_first_bar, LAYOUT) < 1e-3


def test_many_phrases_are_searched_a_batch_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    phrases = next(generate(MODEL, 3, seed=5)).canonical()
    together = invert(MODEL, phrases, ANY, START, 3)
    monkeypatch.setattr(inversion, "BATCH", 2)
    apart = invert(MODEL, phrases, ANY, START, 3)
    for one, other in zip(together.parts, apart.parts, strict=True):
        assert torch.allclose(one, other, atol=1e-4)


def test_each_step_is_told_of() -> None:
    told: list[tuple[int, int]] = []
    invert(MODEL, some_phrases(17), ANY, START, 2, heard=lambda *done: told.append(done))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]  # seventeen are searched in two batches
