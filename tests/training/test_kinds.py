import numpy as np
import pytest
import torch

from musegan.errors import MuseganError
from musegan.training.kinds import check_kind, fingerprint, make_task

from .corpus import toy_corpus, toy_recipe
from .sounds import toy_sounds, toy_timbre_recipe

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("data", "recipe", "told"),
    [
        (toy_sounds(), toy_recipe(), "a dataset of sounds, but a recipe for phrases"),
        (toy_corpus(8), toy_timbre_recipe(), "a dataset of phrases, but a recipe for timbres"),
    ],
)
def test_data_and_recipe_of_two_kinds_are_told(data, recipe, told):
    with pytest.raises(MuseganError, match=told):
        make_task(data, recipe, "toy", 0, CPU)
    with pytest.raises(MuseganError, match=told):
        check_kind(data, recipe)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (toy_corpus(8), toy_corpus(8, seed=1)),
        (toy_sounds(), toy_sounds().at(np.arange(7))),
    ],
)
def test_data_are_told_from_others(one, other):
    assert fingerprint(one) == fingerprint(one)
    assert fingerprint(one) != fingerprint(other)
