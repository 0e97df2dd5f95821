import resource
import signal

import pytest
import torch
from safetensors.torch import load_file, save_file

from musegan.errors import MuseganError
from musegan.models.critic import Critic
from musegan.training.checkpoint import (
    check_finite,
    check_same,
    read_about,
    read_checkpoint,
    restore,
    save_checkpoint,
)
from musegan.training.game import Game
from musegan.training.loop import train
from musegan.training.recipe import Recipe
from musegan.training.roll_contest import ROLLS
from musegan.training.run_folder import CHECKPOINT, MODEL
from musegan.training.state import State, new_state
from musegan.training.step import train_step
from tests.models.toys import LAYOUT, toy_generator

from .corpus import toy_corpus, toy_recipe
from .test_step import toy_state

ABOUT = {"recipe": toy_recipe().model_dump(mode="json"), "seed": 3, "data": "abc"}


class Silence:
    """A monitor that keeps nothing."""

    def scalars(self, step, values):
        pass

    def sample(self, step, generator):
        pass


def trained(steps: int = 2) -> State:
    recipe = toy_recipe()
    state, feeder = toy_state(recipe)
    for step in range(steps):
        train_step(Game(state, ROLLS, recipe), feeder.batches(step), feeder.chances(step))
    return state


def fresh(width: int = 4) -> State:
    torch.manual_seed(9)
    return new_state(toy_generator(seed=9), Critic(LAYOUT, 2, width, (0, 1, 1)), toy_recipe())


def everything(state: State) -> dict[str, torch.Tensor]:
    found = {}
    for name in ("generator", "critic", "average"):
        values = getattr(state, name).state_dict()
        found |= {f"{name}.{key}": value for key, value in values.items()}
    for name in ("generator_adam", "critic_adam"):
        for index, values in getattr(state, name).state_dict()["state"].items():
            found |= {f"{name}.{index}.{key}": value for key, value in values.items()}
    return found


@pytest.fixture
def path(tmp_path):
    save_checkpoint(tmp_path / CHECKPOINT, trained(), ABOUT)
    return tmp_path / CHECKPOINT


def test_a_state_comes_back_whole(path):
    before = trained()
    before.guard.rollbacks, before.guard.usual = 2, {"critic/loss": [0.7, 0.6]}
    before.ears.tensors = {"sure": torch.tensor(0.25), "augment": torch.tensor(0.5)}
    before.paths.tensors = {"mean": torch.tensor(3.0)}
    save_checkpoint(path, before, ABOUT)
    state, kept = fresh(), everything(before)
    restore(state, read_checkpoint(path))
    found = everything(state)
    assert state.step == 2
    assert state.guard == before.guard
    assert state.ears == before.ears
    assert state.paths == before.paths
    assert set(found) == set(kept)
    assert all(torch.equal(found[name], kept[name]) for name in kept)
    assert read_about(path) == (2, ABOUT)


def test_the_first_state_of_all_can_be_kept(tmp_path):
    save_checkpoint(tmp_path / "first", trained(0), ABOUT)
    state = fresh()
    restore(state, read_checkpoint(tmp_path / "first"))
    assert torch.equal(state.critic.place, trained(0).critic.place)


def run_in(folder, recipe: Recipe, until: int | None = None, resume: bool = False) -> None:
    def progress(step, scalars):
        if step == until:
            raise KeyboardInterrupt

    train(
        toy_corpus(16),
        recipe,
        folder,
        seed=3,
        device=torch.device("cpu"),
        monitor=Silence(),
        resume=resume,
        progress=progress,
    )


@pytest.mark.parametrize("stop", [1, 3])
def test_a_resumed_training_ends_bit_for_bit_as_one_never_stopped(tmp_path, stop):
    recipe = toy_recipe(
        critic_steps=2, matching=1.0, generator_adam={"rate": 0.01, "betas": [0.5, 0.9]}
    )
    run_in(tmp_path / "whole", recipe)
    with pytest.raises(KeyboardInterrupt):
        run_in(tmp_path / "halves", recipe, until=stop)
    assert not same_checkpoint(tmp_path)
    run_in(tmp_path / "halves", recipe, resume=True)
    assert same_checkpoint(tmp_path)
    for name in ("model.safetensors", "model.json"):
        whole, halves = (tmp_path / run / MODEL / name for run in ("whole", "halves"))
        assert whole.read_bytes() == halves.read_bytes()


def same_checkpoint(folder) -> bool:
    whole, halves = (load_file(folder / run / CHECKPOINT) for run in ("whole", "halves"))
    headers = [read_checkpoint(folder / run / CHECKPOINT).header for run in ("whole", "halves")]
    return (
        headers[0] == headers[1]
        and list(whole) == list(halves)
        and all(torch.equal(whole[name], halves[name]) for name in whole)
    )


def test_an_interrupt_within_a_step_waits_for_its_end(tmp_path, monkeypatch):
    run_in(tmp_path / "whole", toy_recipe(steps=4))
    score = Critic.forward
    calls = []

    def interrupting(*arguments):
        calls.append(1)
        if len(calls) == 8:
            signal.raise_signal(signal.SIGINT)
        return score(*arguments)

    monkeypatch.setattr(Critic, "forward", interrupting)
    with pytest.raises(KeyboardInterrupt):
        run_in(tmp_path / "halves", toy_recipe(steps=4))
    run_in(tmp_path / "halves", toy_recipe(steps=4), resume=True)
    assert same_checkpoint(tmp_path)


def test_a_checkpoint_that_cannot_be_written_leaves_the_last_one(path):
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(MuseganError, match=f"{path}: cannot be written .*too large"):
            save_checkpoint(path, fresh(), ABOUT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [CHECKPOINT]


def test_no_checkpoint_is_told(tmp_path):
    with pytest.raises(MuseganError, match=r"none: no checkpoint to resume from"):
        read_about(tmp_path / "none")


@pytest.mark.parametrize("keep", [0, 5, 1000, -1])
def test_a_truncated_checkpoint_is_told(path, keep):
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(MuseganError, match=f"{path}: not a readable checkpoint"):
        read_checkpoint(path)


@pytest.mark.parametrize("header", [None, {"format": "other"}, {"format": "pt"}])
def test_a_foreign_file_is_told(path, header):
    save_file(load_file(path), path, header)
    with pytest.raises(MuseganError, match=f"{path}: not a checkpoint of this version"):
        read_checkpoint(path)


def test_networks_of_other_sizes_are_told(path):
    with pytest.raises(MuseganError, match=f"{path}: belongs to networks of other sizes"):
        restore(fresh(width=8), read_checkpoint(path))


@pytest.mark.parametrize(
    "key", ["batch", "loss", "masks", "generator", "common_key", "binary", "coding"]
)
def test_another_recipe_is_refused_and_the_key_named(path, key):
    other = {**ABOUT, "recipe": ABOUT["recipe"] | {key: "something else"}}
    with pytest.raises(MuseganError, match=f"was trained with another '{key}' in its recipe"):
        check_same(read_about(path)[1], other, path)


def test_another_seed_or_dataset_is_refused(path):
    with pytest.raises(MuseganError, match=r"was trained with seed 3; resume with --seed 3"):
        check_same(read_about(path)[1], ABOUT | {"seed": 4}, path)
    with pytest.raises(MuseganError, match=r"was trained on another dataset"):
        check_same(read_about(path)[1], ABOUT | {"data": "abd"}, path)


def test_a_training_may_go_on_for_longer_at_other_rates(path):
    changes = {"steps": 99, "save_every": 1, "critic_adam": {"rate": 1e-5}, "penalties": []}
    check_same(read_about(path)[1], {**ABOUT, "recipe": ABOUT["recipe"] | changes}, path)


def test_more_may_change_where_that_is_said(path):
    other = {**ABOUT, "recipe": ABOUT["recipe"] | {"coding": {"steps": 2}}}
    check_same(read_about(path)[1], other, path, {"coding"})


@pytest.mark.parametrize("name", ["generator", "critic"])
@pytest.mark.parametrize("poison", [float("nan"), float("inf"), float("-inf")])
def test_weights_that_are_no_numbers_are_noticed(name, poison):
    state = trained(0)
    check_finite(state)
    with torch.no_grad():
        next(getattr(state, name).parameters()).view(-1)[1] = poison
    with pytest.raises(MuseganError, match=r"diverged by step 0 .*lower the rates"):
        check_finite(state)
