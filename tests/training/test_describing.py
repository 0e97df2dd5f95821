from dataclasses import replace

import numpy as np
import pytest

from musegan.errors import MuseganError
from musegan.evaluation.typical import typical_levels
from musegan.pianoroll import Grid, Phrases
from musegan.training.describing import describe_model
from tests.models.toys import DUO, GRID, STYLES

from .corpus import toy_corpus, toy_recipe


def test_a_model_is_described_by_its_data():
    data = toy_corpus(16)
    spec = describe_model("mine", data, toy_recipe())
    assert spec.grid == GRID
    assert spec.ensemble == DUO
    assert spec.styles == STYLES
    assert spec.tempos == {"calm": 80.0, "wild": 160.0}
    assert list(spec.style_counts.values()) == np.bincount(data.style).tolist()
    assert set(spec.arrangements) == set(STYLES)


def test_what_is_typical_of_a_style_is_told_by_its_phrases():
    data = toy_corpus(64)
    spec = describe_model("mine", data, toy_recipe())
    for label, style in enumerate(STYLES):
        mine = data.phrases.select(data.style == label)
        assert spec.typical[style] == typical_levels(mine, DUO)
        assert spec.typical[style]["density/bass"][0] > 0


def test_a_style_without_phrases_has_no_tempo():
    data = toy_corpus(16)
    spec = describe_model("mine", replace(data, styles=(*STYLES, "unheard")), toy_recipe())
    assert spec.styles == (*STYLES, "unheard")
    assert set(spec.tempos) == set(STYLES)


def test_a_dataset_on_a_grid_that_does_not_fit_is_told():
    coarse = Phrases.of([[(0, 0, 1, 40, 90)]] * 16, Grid(4, 4), 2)
    data = replace(toy_corpus(16), phrases=coarse)
    with pytest.raises(MuseganError, match=r"does not fit the networks: a bar of 16 steps .* 12"):
        describe_model("mine", data, toy_recipe())
