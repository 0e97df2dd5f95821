import pytest
import torch

from musegan.errors import MuseganError
from musegan.models.devices import find_device


def test_the_cpu_is_always_there():
    assert find_device("cpu") == torch.device("cpu")


@pytest.mark.parametrize("there", [True, False])
def test_auto_takes_the_gpu_where_there_is_one(monkeypatch, there):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: there)
    assert find_device("auto").type == ("cuda" if there else "cpu")


@pytest.mark.parametrize("name", ["abacus", "", "cuda:99", "cpu:x", "xla"])
def test_a_device_that_is_not_there_is_named(name):
    with pytest.raises(MuseganError, match=f"no device '{name}' here; try cpu or auto"):
        find_device(name)
