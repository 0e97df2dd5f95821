import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from musegan.errors import MuseganError
from musegan.models.spec import build_generator
from musegan.models.store import load_model_folder, load_spec, save_model

from .toys import LAYOUT, styles_of, toy_latents, toy_spec


@pytest.fixture
def folder(tmp_path):
    torch.manual_seed(0)
    save_model(tmp_path / "toy", build_generator(toy_spec()), toy_spec())
    return tmp_path / "toy"


def logits(generator):
    nothing, mask = torch.zeros(LAYOUT.shape(2)), torch.zeros(2, 2, 2)
    return generator(toy_latents(2), styles_of(0, 1), nothing, mask)


def test_a_model_comes_back_as_it_went(tmp_path):
    torch.manual_seed(0)
    generator = build_generator(toy_spec())
    save_model(tmp_path / "new" / "toy", generator, toy_spec())
    loaded, spec = load_model_folder(tmp_path / "new" / "toy")
    assert spec == toy_spec()
    kept, found = generator.state_dict(), loaded.state_dict()
    assert list(kept) == list(found)
    assert all(torch.equal(kept[name], found[name]) for name in kept)
    torch.testing.assert_close(logits(loaded), logits(generator))
    assert not loaded.training
    assert not any(weight.requires_grad for weight in loaded.parameters())


def test_nothing_but_the_two_files_is_left(folder):
    assert {file.name for file in folder.iterdir()} == {"model.json", "model.safetensors"}


def test_saving_again_replaces(folder):
    torch.manual_seed(1)
    other = build_generator(toy_spec())
    save_model(folder, other, toy_spec(name="other"))
    loaded, spec = load_model_folder(folder)
    assert spec.name == "other"
    assert torch.equal(loaded.head.weight, other.head.weight)


def rewrite(folder, **changes):
    data = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(data | changes))


def test_no_model_is_told(tmp_path):
    with pytest.raises(MuseganError, match="nowhere: no model here; a model is a folder with"):
        load_spec(tmp_path / "nowhere")


@pytest.mark.parametrize("text", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"format": 1}'])
def test_a_broken_description_is_told(folder, text):
    (folder / "model.json").write_bytes(text)
    with pytest.raises(MuseganError, match=r"model.json: not a model description \("):
        load_spec(folder)


@pytest.mark.parametrize("text", [b"[]", b"{}", b"7", b'{"format": 99}'])
def test_a_description_of_another_format_is_told(folder, text):
    (folder / "model.json").write_bytes(text)
    with pytest.raises(MuseganError, match=r"model.json: model format (99|None) is not the one"):
        load_spec(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"steps_per_beat": 4},
        {"steps_per_beat": 0},
        {"bars": 0},
        {"tracks": []},
        {"tracks": [{"name": "flute", "program": 500}]},
        {"generator": {"width": 0}},
        {"colour": "red"},
    ],
    ids=str,
)
def test_an_impossible_description_is_told(folder, changes):
    rewrite(folder, **changes)
    with pytest.raises(MuseganError, match=r"^[^\n]*model.json: [^\n]*$"):
        load_model_folder(folder)


def test_missing_weights_are_told(folder):
    (folder / "model.safetensors").unlink()
    with pytest.raises(MuseganError, match=r"model.safetensors is missing"):
        load_model_folder(folder)


@pytest.mark.parametrize("keep", [0, 7, 200, -1])
def test_truncated_weights_are_told(folder, keep):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(MuseganError, match=r"model.safetensors: not a readable safetensors file"):
        load_model_folder(folder)


def test_weights_of_other_sizes_are_told(folder):
    rewrite(folder, generator=toy_spec().generator.model_dump() | {"width": 12})
    with pytest.raises(MuseganError, match=r"not of the network that model.json describes"):
        load_model_folder(folder)


def test_weights_of_another_kind_are_told(folder):
    path = folder / "model.safetensors"
    weights = load_file(path)
    save_file({f"x.{name}": value for name, value in weights.items()}, path)
    with pytest.raises(MuseganError, match=r"not of the network that model.json describes"):
        load_model_folder(folder)
