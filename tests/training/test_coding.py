import signal

import numpy as np
import pytest
import torch

from musegan.data.batches import PhraseSource, transposing_room
from musegan.errors import MuseganError
from musegan.models.coder import Coder, sounding
from musegan.models.generator import keep
from musegan.models.patches import to_patches
from musegan.models.sounding import sound
from musegan.pianoroll import ONSET
from musegan.training import coding
from musegan.training.blurring import blur
from musegan.training.coding import encode, rate_at, teach, turn
from musegan.training.coding_losses import misheard
from musegan.training.sections import AdamRecipe, CodingRecipe
from tests.models.toys import DUO, LAYOUT, some_phrases

from .corpus import toy_corpus

ABOUT = {"recipe": {}, "seed": 0, "data": "toys"}
BRIEF = CodingRecipe(steps=4, batch=2, save_every=2, log_every=2)


def source(seed: int = 1, count: int = 32) -> PhraseSource:
    data = toy_corpus(count)
    room = transposing_room(data.phrases, DUO, 0)
    return PhraseSource(data.phrases, data.style, DUO, room, seed)


def coder(hidden: int = 8) -> Coder:
    torch.manual_seed(0)
    return Coder(LAYOUT, 6, width=8, hidden=hidden, blocks=1)


def untold(step: int, scalars: dict[str, float]) -> None:
    """Hear nothing."""


def test_what_was_taught_comes_back(tmp_path):
    pupil, phrases = coder(32), source().phrases
    recipe = CodingRecipe(
        steps=240, batch=8, adam=AdamRecipe(rate=1e-2, betas=(0.9, 0.99), final=0.1), turned=0.0
    )
    teach(pupil, LAYOUT, source(), recipe, tmp_path / "coder", ABOUT, untold)
    patches = to_patches(phrases, LAYOUT)
    plays = sounding(patches, LAYOUT)
    again = keep(sound(pupil.decoder(encode(pupil, LAYOUT, phrases)), LAYOUT), plays, LAYOUT)
    begun, found = (LAYOUT.split(each)[..., ONSET, :, :] for each in (patches, again))
    share = 2 * (begun * found).sum() / (begun.sum() + found.sum())
    assert share > 0.9


def test_a_stopped_teaching_goes_on_to_the_same_bits(tmp_path):
    whole, halves = coder(), coder()
    teach(whole, LAYOUT, source(), BRIEF, tmp_path / "whole", ABOUT, untold)

    def stop(step: int, scalars: dict[str, float]) -> None:
        if step == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        teach(halves, LAYOUT, source(), BRIEF, tmp_path / "halves", ABOUT, stop)
    fresh, steps = coder(), []
    teach(
        fresh,
        LAYOUT,
        source(),
        BRIEF,
        tmp_path / "halves",
        ABOUT,
        lambda step, scalars: steps.append((step, sorted(scalars))),
    )
    assert steps == [(4, ["coder/hold", "coder/onset", "coder/outline", "coder/velocity"])]
    for one, other in zip(whole.parameters(), fresh.parameters(), strict=True):
        assert torch.equal(one, other)
        assert not other.requires_grad


def test_ctrl_c_within_a_step_ends_after_it(tmp_path, monkeypatch):
    whole, halves, steps = coder(), coder(), []
    teach(whole, LAYOUT, source(), BRIEF, tmp_path / "whole", ABOUT, untold)

    def pressed(*arguments):
        steps.append(coding_step(*arguments))
        if len(steps) == 2:
            signal.raise_signal(signal.SIGINT)
        return steps[-1]

    coding_step = coding._step
    monkeypatch.setattr(coding, "_step", pressed)
    with pytest.raises(KeyboardInterrupt):
        teach(halves, LAYOUT, source(), BRIEF, tmp_path / "halves", ABOUT, untold)
    teach(halves, LAYOUT, source(), BRIEF, tmp_path / "halves", ABOUT, untold)
    assert len(steps) == BRIEF.steps
    for one, other in zip(whole.parameters(), halves.parameters(), strict=True):
        assert torch.equal(one, other)


def test_another_seed_draws_another_noise(tmp_path):
    pupils = [coder(), coder()]
    for seed, pupil in enumerate(pupils):
        # of one phrase every batch is the same
        teach(pupil, LAYOUT, source(seed, 1), BRIEF, tmp_path / str(seed), ABOUT, untold)
    assert not torch.equal(pupils[0].decoder.head.weight, pupils[1].decoder.head.weight)


def test_in_the_last_lessons_the_decoder_alone_learns(tmp_path):
    taught = {}
    for steps, blurred in ((3, 0.0), (6, 0.5), (6, 0.0)):
        pupil = coder()
        recipe = CodingRecipe(steps=steps, batch=2, blurred=blurred)
        path = tmp_path / f"{steps}-{blurred}"
        teach(pupil, LAYOUT, source(), recipe, path, ABOUT, untold)
        taught[steps, blurred] = pupil
    sharp, blurred, whole = taught.values()
    for part in (lambda pupil: pupil.encoder, lambda pupil: pupil.outline):
        weights = [list(part(pupil).parameters()) for pupil in (sharp, blurred, whole)]
        assert all(map(torch.equal, weights[0], weights[1]))
        assert not all(map(torch.equal, weights[0], weights[2]))
    decoders = [list(pupil.decoder.parameters()) for pupil in (sharp, blurred)]
    assert not any(map(torch.equal, *decoders))


def test_a_decoder_that_heard_blurred_codes_plays_them_better(tmp_path):
    adam = AdamRecipe(rate=1e-2, betas=(0.9, 0.99), final=0.1)
    wrong = {}
    for steps, blurred in ((240, 0.0), (360, 1 / 3)):
        pupil = coder(32)
        recipe = CodingRecipe(steps=steps, batch=8, adam=adam, turned=0.0, blurred=blurred)
        teach(pupil, LAYOUT, source(), recipe, tmp_path / str(steps), ABOUT, untold)
        patches = to_patches(source().phrases, LAYOUT)
        codes = blur(pupil.encoder(patches), torch.Generator().manual_seed(9))
        wrong[steps] = float(misheard(pupil.decoder(codes), patches, LAYOUT)["onset"])
    assert wrong[360] < 0.8 * wrong[240]


def test_the_rate_falls_twice():
    recipe = CodingRecipe(steps=900, adam=AdamRecipe(rate=1.0, betas=(0.9, 0.99), final=0.0))
    rates = [rate_at(step, recipe) for step in range(900)]
    assert max(rates) == pytest.approx(1, abs=0.01)
    assert rates[799] < 1e-4
    assert max(rates[800:]) == pytest.approx(0.25 / 2, abs=0.01)
    assert rates[899] < 1e-3


def test_a_teaching_of_another_dataset_is_not_gone_on_with(tmp_path):
    teach(coder(), LAYOUT, source(), BRIEF, tmp_path / "coder", ABOUT, untold)
    with pytest.raises(MuseganError, match="another dataset"):
        teach(coder(), LAYOUT, source(), BRIEF, tmp_path / "coder", ABOUT | {"data": "x"}, untold)


def test_turned_phrases_begin_on_another_beat():
    patches = to_patches(some_phrases(2), LAYOUT)
    beat = LAYOUT.patches_per_bar // LAYOUT.grid.beats_per_bar
    turned = turn(patches, 1.0, LAYOUT, np.random.default_rng(0))
    same = [later for later in range(LAYOUT.times) if torch.equal(turned, patches.roll(-later, 1))]
    assert len(same) == 1
    assert same[0] % beat == 0
    assert same[0] > 0
    assert torch.equal(turn(patches, 0.0, LAYOUT, np.random.default_rng(0)), patches)


def test_codes_do_not_depend_on_how_many_are_read_at_once():
    pupil, phrases = coder(), some_phrases(40)
    whole = encode(pupil, LAYOUT, phrases)
    assert whole.shape == (40, LAYOUT.bars, LAYOUT.tracks, 6)
    torch.testing.assert_close(whole[35:], encode(pupil, LAYOUT, phrases.select(np.arange(35, 40))))
