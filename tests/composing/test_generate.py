from pathlib import Path

import numpy as np
import pytest
import torch

from musegan.composing.generate import (
    arrangements,
    generate,
    in_range,
    style_shares,
    style_weights,
)
from musegan.composing.model import Model
from musegan.data.arrangements import from_text, playing
from musegan.errors import MuseganError
from musegan.evaluation.diversity import diversity
from musegan.models.spec import build_generator
from musegan.pianoroll import Phrases, concatenate
from tests.models.toys import DUO, GRID, toy_spec

ARRANGED = {"calm": ["11 10"], "wild": ["10 00", "00 11"]}


@pytest.fixture(name="model")
def toy_model() -> Model:
    spec = toy_spec(arrangements=ARRANGED)
    torch.manual_seed(0)
    made = build_generator(spec)
    made.head.bias.data += 2  # a fresh network begins in near silence
    return Model(made.eval().requires_grad_(False), spec, torch.device("cpu"), Path())


def series(model: Model, first: int, count: int, **wish: object) -> Phrases:
    return concatenate(list(generate(model, count, seed=5, first=first, **wish)))  # type: ignore[arg-type]  # a wish is any keyword


@pytest.mark.parametrize(("first", "count"), [(0, 1), (3, 20), (15, 2), (16, 4), (31, 9)])
def test_a_phrase_depends_on_its_number_alone(model: Model, first: int, count: int) -> None:
    whole = series(model, 0, 40).rows()
    assert series(model, first, count).rows() == whole[first : first + count]


def test_other_seeds_give_other_phrases(model: Model) -> None:
    one, other = (concatenate(list(generate(model, 16, seed=seed))).rows() for seed in (1, 2))
    assert one != other
    assert len({tuple(phrase) for phrase in one}) > 12


def test_only_the_tracks_asked_for_play(model: Model) -> None:
    heard = series(model, 0, 32, tracks=["bass"])
    assert len(heard.track)
    assert set(heard.track.tolist()) == {1}


def test_temperature_1_is_as_trained_and_0_is_the_same_each_time(model: Model) -> None:
    whole = series(model, 0, 16, style="calm")
    assert series(model, 0, 16, style="calm", temperature=1.0).rows() == whole.rows()
    frozen = series(model, 0, 16, style="calm", temperature=0.0).rows()
    assert all(phrase == frozen[0] for phrase in frozen)


def test_phrases_differ_more_the_higher_the_temperature(model: Model) -> None:
    apart = [
        diversity(series(model, 0, 32, style="calm", temperature=temperature), DUO).distance
        for temperature in (0.0, 0.3, 1.0)
    ]
    assert apart[0] == 0
    assert apart[0] < apart[1] < apart[2]


def test_siblings_share_an_arrangement(model: Model) -> None:
    plays = playing(series(model, 0, 32, siblings=4), 2).reshape(8, 4, 2, 2)
    # what sounds differs, but all of it fits one of the three arrangements
    together = plays.max(axis=1)
    arranged = [from_text(text) for some in ARRANGED.values() for text in some]
    assert all(any((group <= each).all() for each in arranged) for group in together)
    apart = playing(series(model, 0, 32), 2).reshape(8, 4, 2, 2).max(axis=1)
    assert not all(any((group <= each).all() for each in arranged) for group in apart)


def test_any_style_is_as_the_styles_are_common() -> None:
    spec = toy_spec(arrangements=ARRANGED, style_counts={"calm": 9, "wild": 1})
    choices = arrangements(spec, style_weights(spec, None), None)
    assert [chance for chance, _ in choices] == pytest.approx([0.9, 0.05, 0.05])
    assert style_shares(spec, style_weights(spec, "wild")).tolist() == [0, 1]
    uncounted = toy_spec(arrangements=ARRANGED)
    assert style_shares(uncounted, style_weights(uncounted, None)).tolist() == [0.5, 0.5]


def test_a_style_keeps_to_its_arrangements(model: Model) -> None:
    heard = playing(series(model, 0, 32, style="calm"), 2)
    assert heard[:, 0].any()
    assert heard[:, 1, 0].any()
    assert not heard[:, 1, 1].any()


def test_arrangements_of_a_mix_have_the_mix_s_chances() -> None:
    spec = toy_spec(arrangements=ARRANGED)
    choices = arrangements(spec, style_weights(spec, "calm:3,wild:1"), None)
    assert [chance for chance, _ in choices] == pytest.approx([0.75, 0.125, 0.125])


def test_tracks_that_no_arrangement_plays_together_play_throughout() -> None:
    spec = toy_spec(arrangements={"calm": ["10 00"], "wild": ["00 11"]})
    ((chance, only),) = arrangements(spec, style_weights(spec, None), ["drums", "bass"])
    assert chance == 1
    assert (only == 1).all()


def test_styles_are_weighed() -> None:
    spec = toy_spec()
    assert style_weights(spec, None).tolist() == [0, 0, 1]
    assert style_weights(spec, "wild").tolist() == [0, 1, 0]
    assert style_weights(spec, "calm:1, wild:3").tolist() == [0.25, 0.75, 0]
    assert style_weights(spec, "calm, wild, calm").tolist() == pytest.approx([2 / 3, 1 / 3, 0])
    assert style_weights(spec, "calm:1e200,wild:1e-200").tolist() == [1, 0, 0]
    assert style_weights(spec, "calm:1e-99").tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("style", "said"),
    [
        *(("polka", "calm, wild"), ("", "calm, wild"), ("calm,,wild", "calm, wild")),
        *((f"calm:{weight}", "above 0") for weight in ("0", "x", "-1", "inf", "nan")),
    ],
)
def test_a_style_it_cannot_follow_is_an_error(style: str, said: str) -> None:
    with pytest.raises(MuseganError, match=said):
        style_weights(toy_spec(), style)


def test_an_unknown_track_names_those_there_are(model: Model) -> None:
    with pytest.raises(MuseganError, match="drums, bass"):
        generate(model, 1, seed=0, tracks=["kazoo"])


def test_no_tracks_at_all_is_an_error(model: Model) -> None:
    with pytest.raises(MuseganError, match="no tracks asked for"):
        generate(model, 1, seed=0, tracks=[])


def test_notes_that_a_track_cannot_play_are_left_out() -> None:
    phrases = Phrases.of([[(0, 0, 1, 34, 9), (0, 0, 1, 35, 9), (1, 0, 1, 68, 9)]], GRID, 2)
    assert in_range(phrases, DUO).rows() == [[(0, 0, 1, 35, 9)]]
    assert np.array_equal(in_range(phrases, DUO).offsets, [0, 1])
