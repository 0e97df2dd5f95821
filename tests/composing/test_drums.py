import numpy as np
import pytest

from musegan.composing.drums import CHOKED, PIECES, make_kit
from musegan.composing.timbres import Timbres, load_timbres, make_instrument
from musegan.errors import MuseganError
from musegan.models.store import save_model
from tests.models.timbres.toys import HITS, SPEC, toy_hit_generator, toy_timbre_generator


@pytest.fixture(scope="module")
def hits(tmp_path_factory) -> Timbres:
    folder = tmp_path_factory.mktemp("hits")
    save_model(folder, toy_hit_generator(), HITS)
    return load_timbres(folder)


def test_a_key_has_its_hit_however_long_and_low_it_is_held(hits):
    kit = make_kit(hits, seed=3)
    one, other = kit.play(36, 0.1, 0.0), kit.play(36, 2.0, 0.0)
    np.testing.assert_array_equal(one, other)
    assert kit.rings
    assert one.dtype == np.float32
    assert np.abs(one).max() > 0.05
    assert abs(one[-1]) < 1e-4


def test_keys_of_a_kind_differ_in_height_and_length(hits):
    kit = make_kit(hits)
    low, high = (len(kit.play(key, 1, 0.0)) for key in (41, 50))
    assert low > high  # what sounds higher is over sooner
    closed = kit.play(42, 1, 0.0)
    assert len(closed) == round((PIECES[42].seconds + CHOKED) * kit.rate)
    other = make_kit(hits, seed=9).play(42, 1, 0.0)
    assert np.abs(closed - other).max() > 1e-3


def test_a_key_that_general_midi_has_nothing_at_is_some_percussion(hits):
    assert len(make_kit(hits).play(3, 1, 0.0))


def test_a_hit_is_not_held_and_begins_when_it_is_struck(hits):
    kick = make_instrument(hits, "kick")
    np.testing.assert_array_equal(kick.play(60, 9.0), kick.play(60))
    assert not kick.play(60)[:150].any()


def test_drums_need_a_model_of_hits_of_all_kinds(hits, tmp_path):
    save_model(tmp_path / "notes", toy_timbre_generator(), SPEC)
    with pytest.raises(MuseganError, match="notes: makes notes; a model of hits with kick"):
        make_kit(load_timbres(tmp_path / "notes"))
    few = HITS.model_copy(update={"ranges": dict.fromkeys(("kick", "gong"), (60, 60))})
    with pytest.raises(MuseganError, match="knows no percussion, no snare, no tom, no cymbal"):
        make_kit(Timbres(hits.generator, few, hits.device, tmp_path))
