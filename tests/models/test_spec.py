import pytest
from pydantic import ValidationError

from musegan.models.latents import LatentSizes
from musegan.models.spec import GeneratorSpec, ModelSpec, build_generator

from .toys import DUO, GRID, HYBRID, LAYOUT, toy_spec


def test_a_spec_comes_back_from_json():
    spec = toy_spec(training={"steps": 3, "recipe": {"batch": 4}})
    again = ModelSpec.model_validate_json(spec.model_dump_json())
    assert again == spec
    assert again.grid == GRID
    assert again.ensemble == DUO
    assert again.layout == LAYOUT


def test_the_generator_is_built_to_measure():
    generator = build_generator(toy_spec())
    assert generator.layout == LAYOUT
    assert generator.sizes == HYBRID
    assert generator.unroll.out_features == 8
    assert len(generator.trunk) == len(generator.branches) == 1
    assert generator.style.num_embeddings == 3


def test_the_default_latents_are_hybrid():
    assert min(GeneratorSpec().latents.__dict__.values()) > 0


def test_a_setting_is_which_latents_there_are():
    assert GeneratorSpec(track=0, track_bar=0).latents == LatentSizes(64, 32, 0, 0)


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({"widht": 8}, "widht"),
        ({"width": 0}, "width"),
        ({"shared": -1}, "shared"),
        ({"shared": 0, "shared_bar": 0, "track": 0, "track_bar": 0}, "at least one latent"),
        ({"coder": {}, "block": "style"}, "block, mapping and mixing are not for a planner"),
        ({"coder": {}, "mapping": 2}, "block, mapping and mixing are not for a planner"),
    ],
)
def test_impossible_sizes_are_named(sizes, words):
    with pytest.raises(ValidationError, match=words):
        GeneratorSpec.model_validate(sizes)


def test_unknown_keys_are_refused():
    with pytest.raises(ValidationError, match="colour"):
        toy_spec(colour="red")


def test_arrangements_fit_the_tracks_and_bars():
    assert toy_spec(arrangements={"calm": ["11 01"]}).arrangements == {"calm": ["11 01"]}
    for text in ("11", "11 01 10", "11 0", "11 012", "11 02", ""):
        with pytest.raises(ValidationError, match="arrangements of 'calm' do not fit"):
            toy_spec(arrangements={"calm": ["11 11", text]})


def test_a_grid_that_no_layout_takes_is_told():
    with pytest.raises(ValueError, match="a bar of 16 steps"):
        _ = toy_spec(steps_per_beat=4).layout
