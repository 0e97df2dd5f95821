"""Recipes in YAML files: read, found by name, and what is wrong in them told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from musegan.errors import MuseganError
from musegan.training.recipe import RECIPES, Recipe, TimbreRecipe, lessons_within


def parse_recipe(data: Any, source: str) -> Recipe | TimbreRecipe:
    """A recipe from parsed YAML or JSON; its `kind` is phrases unless it says timbres.

    Raises:
        MuseganError: a key is unknown or a value impossible; the message names it and `source`.
    """
    if not isinstance(data, Mapping):
        raise MuseganError(f"{source}: a recipe is a list of keys with values")
    settings = dict(data)
    kind = settings.pop("kind", Recipe.kind)
    if not isinstance(kind, str) or kind not in RECIPES:
        raise MuseganError(f"{source}: unknown kind '{kind}'; there are {', '.join(RECIPES)}")
    try:
        return RECIPES[kind].model_validate(settings)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        what = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            what = f"unknown key; known are {', '.join(_known_keys(RECIPES[kind], first['loc']))}"
        raise MuseganError(f"{source}: {where + ': ' if where else ''}{what}") from problem


def _known_keys(section: type[BaseModel], place: Sequence[int | str]) -> list[str]:
    """The keys there are in the section of a recipe that holds an unknown one at `place`."""
    for part in place[:-1]:
        if isinstance(part, str):
            section = _sections(section.model_fields[part].annotation)[0]
    return list(section.model_fields)


def _sections(annotation: Any) -> list[type[BaseModel]]:
    """The sections of a recipe among the types that a value may have."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for each in get_args(annotation) for found in _sections(each)]


class _EachKeyOnce(yaml.SafeLoader):
    """Reads YAML; a key that is there twice is an error, where others let the last one win."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                problem = f"the key '{key.value}' is there twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            seen.add(key.value)
        return node


def load_recipe(path: Path) -> Recipe | TimbreRecipe:
    """The recipe in a YAML file; errors name the file and the key."""
    if not path.is_file():
        raise MuseganError(f"{path}: no such recipe file")
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), _EachKeyOnce)
    except (yaml.YAMLError, ValueError) as problem:
        detail = " ".join(str(problem).split())
        raise MuseganError(f"{path}: not valid YAML ({detail})") from problem
    return parse_recipe(data, str(path))


def find_recipe(name: str, folder: Path, **changes: Any) -> Recipe | TimbreRecipe:
    """The recipe called `name` in `folder`, or in the YAML file that `name` is the path of.

    Args:
        name: a recipe's name, or a path that ends in .yaml or .yml.
        folder: where recipes are found by name.
        changes: values that replace the recipe's where they are not None; with fewer `steps` a
            coder is taught for as much shorter.

    Raises:
        MuseganError: there is no such recipe, or it makes no sense.
    """
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        there = recipe_names(folder)
        if name not in there:
            raise MuseganError(f"no recipe '{name}': {_meant(name, there)}")
        path = folder / f"{name}.yaml"
    recipe = load_recipe(path)
    steps = changes.get("steps")
    if isinstance(recipe, Recipe) and recipe.coding is not None and steps is not None:
        changes["coding"] = recipe.coding.model_dump() | {"steps": lessons_within(recipe, steps)}
    asked = {key: value for key, value in changes.items() if value is not None}
    changed = {"kind": recipe.kind} | recipe.model_dump() | asked
    return parse_recipe(changed, str(path)) if asked else recipe


def _meant(name: str, there: Sequence[str]) -> str:
    """What one may have wanted who asked for a recipe that is not there."""
    inside = [each for each in there if each.startswith(f"{name}/")]
    if inside:
        return f"it is a folder of recipes, for `musegan compare`; name one, such as {inside[0]}"
    alike = [each for each in there if each.endswith(f"/{name}")]
    if alike:
        return f"did you mean {' or '.join(alike)}?"
    return f"there are {', '.join(there)}; for your own, give the path of a .yaml file"


def recipe_names(folder: Path) -> list[str]:
    """The names of all recipes in a folder and those below it."""
    files = [file.relative_to(folder) for file in folder.rglob("*.yaml")]
    return sorted(file.with_suffix("").as_posix() for file in files)


def named_recipes(name: str, folder: Path) -> list[str]:
    """The names of the recipes in the sub-folder called `name`; else it is a recipe's own."""
    inside = [each for each in recipe_names(folder) if each.startswith(f"{name}/")]
    return inside or [name]
