import threading

import pytest
import torch

from .test_phrase_feeding import same, toy_feeder


def test_a_step_has_a_batch_for_each_critic_update():
    feeder = toy_feeder(critic_steps=3)
    batches = feeder.batches(2)
    assert len(batches) == 3
    assert all(same(batch, feeder.batch(6 + turn)) for turn, batch in enumerate(batches))


def test_batches_made_ahead_come_in_order_whatever_the_depth():
    feeder = toy_feeder()
    plain = [feeder.batches(step)[0] for step in range(3, 9)]
    for depth in (1, 4):
        with feeder.ahead(3, 9, depth) as steps:
            ahead = [batches[0] for batches in steps]
        assert len(ahead) == 6
        assert all(map(same, plain, ahead))


def test_leaving_early_leaves_no_thread_behind():
    before = threading.active_count()
    with toy_feeder().ahead(0, 1000) as steps:
        next(steps)
    assert threading.active_count() == before


def test_a_failing_draw_is_heard():
    feeder = toy_feeder()
    feeder.source.room.up[:] = -200
    with pytest.raises(ValueError, match="low >= high"), feeder.ahead(0, 2) as steps:
        next(steps)


def test_penalties_draw_from_seed_and_update():
    feeder = toy_feeder(critic_steps=2)
    (one, other), (again, _), (later, _) = (feeder.chances(step) for step in (1, 1, 2))
    first = one.uniform(3)
    assert first.shape == (6, 3)
    assert torch.equal(first, again.uniform(3))
    assert not torch.equal(first, other.uniform(3))
    assert not torch.equal(first, later.uniform(3))
