from typing import Any

import pytest
import torch

from musegan.data.batches import PhraseSource, transposing_room
from musegan.models.critic import Critic
from musegan.training.game import Game
from musegan.training.kinds import make_task
from musegan.training.loop import _start
from musegan.training.phrase_feeding import PhraseFeeder
from musegan.training.ranks import ALONE
from musegan.training.recipe import Recipe, TimbreRecipe
from musegan.training.recipe_files import find_recipe, named_recipes, parse_recipe
from musegan.training.recording import RecordedStep, obstacle
from musegan.training.roll_contest import ROLLS
from musegan.training.state import State, new_state
from musegan.training.step import train_step
from musegan.training.task import Task
from pipelines.recipes import FOLDER
from tests.models.toys import DUO, LAYOUT, toy_generator

from .corpus import brief, toy_corpus, toy_recipe
from .sounds import toy_sounds, toy_timbre_recipe
from .tape import Tape, Watch, stand_in
from .test_ranks import Third

CUDA = torch.device("cuda")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"accumulate": 2}, "leave out accumulate"),
        ({"noise": {"level": 0.1}}, "noise changes from step to step"),
        ({"critic": {"width": 4, "dropout": 0.5}}, "as dropout, is drawn anew"),
        ({"generator": {"block": "style"}}, "what layers draw"),
        ({}, None),
    ],
)
def test_what_cannot_be_replayed_is_told(changes, words):
    found = obstacle(toy_recipe(**changes), CUDA, ALONE)
    assert found is None if words is None else words in str(found)


def test_graphs_are_for_one_process_on_a_gpu():
    assert "need a CUDA device" in str(obstacle(toy_recipe(), torch.device("cpu"), ALONE))
    assert "for one process" in str(obstacle(toy_recipe(), CUDA, Third()))


CPU = torch.device("cpu")
FAMILY = [find_recipe(name, FOLDER) for name in named_recipes("family", FOLDER)]
RATE = {"rate": 1e-3, "final": 1.0}  # on a CPU rates are numbers, which a tape keeps as they were
STEPS = 18


def smaller(recipe: Recipe) -> Recipe:
    """A member of the family that takes steps at once."""
    sizes = {"width": 8, "track_width": 8, "blocks": 1, "track_blocks": 1, "context": 8}
    latents = {"shared": 4, "shared_bar": 2, "track": 2, "track_bar": 2}
    return parse_recipe(
        recipe.model_dump()
        | {
            "generator": recipe.generator.model_dump() | sizes | latents,
            "critic": recipe.critic.model_dump() | {"width": 4, "blocks": [0, 1, 1]},
            "generator_adam": recipe.generator_adam.model_dump() | RATE,
            "critic_adam": recipe.critic_adam.model_dump() | RATE,
            "batch": 4,
            "steps": STEPS,
        },
        "smaller",
    )


def task_and_state(recipe: Recipe | TimbreRecipe) -> tuple[Task[Any, Any, Any, Any], State]:
    data = toy_corpus(16) if isinstance(recipe, Recipe) else toy_sounds()
    task = make_task(data, recipe, "toy", 3, CPU)
    return task, _start(task, 3, CPU)


@pytest.mark.parametrize(
    "recipe",
    [
        *(smaller(each) for each in FAMILY if obstacle(each, CUDA, ALONE) is None),
        smaller(FAMILY[0]).model_copy(update={"precision": "bfloat16"}),
        brief(generator_adam=RATE, critic_adam=RATE).model_copy(update={"steps": STEPS}),
        toy_timbre_recipe(steps=STEPS, generator_adam=RATE, critic_adam=RATE),
    ],
    ids=lambda recipe: f"{recipe.kind}-{recipe.loss}-{recipe.precision}",
)
def test_taped_steps_train_as_plain_ones(monkeypatch, recipe):
    # all that a replay does on a GPU, but for the GPU: `tape` tells how
    stand_in(monkeypatch)
    ends = []
    for recorded in (False, True):
        task, state = task_and_state(recipe)
        feeder = task.feeder(state.generator)
        take = RecordedStep(Game(state, task.contest, recipe)) if recorded else None
        for step in range(STEPS):
            batches, chances = feeder.batches(step), feeder.chances(step)
            if take is None:
                seen = train_step(Game(state, task.contest, recipe), batches, chances)
            else:
                seen = take(batches, chances)
        assert take is None or len(take.recordings) == len(take.taken) > 0
        weights = [*state.average.parameters(), *state.critic.parameters()]
        ends.append((torch.cat([weight.detach().flatten() for weight in weights]), seen))
    assert torch.equal(ends[0][0], ends[1][0])
    assert ends[0][1] == ends[1][1]


@pytest.mark.parametrize("recipe", FAMILY, ids=named_recipes("family", FOLDER))
def test_no_step_of_the_family_waits_for_the_device(recipe):
    task, state = task_and_state(smaller(recipe))
    feeder = task.feeder(state.generator)
    for step in range(2):
        batches, chances = feeder.batches(step), feeder.chances(step)
        with Watch():
            train_step(Game(state, task.contest, task.recipe), batches, chances)


def test_what_would_wait_or_could_not_be_recorded_is_noticed():
    some = torch.ones(3)
    draw = torch.Generator()
    for amiss in (
        lambda: some.sum().item(),
        lambda: some[some > 0],
        lambda: torch.tensor(1.0) * some,
        lambda: torch.rand(3, generator=draw),
    ):
        with (
            pytest.raises(RuntimeError, match=r"waits|has as many|from the host|not told of"),
            Tape(),
        ):
            amiss()


def state_and_feeder(recipe) -> tuple[State, PhraseFeeder]:
    torch.manual_seed(1)
    critic = Critic(LAYOUT, 2, recipe.critic.width, recipe.critic.blocks, recipe.critic.streams)
    state = new_state(toy_generator().to(CUDA), critic.to(CUDA), recipe)
    data = toy_corpus(16)
    room = transposing_room(data.phrases, DUO, recipe.transpose)
    source = PhraseSource(data.phrases, data.style, DUO, room, seed=3)
    return state, PhraseFeeder(source, recipe, state.generator, 2, CUDA)


@pytest.mark.gpu
@pytest.mark.parametrize(
    "changes",
    [
        {"matching": 1.0},
        {"loss": "wasserstein", "penalties": [{"kind": "two_sided", "weight": 10}]},
        {"precision": "bfloat16"},
    ],
    ids=str,
)
def test_replayed_steps_train_as_plain_ones(changes):
    recipe, ends = toy_recipe(steps=16, **changes), []
    for recorded in (False, True):
        state, feeder = state_and_feeder(recipe)
        take = RecordedStep(Game(state, ROLLS, recipe)) if recorded else None
        with feeder.ahead(0, 16) as steps:
            for batches in steps:
                chances = feeder.chances(state.step)
                if take is None:
                    seen = train_step(Game(state, ROLLS, recipe), batches, chances)
                else:
                    seen = take(batches, chances)
        assert take is None or len(take.recordings) == len(set(take.taken))
        weights = [*state.generator.parameters(), *state.critic.parameters()]
        ends.append((torch.cat([weight.detach().flatten() for weight in weights]), seen))
    torch.testing.assert_close(ends[1][0], ends[0][0], rtol=0, atol=1e-4)
    assert ends[0][1].keys() == ends[1][1].keys()
