import pytest
import yaml

from musegan.errors import MuseganError
from musegan.training.recipe import Recipe
from musegan.training.recipe_files import find_recipe, load_recipe, parse_recipe, recipe_names
from pipelines.recipes import FOLDER

GOOD = {"penalties": [{"kind": "r1", "weight": 0.5}]}
SHIPPED = recipe_names(FOLDER)


def test_the_recipes_that_ship_are_there():
    assert {"default", "composer", "jamming", "family/wgan-gp"} <= set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_recipe_parses(name):
    assert find_recipe(name, FOLDER) == load_recipe(FOLDER / f"{name}.yaml")


def latents(name: str) -> tuple[bool, bool]:
    """Whether a recipe has shared latents, and latents of each track."""
    sizes = find_recipe(name, FOLDER).generator.latents
    return bool(sizes.shared or sizes.shared_bar), bool(sizes.track or sizes.track_bar)


def test_the_three_settings_ship():
    assert latents("default") == (True, True)
    assert latents("composer") == (True, False)
    assert latents("jamming") == (False, True)


def test_wgan_gp_is_the_reference():
    recipe = find_recipe("family/wgan-gp", FOLDER)
    assert recipe.loss == "wasserstein"
    assert [(p.kind, p.weight, p.every) for p in recipe.penalties] == [("two_sided", 10.0, 1)]
    assert recipe.critic_steps > 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"optimizer": "adam"}, "optimizer: unknown key"),
        ({"generator": {"wdith": 3}}, "generator.wdith: unknown key"),
        ({"critic_adam": {"lr": 1}}, "critic_adam.lr: unknown key"),
        ({"batch": 1}, "batch: "),
        ({"batch": "many"}, "batch: "),
        ({"steps": 0}, "steps: "),
        ({"critic_steps": 0}, "critic_steps: "),
        ({"transpose": -1}, "transpose: "),
        ({"transpose": 49}, "transpose: "),
        ({"any_style": 1.5}, "any_style: "),
        ({"matching": -1}, "matching: "),
        ({"matching": float("inf")}, "matching: "),
        ({"precision": "float16"}, "precision: "),
        ({"generator_adam": {"rate": 0}}, "generator_adam.rate: "),
        ({"generator_adam": {"rate": float("nan")}}, "generator_adam.rate: "),
        ({"critic_adam": {"betas": [0.0, 1.0]}}, "critic_adam.betas.1: "),
        ({"critic_adam": {"betas": [0.5]}}, "critic_adam.betas"),
        ({"critic_adam": {"final": 2}}, "critic_adam.final: "),
        ({"generator": {"width": 0}}, "generator.width: "),
        (
            {"generator": {"shared": 0, "shared_bar": 0, "track": 0, "track_bar": 0}},
            "generator: at least one latent",
        ),
        ({"critic": {"blocks": [1, 1]}}, "critic.blocks"),
        ({"critic": {"streams": ["chrome"]}}, "critic: unknown stream 'chrome'; there are chroma,"),
        ({"critic": {"streams": []}, "matching": 1.0}, "matching: needs at least one"),
        ({"loss": "least"}, "unknown loss 'least'; there are minimax, non_saturating, least_squ"),
        ({"penalties": [{"kind": "r3", "weight": 1}]}, "penalties.0: unknown penalty 'r3'"),
        ({"penalties": [{"kind": "r1"}]}, "penalties.0.weight: "),
        ({"penalties": [{"kind": "r1", "weight": 0}]}, "penalties.0.weight: "),
        ({"penalties": [{"kind": "r1", "weight": float("inf")}]}, "penalties.0.weight: "),
        ({"penalties": []}, "penalties: a relativistic loss has no bound without a penalty"),
        ({"loss": "wasserstein", "penalties": []}, "penalties: a wasserstein loss"),
        ({"loss": "hinge", "label_smoothing": 0.1}, "label_smoothing: a hinge loss labels nothing"),
        ({"loss": "non_saturating", "label_smoothing": 0.5}, "label_smoothing: "),
        ({"loss": "minimax", "penalties": [], "clip": 0.1}, "clip: small weights keep a minimax"),
        ({"loss": "wasserstein", "clip": 0.1}, "clip: penalties holds the critic already"),
        ({"loss": "wasserstein", "clip": 0.0, "penalties": []}, "clip: "),
        (
            {
                "loss": "wasserstein",
                "penalties": [],
                "clip": 0.1,
                "critic": {"spectral": True},
            },
            "clip: critic.spectral holds the critic already",
        ),
        ({"critic": {"batch_norm": True}}, "critic.batch_norm: penalties are on the slope of each"),
        (
            {
                "loss": "hinge",
                "penalties": [],
                "critic": {"batch_norm": True, "spectral": True},
            },
            "critic.batch_norm: it undoes what spectral normalisation holds",
        ),
        ({"critic": {"conditioning": "magic"}}, "critic.conditioning: "),
        ({"critic": {"dropout": 1.0}}, "critic.dropout: "),
        ({"noise": {"level": 0}}, "noise.level: "),
        ({"noise": {"level": 0.1, "until": 0}}, "noise.until: "),
        ({"diffusion": {"least": 9, "most": 5}}, "diffusion: a diffusion grows"),
        ({"diffusion": {"last": 1.0}}, "diffusion.last: "),
        ({"augment": {"kinds": ["mirror"]}}, "augment: unknown change 'mirror'; there are rotate,"),
        ({"augment": {"most": 0.9}}, "augment.most: "),
        ({"kind": "timbres", "augment": {}}, "augment: the changes are to phrases"),
        ({"kind": "timbres", "diffusion": {}}, "diffusion: a critic of timbres cannot be told"),
        ({"growth": {"stages": [[5, 12]]}}, "growth.stages: each is steps and pitches that divide"),
        ({"growth": {"stages": []}}, "growth.stages: "),
        ({"growth": {"stages": [[12, 12]], "until": 0}}, "growth.until: "),
        ({"path_length": {"weight": 0}}, "path_length.weight: "),
        ({"generator": {"block": "magic"}}, "generator.block: "),
        ({"generator": {"mixing": 2}}, "generator.mixing: "),
        (
            {"kind": "timbres", "growth": {"stages": [[12, 12]]}},
            "growth.stages: each is frames and rows that divide 32",
        ),
        ({"kind": "timbres", "path_length": {}}, "path_length: a generator of timbres has no"),
        (
            {"generator": {"coder": {}}, "coding": {}, "binary": False},
            "binary: is for a critic of rolls, and with coding there is one of codes; leave it",
        ),
        ({"masks": {"all": 1.0}}, "unknown mask 'all'; there are nothing,"),
        ({"masks": {"bars": -0.1}}, "masks.bars: "),
        ({"masks": {}}, "masks: at least one kind needs a share above 0"),
        ({"masks": {"nothing": 0.0}}, "masks: at least one kind needs a share above 0"),
    ],
    ids=str,
)
def test_impossible_recipes_name_source_and_key(changes, words):
    with pytest.raises(MuseganError) as error:
        parse_recipe(GOOD | changes, "mine.yaml")
    assert str(error.value).startswith(f"mine.yaml: {words}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"loss": "hinge"},
        {"loss": "minimax"},
        {"loss": "least_squares"},
        {"loss": "non_saturating", "label_smoothing": 0.1},
        {"loss": "wasserstein", "clip": 0.05},
        {"loss": "wasserstein", "critic": {"spectral": True}},
        {"kind": "timbres", "loss": "hinge", "critic": {"spectral": True}},
    ],
    ids=str,
)
def test_what_holds_without_a_penalty_needs_none(settings):
    assert parse_recipe(settings, "x").penalties == ()


def test_numbers_as_yaml_writes_them_are_read():
    data = yaml.safe_load("{generator_adam: {rate: 2e-4}, penalties: [{kind: r1, weight: 1}]}")
    assert parse_recipe(data, "x").generator_adam.rate == 2e-4


def test_a_recipe_comes_back_from_json():
    recipe = find_recipe("default", FOLDER)
    assert parse_recipe(recipe.model_dump(mode="json"), "x") == recipe


def test_a_recipe_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        Recipe(loss="hinge").batch = 3


@pytest.mark.parametrize(
    ("changes", "draws"),
    [
        ({}, False),
        ({"critic": {"dropout": 0.1}}, True),
        ({"generator": {"mixing": 0.1}}, True),
        ({"generator": {"block": "style"}}, True),
        ({"generator": {"block": "plain"}}, False),
        ({"kind": "timbres"}, False),
    ],
    ids=str,
)
def test_a_recipe_knows_whether_layers_draw_numbers(changes, draws):
    assert parse_recipe(GOOD | changes, "x").draws == draws
