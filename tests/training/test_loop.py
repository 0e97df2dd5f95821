import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from musegan.errors import MuseganError
from musegan.models.store import load_model_folder, load_spec
from musegan.pianoroll import Phrases
from musegan.training import loop, phrase_task
from musegan.training.checkpoint import read_about, read_checkpoint
from musegan.training.loop import train
from musegan.training.phrase_task import fingerprint
from musegan.training.recipe import Recipe
from musegan.training.run_folder import CHECKPOINT, MODEL
from musegan.training.sampling import sample_phrases
from tests.models.toys import DUO, GRID

from .corpus import toy_corpus, toy_recipe
from .test_checkpoint import same_checkpoint

CPU = torch.device("cpu")


class Diary:
    """A monitor that writes down what it hears."""

    def __init__(self) -> None:
        self.logged: dict[int, dict[str, float]] = {}
        self.sampled: list[int] = []

    def scalars(self, step, values):
        self.logged[step] = values

    def sample(self, step, generator):
        self.sampled.append(step)


def begin(folder, recipe: Recipe, data=None, monitor=None, **options):
    data = toy_corpus(16) if data is None else data
    settings = {"seed": 3, "device": CPU, "monitor": monitor or Diary()} | options
    return train(data, recipe, folder, **settings)


def onset_map(phrases: Phrases) -> np.ndarray:
    """Mean onsets at each (track, step of the bar, pitch class)."""
    found = np.zeros((len(DUO.tracks), GRID.steps_per_bar, 12))
    np.add.at(found, (phrases.track, phrases.start % GRID.steps_per_bar, phrases.pitch % 12), 1)
    return found / len(phrases)


def distance(phrases: Phrases, real: Phrases) -> float:
    """Between onset maps, as a share of the real one: silence is 1 away."""
    apart = np.abs(onset_map(phrases) - onset_map(real)).sum() / onset_map(real).sum()
    return float(apart)


def test_a_training_learns_the_music(tmp_path):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    data = toy_corpus(96)
    latents = {"shared": 8, "shared_bar": 8, "track": 4, "track_bar": 4}
    sizes = {"width": 16, "track_width": 24, "blocks": 1, "track_blocks": 1, "context": 32}
    recipe = toy_recipe(
        generator=sizes | latents,
        critic={"width": 12, "blocks": [0, 1, 1]},
        penalties=[{"kind": kind, "weight": 1.0, "every": 4} for kind in ("r1", "r2")],
        generator_adam={"rate": 3e-3, "betas": [0.5, 0.99]},
        critic_adam={"rate": 2e-3, "betas": [0.0, 0.99]},
        ema_half_life=40,
        batch=8,
        steps=240,
        masks={"nothing": 1.0},
        transpose=0,
    )
    begin(tmp_path / "untrained", recipe.model_copy(update={"steps": 1}), data)
    begin(tmp_path / "trained", recipe, data)
    before, after = (
        sample_phrases(load_model_folder(tmp_path / run / MODEL)[0], data.phrases, 128, seed=1)
        for run in ("untrained", "trained")
    )
    torch.set_num_threads(threads)
    assert distance(before, data.phrases) > 0.9
    assert distance(after, data.phrases) < 0.6
    per_phrase = len(data.phrases.track) / len(data)
    assert len(after.track) / len(after) == pytest.approx(per_phrase, rel=0.3)


def test_a_run_leaves_a_model_and_a_checkpoint(tmp_path):
    recipe = toy_recipe(steps=2)
    spec = begin(tmp_path / "deep" / "run", recipe, name="mine")
    run = tmp_path / "deep" / "run"
    assert {file.name for file in run.iterdir()} == {CHECKPOINT, MODEL}
    kept = load_spec(run / MODEL)
    assert kept.name == spec.name == "mine"
    assert kept.training == {
        "recipe": recipe.model_dump(mode="json"),
        "seed": 3,
        "data": fingerprint(toy_corpus(16)),
        "steps": 2,
    }
    assert read_about(run / CHECKPOINT)[1]["seed"] == 3


def test_the_monitor_hears_at_its_intervals_and_progress_at_every_step(tmp_path):
    diary, seen = Diary(), []
    recipe = toy_recipe(steps=6, log_every=2, sample_every=3)
    begin(
        tmp_path / "run",
        recipe,
        monitor=diary,
        progress=lambda step, scalars: seen.append((step, bool(scalars))),
    )
    assert list(diary.logged) == [2, 4, 6]
    assert diary.sampled == [3, 6]
    assert seen == [(step, step % 2 == 0) for step in range(1, 7)]
    assert "generator/loss" in diary.logged[2]
    assert all(isinstance(value, float) for value in diary.logged[2].values())


def test_the_same_seed_trains_the_same_model_and_another_another(tmp_path):
    for run, seed in (("one", 1), ("same", 1), ("other", 2)):
        torch.manual_seed(len(run))  # whatever was drawn before does not matter
        begin(tmp_path / run, toy_recipe(steps=2), seed=seed)
    one, same, other = (
        (tmp_path / run / MODEL / "model.safetensors").read_bytes()
        for run in ("one", "same", "other")
    )
    assert one == same != other


@pytest.mark.parametrize("common_key", [False, True])
def test_a_common_key_is_kept_with_the_model(tmp_path, common_key):
    begin(tmp_path / "run", toy_recipe(steps=1, common_key=common_key))
    assert load_spec(tmp_path / "run" / MODEL).common_key is common_key


def test_notes_beyond_the_phrase_are_cut_not_heard_elsewhere(tmp_path):
    data = toy_corpus(16)
    longer = replace(data, phrases=replace(data.phrases, duration=data.phrases.duration + 40))
    begin(tmp_path / "run", toy_recipe(steps=1), longer)
    assert load_spec(tmp_path / "run" / MODEL).training["data"] == fingerprint(longer)


def poison(monkeypatch, *, at: int, until: float = 0.0, factor: float = torch.nan) -> None:
    """Spoil the weights at one step, as a diverging training does, till rates are `until`."""
    step_of = loop.train_step
    # slow, and not of interest
    monkeypatch.setattr(phrase_task, "calibrate", lambda *arguments, heard: None)

    def poisoned(game, *arguments):
        seen, state = step_of(game, *arguments), game.state
        if state.step == at and state.guard.rate > until:
            with torch.no_grad():
                state.generator.place[0, 0, 0] *= factor
                state.critic.score.weight *= factor
        return seen

    monkeypatch.setattr(loop, "train_step", poisoned)


@pytest.mark.parametrize("save_every", [2, 1000])
def test_a_diverging_training_goes_back_and_on_at_half_the_rates(tmp_path, monkeypatch, save_every):
    recipe, told = toy_recipe(steps=6, save_every=save_every), []
    poison(monkeypatch, at=3, until=0.5)
    begin(tmp_path / "run", recipe, tell=lambda *each: told.append(each))
    kept = load_spec(tmp_path / "run" / MODEL)
    assert kept.training["steps"] == 6
    assert kept.training["rollbacks"] == 1
    assert load_model_folder(tmp_path / "run" / MODEL)[0].place.isfinite().all()
    ((step, message),) = told
    assert step == (4 if save_every == 2 else 6)
    last = 2 if save_every == 2 else 0
    assert f"; back to step {last} and on at 0.5 of the recipe's rates; 2 more times" in message
    state = read_checkpoint(tmp_path / "run" / CHECKPOINT)
    assert json.loads(state.header["guard"])["rollbacks"] == 1


def test_after_going_back_the_rates_are_half(tmp_path, monkeypatch):
    poison(monkeypatch, at=3, until=0.5)
    rates, step_of = [], loop.train_step

    def watching(game, *arguments):
        seen = step_of(game, *arguments)
        rates.append(game.state.critic_adam.param_groups[0]["lr"])
        return seen

    monkeypatch.setattr(loop, "train_step", watching)
    steady = {"rate": 1e-4, "final": 1.0}
    begin(tmp_path / "run", toy_recipe(steps=5, save_every=2, critic_adam=steady))
    assert rates == pytest.approx([1e-4] * 4 + [5e-5] * 3)


def test_losses_that_explode_are_gone_back_from_before_they_are_infinite(tmp_path, monkeypatch):
    recipe = toy_recipe(steps=20, log_every=1, save_every=2)
    poison(monkeypatch, at=15, until=0.5, factor=1e6)
    told = []
    begin(tmp_path / "run", recipe, tell=lambda *each: told.append(each))
    ((step, message),) = told
    assert 16 <= step <= 18
    assert "usually" in message
    # nothing that was kept since the explosion
    assert "; back to step 14 " in message
    assert load_spec(tmp_path / "run" / MODEL).training["steps"] == 20


def test_a_training_that_always_diverges_stops_with_the_last_good_checkpoint(tmp_path, monkeypatch):
    recipe = toy_recipe(steps=6, save_every=2, rollbacks=2)
    told = []
    with monkeypatch.context() as patch:
        poison(patch, at=3)
        words = r"diverged by step 4 .* still good: lower the rates .*; it went back 2 times"
        with pytest.raises(MuseganError, match=words):
            begin(tmp_path / "run", recipe, tell=lambda *each: told.append(each))
    assert len(told) == 2
    assert load_spec(tmp_path / "run" / MODEL).training["steps"] == 2
    assert load_model_folder(tmp_path / "run" / MODEL)[0].place.isfinite().all()
    slower = toy_recipe(steps=6, generator_adam={"rate": 1e-5})
    begin(tmp_path / "run", slower, resume=True)
    assert load_spec(tmp_path / "run" / MODEL).training["steps"] == 6


def test_a_training_may_be_told_not_to_go_back(tmp_path, monkeypatch):
    poison(monkeypatch, at=3)
    with pytest.raises(MuseganError, match=r"diverged by step 4 .* and resume$"):
        begin(tmp_path / "run", toy_recipe(save_every=2, rollbacks=0))


def test_an_interrupted_diverged_training_keeps_the_last_good_checkpoint(tmp_path, monkeypatch):
    poison(monkeypatch, at=3)

    def interrupt(step, scalars):
        if step == 3:
            raise KeyboardInterrupt

    with pytest.raises(MuseganError, match="diverged by step 3"):
        begin(tmp_path / "run", toy_recipe(save_every=2), progress=interrupt)
    assert load_spec(tmp_path / "run" / MODEL).training["steps"] == 2


def test_a_training_that_goes_back_does_the_same_when_it_is_stopped_between(tmp_path, monkeypatch):
    recipe = toy_recipe(steps=8, save_every=2)
    poison(monkeypatch, at=3, until=0.5)
    begin(tmp_path / "whole", recipe)

    def interrupt(step, scalars):
        if step == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin(tmp_path / "halves", recipe, progress=interrupt)
    begin(tmp_path / "halves", recipe, resume=True)
    assert same_checkpoint(tmp_path)


def test_an_interrupt_saves(tmp_path):
    def interrupt(step, scalars):
        if step == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin(tmp_path / "run", toy_recipe(), progress=interrupt)
    assert load_spec(tmp_path / "run" / MODEL).training["steps"] == 3


def test_a_run_is_not_overwritten(tmp_path):
    begin(tmp_path / "run", toy_recipe(steps=1))
    with pytest.raises(MuseganError, match=r"run: a training is there already; add --resume or"):
        begin(tmp_path / "run", toy_recipe(steps=1))


def test_there_must_be_something_to_resume(tmp_path):
    with pytest.raises(MuseganError, match=r"no checkpoint to resume from"):
        begin(tmp_path / "run", toy_recipe(), resume=True)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("changes", "options", "words"),
    [
        ({"batch": 5}, {}, "another 'batch' in its recipe"),
        ({}, {"seed": 4}, "resume with --seed 3"),
        ({}, {"data": toy_corpus(17)}, "another dataset"),
    ],
    ids=["recipe", "seed", "data"],
)
def test_a_resumed_training_must_be_the_same(tmp_path, changes, options, words):
    begin(tmp_path / "run", toy_recipe(steps=1))
    before = (tmp_path / "run" / CHECKPOINT).read_bytes()
    with pytest.raises(MuseganError, match=words):
        begin(tmp_path / "run", toy_recipe(steps=2, **changes), resume=True, **options)
    assert (tmp_path / "run" / CHECKPOINT).read_bytes() == before
