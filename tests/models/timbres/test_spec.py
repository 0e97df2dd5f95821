import pytest
import torch
from pydantic import ValidationError

from musegan.errors import MuseganError
from musegan.models.spec import build_generator
from musegan.models.store import (
    TIMBRES,
    load_folder,
    load_model_folder,
    load_spec,
    read_spec,
    save_model,
)
from musegan.models.timbres.spec import TimbreSpec
from tests.models.toys import toy_spec

from .toys import RANGES, SPEC, toy_timbre_generator, wishes


def test_a_model_of_timbres_comes_back_as_it_was(tmp_path):
    generator = toy_timbre_generator()
    save_model(tmp_path / "toy", generator, SPEC)
    loaded, spec = load_folder(tmp_path / "toy", TIMBRES)
    assert spec == SPEC
    assert spec.instruments == tuple(RANGES)
    with torch.no_grad():
        assert torch.equal(loaded(*wishes(3)), generator(*wishes(3)))


def test_a_model_of_timbres_composes_no_phrases(tmp_path):
    save_model(tmp_path / "toy", toy_timbre_generator(), SPEC)
    for load in (load_spec, load_model_folder):
        with pytest.raises(MuseganError, match="a model of timbres, where one of phrases is need"):
            load(tmp_path / "toy")


def test_a_model_of_phrases_makes_no_timbres(tmp_path):
    save_model(tmp_path / "toy", build_generator(toy_spec()), toy_spec())
    with pytest.raises(MuseganError, match="a model of phrases, where one of timbres is needed"):
        read_spec(tmp_path / "toy", TIMBRES)


@pytest.mark.parametrize("ranges", [{}, {"flute": (70, 60)}, {"flute": (0, 128)}])
def test_impossible_ranges_are_told(ranges):
    with pytest.raises(ValidationError):
        TimbreSpec(name="toy", ranges=ranges)
