import pytest
import torch

from musegan.composing import model as models
from musegan.composing.model import load_model, shipped_model
from musegan.errors import MuseganError
from musegan.models.spec import build_generator
from musegan.models.store import save_model
from tests.models.toys import toy_spec


@pytest.fixture
def folder(tmp_path):
    torch.manual_seed(0)
    save_model(tmp_path / "run" / "model", build_generator(toy_spec()), toy_spec())
    return tmp_path / "run" / "model"


def test_a_model_is_loaded_ready_to_play(folder):
    model = load_model(folder)
    assert model.spec == toy_spec()
    assert model.device == torch.device("cpu")
    assert model.folder == folder
    assert not model.generator.training


def test_the_folder_of_a_training_means_its_model(folder):
    assert load_model(folder.parent).folder == folder


def test_a_folder_without_a_model_is_told(tmp_path):
    with pytest.raises(MuseganError, match=f"{tmp_path}: no model here"):
        load_model(tmp_path)


def test_a_device_that_is_not_there_is_told(folder):
    with pytest.raises(MuseganError, match="no device 'abacus'"):
        load_model(folder, "abacus")


def test_without_a_path_the_model_that_ships_is_meant(folder, monkeypatch):
    monkeypatch.setattr(models, "SHIPPED", "model")
    monkeypatch.setattr(models, "_shipping_places", lambda: iter([folder / "no", folder.parent]))
    assert shipped_model("model") == folder
    with pytest.raises(MuseganError, match="the model 'other' that comes with musegan is missing"):
        shipped_model("other")


def test_the_model_that_ships_is_here_and_loads():
    model = load_model()
    assert model.spec.ensemble.names == ("drums", "bass", "guitar", "piano", "strings", "lead")
    assert set(model.spec.tempos) == set(model.spec.styles) == set(model.spec.arrangements)
    weights = model.folder / "model.safetensors"
    assert weights.stat().st_size < 15 << 20
