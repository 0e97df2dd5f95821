import numpy as np
import pytest
import torch

from musegan.data.arrangements import playing
from musegan.data.batches import PhraseSource, transposing_room
from musegan.models.generator import keep
from musegan.models.patches import from_patches
from musegan.training.code_contest import CodeBatch
from musegan.training.parts import rows_of
from musegan.training.phrase_feeding import CodeFeeder, PhraseFeeder
from musegan.training.roll_contest import RollBatch
from tests.models.toys import DUO, LAYOUT, toy_generator

from .corpus import toy_corpus, toy_recipe


def toy_feeder(seed: int = 3, **changes) -> PhraseFeeder:
    recipe = toy_recipe(batch=6, **changes)
    data = toy_corpus(16)
    room = transposing_room(data.phrases, DUO, recipe.transpose)
    source = PhraseSource(data.phrases, data.style, DUO, room, seed)
    return PhraseFeeder(source, recipe, toy_generator(), torch.device("cpu"))


def tensors(batch: RollBatch) -> list[torch.Tensor]:
    return [batch.real, batch.style, batch.mask, batch.given, *batch.latents.parts]


def same(one: RollBatch, other: RollBatch) -> bool:
    return all(map(torch.equal, tensors(one), tensors(other)))


def test_a_batch_depends_on_seed_and_number_alone():
    first, again, elsewhere = toy_feeder(), toy_feeder(), toy_feeder(seed=4)
    first.batch(0)
    assert same(first.batch(5), again.batch(5))
    assert not any(map(torch.equal, tensors(first.batch(5)), tensors(first.batch(6))))
    assert not torch.equal(first.batch(5).real, elsewhere.batch(5).real)


def test_given_is_what_the_mask_leaves_of_the_real_phrases():
    feeder = toy_feeder()
    for number in range(8):
        batch = feeder.batch(number)
        assert torch.equal(batch.given, keep(batch.real, batch.mask, LAYOUT))


def test_silent_cells_are_always_given():
    feeder = toy_feeder(masks={"nothing": 1.0})
    notes = feeder.source.phrases
    kept = (notes.track == 0) | (notes.start < LAYOUT.grid.steps_per_bar)
    silenced = notes.keep(kept)
    source = PhraseSource(
        silenced, feeder.source.style, DUO, transposing_room(silenced, DUO, 0), seed=1
    )
    batch = PhraseFeeder(source, feeder.recipe, toy_generator(), torch.device("cpu")).batch(0)
    there = playing(from_patches(batch.real, LAYOUT), 2)
    np.testing.assert_array_equal(batch.mask.numpy(), 1 - there)
    assert batch.mask[:, 1, 1].all()


def test_tracks_that_are_not_heard_are_given_as_silence():
    whole, parted = toy_feeder().batch(0), toy_feeder(alone=1.0).batch(0)
    there = playing(from_patches(parted.real, LAYOUT), 2)
    np.testing.assert_array_equal(np.maximum(parted.mask.numpy(), there), 1)
    alone = there.any(2).sum(1) == 1
    assert 0 < alone.sum() < 6
    assert torch.equal(parted.real[~alone], whole.real[~alone])
    assert not (whole.real[alone] == parted.real[alone]).flatten(1).all(1).any()
    assert torch.equal(parted.given, keep(parted.real, parted.mask, LAYOUT))


def test_codes_that_are_not_heard_are_those_of_silence():
    bars, tracks = LAYOUT.bars, LAYOUT.tracks
    codes = torch.randn(16, bars, tracks, 5)

    def batch(alone: float) -> CodeBatch:
        recipe = toy_recipe(batch=6, alone=alone, masks={"nothing": 1.0})
        style, cpu = np.zeros(16, np.int64), torch.device("cpu")
        return CodeFeeder(codes, style, recipe, toy_generator(), 3, cpu).batch(0)

    whole, parted = batch(0.0), batch(1.0)
    assert not whole.mask.any()
    silent = (parted.real == 0).all(3)
    assert torch.equal(parted.real, torch.where(silent[..., None], 0, whole.real))
    assert torch.equal(parted.mask, silent.transpose(1, 2).float())
    assert set(silent.any(1).sum(1).tolist()) == {0, 1}


@pytest.mark.parametrize(("chance", "hidden"), [(0.0, [0]), (1.0, [6])])
def test_styles_are_hidden_by_their_chance(chance, hidden):
    style = toy_feeder(any_style=chance).batch(0).style
    assert (style.sum(1) == 1).all()
    assert [int(style[:, -1].sum())] == hidden


def test_rows_made_apart_are_those_of_the_whole_batch():
    whole = toy_feeder(alone=0.5)
    batch, chance = whole.batch(4), whole.chances(4)[0].uniform()
    for rows in (range(2), range(2, 6)):
        part = toy_feeder(alone=0.5)
        part.rows = rows
        assert same(part.batch(4), rows_of(batch, rows))
        assert torch.equal(part.chances(4)[0].uniform(), chance[rows.start : rows.stop])
