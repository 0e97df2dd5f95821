import pytest
import torch

from musegan.audio.partials.layout import LEVEL
from musegan.models.timbres.critic import TimbreCritic
from musegan.training.note_contest import NOTES, disturbed
from musegan.training.sections import GrowthRecipe

from .test_note_feeding import INSTRUMENTS, LAYOUT, feeder, some_notes


def test_disturbed_notes_are_louder_or_duller_and_later_and_silence_stays():
    batch = feeder().batch(0)
    pictures = batch.real.clone()
    pictures[:, LEVEL, 5] = -1
    heard = disturbed(pictures, batch)
    for index in range(8):
        delay = int(batch.delay[index])
        frames = LAYOUT.frames - delay
        expected = pictures[index, LEVEL, :, :frames] + batch.gain[index]
        expected[5] = -1
        silent = pictures[index, LEVEL, :, :frames] == -1
        expected = torch.where(silent, -1.0, expected)
        torch.testing.assert_close(heard[index, LEVEL, :, delay:], expected)
    assert batch.gain.abs().max() <= 0.1
    assert set(batch.delay.tolist()) == {0, 1, 2, 3}


def test_an_undisturbed_critic_hears_notes_as_they_are():
    batch = feeder(disturb=0.0).batch(0)
    assert torch.equal(disturbed(batch.real, batch), batch.real)


def test_the_verdict_is_the_critics_score_and_how_wrong_it_guesses():
    batch = feeder(disturb=0.0).batch(0)
    torch.manual_seed(0)
    critic = TimbreCritic(LAYOUT, INSTRUMENTS, 4, (0, 1))
    verdict = NOTES.judge(critic, batch.real, batch)
    opinion = critic(batch.real, batch.instrument, batch.pitch)
    assert torch.equal(verdict.score, opinion.score)
    likely = opinion.instrument.softmax(1)[batch.instrument.bool()]
    octaves = (opinion.pitch - batch.pitch) / 12
    torch.testing.assert_close(verdict.amiss, octaves**2 - likely.log())


@pytest.mark.parametrize("group", range(5))
def test_traits_tell_an_instrument_that_sounds_otherwise_from_the_rest(group):
    batch = feeder(disturb=0.0).batch(0)
    critic = TimbreCritic(LAYOUT, INSTRUMENTS, 4, (0, 1))
    changed = batch.real.clone()
    changed[batch.instrument[:, 1] == 1] *= 0.5
    before = NOTES.traits(critic, batch.real, batch)[group].values.mean(0)
    after = NOTES.traits(critic, changed, batch)[group].values.mean(0)
    apart = (before - after).abs()
    assert apart.max() > 1e-3
    if group < 4:  # the last is of all instruments together
        by_instrument = apart.unflatten(0, (INSTRUMENTS, -1)).flatten(1).amax(1)
        assert (by_instrument > 1e-4).tolist() == [False, True, False]


def test_formants_are_compared_at_frequencies_and_not_on_rows():
    batch = feeder(disturb=0.0).batch(0)
    critic = TimbreCritic(LAYOUT, INSTRUMENTS, 4, (0, 1))
    pictures = torch.full_like(batch.real, -1.0)
    hertz = 440 * 2 ** ((batch.pitch - 69) / 12)
    near = (800 / hertz).round().long() - 1
    pictures[torch.arange(len(pictures)), LEVEL, near] = 1
    heard = NOTES.traits(critic, pictures, batch)[1].values
    # 100 Hz and twelve steps of a quarter octave
    levels = heard.unflatten(1, (INSTRUMENTS, -1)).sum((1, 2))
    assert torch.equal(levels[:, 12], levels.amax(1))
    assert (levels[:, 12] > 0).all()
    assert (levels[:, 5] <= 0).all()


def test_notes_grow_from_stretches_and_bands_to_frames_and_rows():
    pictures = some_notes().pictures
    growth = GrowthRecipe(stages=((16, 8),), until=0.5)
    critic = TimbreCritic(LAYOUT, INSTRUMENTS, 4, (0, 0))
    early = NOTES.grow(critic, pictures, growth, 0.0)
    blocks = early.unflatten(3, (-1, 16)).unflatten(2, (-1, 8))
    assert (blocks.amax((3, 5)) - blocks.amin((3, 5))).max() < 1e-6
    torch.testing.assert_close(early.mean((2, 3)), pictures.mean((2, 3)))
    assert NOTES.grow(critic, pictures, growth, 0.5) is pictures
