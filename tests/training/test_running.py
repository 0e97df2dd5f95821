import torch

from musegan.training.running import Running


def test_an_average_begins_as_what_is_first_heard_and_then_follows() -> None:
    running = Running()
    assert running.blend("size", torch.tensor(4.0), 0.75) == 4
    assert running.blend("size", torch.tensor(8.0), 0.75) == 5
    assert running.blend("other", torch.tensor(1.0), 0.75) == 1
    assert {name: float(value) for name, value in running.tensors.items()} == {
        "size": 5,
        "other": 1,
    }


def test_an_average_stays_where_it_lies() -> None:
    running = Running()
    first = running.blend("size", torch.ones(3), 0.5)
    running.blend("size", torch.zeros(3), 0.5)
    assert running.tensors["size"] is first
    assert first.tolist() == [0.5] * 3
