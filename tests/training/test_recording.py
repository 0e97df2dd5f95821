import pytest
import torch

from musegan.data.batches import PhraseSource, transposing_room
from musegan.models.critic import Critic
from musegan.training.contest import PHRASES
from musegan.training.feeding import PhraseFeeder
from musegan.training.ranks import ALONE
from musegan.training.recording import RecordedStep, obstacle
from musegan.training.state import State, new_state
from musegan.training.step import train_step
from tests.models.toys import DUO, LAYOUT, toy_generator

from .corpus import toy_corpus, toy_recipe
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
        take = RecordedStep(state, PHRASES, recipe) if recorded else None
        with feeder.ahead(0, 16) as steps:
            for batches in steps:
                chances = feeder.chances(state.step)
                if take is None:
                    seen = train_step(state, PHRASES, batches, recipe, chances)
                else:
                    seen = take(batches, chances)
        assert take is None or len(take.recordings) == len(set(take.taken))
        weights = [*state.generator.parameters(), *state.critic.parameters()]
        ends.append((torch.cat([weight.detach().flatten() for weight in weights]), seen))
    torch.testing.assert_close(ends[1][0], ends[0][0], rtol=0, atol=1e-4)
    assert ends[0][1].keys() == ends[1][1].keys()
