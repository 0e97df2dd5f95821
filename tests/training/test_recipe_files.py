import pytest
import yaml

from musegan.errors import MuseganError
from musegan.training.recipe_files import (
    find_recipe,
    load_recipe,
    named_recipes,
    parse_recipe,
    recipe_names,
)
from pipelines.recipes import FOLDER

GOOD = {"penalties": [{"kind": "r1", "weight": 0.5}]}
SHIPPED = recipe_names(FOLDER)


def test_a_folder_of_recipes_is_all_of_them():
    family = named_recipes("family", FOLDER)
    assert len(family) >= 15
    assert set(family) == {name for name in SHIPPED if name.startswith("family/")}
    for name in ("default", "family/wgan", "fam", "mine.yaml"):
        assert named_recipes(name, FOLDER) == [name]


@pytest.mark.parametrize("data", [None, [], "fast", 7])
def test_what_is_no_list_of_keys_is_told(data):
    with pytest.raises(MuseganError, match=r"mine.yaml: a recipe is a list of keys"):
        parse_recipe(data, "mine.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [(b"steps: [", "not valid YAML"), (b"\xff\xfe\x00", "not valid YAML"), (b"", "a recipe is")],
)
def test_a_broken_file_is_named(tmp_path, text, words):
    path = tmp_path / "mine.yaml"
    path.write_bytes(text)
    with pytest.raises(MuseganError) as error:
        load_recipe(path)
    assert str(error.value).startswith(f"{path}: {words}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("steps: 3\nbatch: 4\nsteps: 5\n", "steps"),
        ("critic:\n  width: 3\n  width: 4\n", "width"),
    ],
)
def test_a_key_that_is_there_twice_is_told(tmp_path, text, key):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(MuseganError, match=f"not valid YAML .the key '{key}' is there twice in"):
        load_recipe(path)


def test_parts_of_a_file_may_be_written_once_and_merged(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "penalties: [{kind: r1, weight: 1}]\n"
        "generator_adam: &adam {rate: 0.1, final: 0.5}\n"
        "critic_adam: {<<: *adam, rate: 0.2}\n"
    )
    recipe = load_recipe(path)
    assert (recipe.critic_adam.rate, recipe.critic_adam.final) == (0.2, 0.5)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MuseganError, match=r"none.yml: no such recipe file"):
        find_recipe(str(tmp_path / "none.yml"), FOLDER)


def test_an_unknown_name_tells_those_there_are():
    with pytest.raises(
        MuseganError, match=r"no recipe 'mine': there are composer, default, .*yaml"
    ):
        find_recipe("mine", FOLDER)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("lsgan", r"did you mean family-timbres/lsgan or family/lsgan\?"),
        ("stylegan", r"did you mean family/stylegan\?"),
        ("family", "it is a folder of recipes, for `musegan compare`; name one, such as family/"),
    ],
)
def test_who_leaves_the_folder_out_or_names_it_alone_is_helped(name, words):
    with pytest.raises(MuseganError, match=f"no recipe '{name}': {words}"):
        find_recipe(name, FOLDER)


def test_changes_replace_what_the_recipe_says_unless_they_are_none(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(GOOD | {"steps": 7, "batch": 9}))
    recipe = find_recipe(str(path), FOLDER, steps=3, batch=None)
    assert (recipe.steps, recipe.batch) == (3, 9)
    with pytest.raises(MuseganError, match=r"mine.yaml: batch: "):
        find_recipe(str(path), FOLDER, batch=1)


def test_a_recipe_tells_its_kind(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("kind: timbres\npenalties: [{kind: r1, weight: 1}]\nshift: 2\n")
    recipe = find_recipe(str(path), tmp_path, steps=7)
    assert (recipe.kind, recipe.shift, recipe.steps) == ("timbres", 2, 7)
    with pytest.raises(MuseganError, match=r"mine\.yaml: transpose: unknown key"):
        find_recipe(str(path), tmp_path, transpose=3)


@pytest.mark.parametrize("kind", ["drums", ["drums"], {"drums": 1}, None, 3])
def test_an_unknown_kind_is_told(kind):
    with pytest.raises(MuseganError) as error:
        parse_recipe({"kind": kind}, "mine")
    assert str(error.value) == f"mine: unknown kind '{kind}'; there are phrases, timbres"


@pytest.mark.parametrize(
    ("data", "where", "some", "others"),
    [
        ({"speed": 3}, "speed", ["loss", "generator", "masks"], ["shift", "width"]),
        ({"kind": "timbres", "speed": 3}, "speed", ["loss", "shift"], ["masks"]),
        ({"critic": {"size": 3}}, "critic.size", ["width", "dropout"], ["loss"]),
        ({"noise": {"size": 3, "level": 1}}, "noise.size", ["level", "until"], ["loss"]),
        ({"coding": {"adam": {"lr": 3}}}, "coding.adam.lr", ["rate", "betas"], ["loss", "steps"]),
        (
            {"penalties": [{"kind": "r1", "weight": 1, "size": 3}]},
            "penalties.0.size",
            ["kind", "weight", "every"],
            ["loss"],
        ),
    ],
    ids=str,
)
def test_an_unknown_key_comes_with_those_of_its_section(data, where, some, others):
    with pytest.raises(MuseganError) as error:
        parse_recipe(data, "mine")
    told, known = str(error.value).split("; known are ")
    assert told == f"mine: {where}: unknown key"
    assert {*some} <= {*known.split(", ")}
    assert not {*others} & {*known.split(", ")}


def test_a_key_that_is_no_word_is_told():
    with pytest.raises(MuseganError, match="mine: "):
        parse_recipe({3: 4}, "mine")
