import pytest
import torch

from musegan.audio.partials.layout import LEVEL, hertz_of

from .toys import LAYOUT, toy_timbre_critic, toy_timbre_generator, wishes


def made(latents, instrument, pitch):
    with torch.no_grad():
        return toy_timbre_generator()(latents, instrument, pitch)


def test_the_generator_makes_pictures_within_bounds():
    pictures = made(*wishes(5))
    assert pictures.shape == (5, 2, LAYOUT.rows, LAYOUT.frames)
    assert pictures.abs().max() <= 1


@pytest.mark.parametrize("changed", ["latents", "instrument", "pitch"])
def test_what_is_made_depends_on_each_wish(changed):
    latents, instrument, pitch = wishes(3)
    others = {
        "latents": (latents + 1, instrument, pitch),
        "instrument": (latents, instrument.roll(1, 0), pitch),
        "pitch": (latents, instrument, pitch + 5),
    }
    apart = (made(latents, instrument, pitch) - made(*others[changed])).abs()
    assert (apart.flatten(1).amax(1) > 1e-3).all()


def test_notes_of_a_batch_do_not_touch_each_other():
    latents, instrument, pitch = wishes(4)
    alone = made(latents[2:3], instrument[2:3], pitch[2:3])
    torch.testing.assert_close(made(latents, instrument, pitch)[2:3], alone)


def test_what_the_rate_cannot_hold_is_never_made():
    latents, instrument, _ = wishes(3)
    pictures = made(latents, instrument, torch.full((3,), 96.0))
    count = LAYOUT.audible(hertz_of(96))
    assert (pictures[:, LEVEL, count : LAYOUT.partials] == -1).all()


def test_a_critic_scores_and_guesses():
    latents, instrument, pitch = wishes(5)
    opinion = toy_timbre_critic()(made(latents, instrument, pitch), instrument, pitch)
    assert opinion.score.shape == opinion.pitch.shape == (5,)
    assert opinion.instrument.shape == (5, 3)


def test_guesses_are_made_by_ear_and_scores_by_wish():
    latents, instrument, pitch = wishes(5)
    pictures, critic = made(latents, instrument, pitch), toy_timbre_critic()
    one = critic(pictures, instrument, pitch)
    other = critic(pictures, instrument.roll(1, 0), pitch + 3)
    assert torch.equal(one.instrument, other.instrument)
    assert torch.equal(one.pitch, other.pitch)
    assert (one.score - other.score).abs().min() > 0


def test_a_wrong_guess_teaches_the_generator():
    latents, instrument, pitch = wishes(5)
    generator, critic = toy_timbre_generator(), toy_timbre_critic()
    opinion = critic(generator(latents, instrument, pitch), instrument, pitch)
    (opinion.pitch - pitch).square().sum().backward()
    assert all(weight.grad is not None for weight in generator.parameters())
