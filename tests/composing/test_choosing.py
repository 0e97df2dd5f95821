import numpy as np
import pytest

from musegan.composing import choosing
from musegan.composing.choosing import FAR, Request, candidates_of, compose, to_key, typical
from musegan.composing.generate import generate
from musegan.composing.keys import parse_key, tonic
from musegan.composing.model import Model
from musegan.data.arrangements import from_text, playing
from musegan.data.keys import estimate_keys
from musegan.errors import MuseganError
from musegan.evaluation.copies import Copies
from musegan.evaluation.typical import strangeness, typical_levels
from musegan.pianoroll import Phrases, concatenate
from musegan.song import Key
from tests.models.toys import DUO, GRID, some_phrases, toy_spec

from .toys import toy_model

ARRANGED = {"calm": ["11 10"], "wild": ["10 00", "00 11"]}
TYPICAL = {
    "calm": typical_levels(some_phrases(40, seed=1), DUO),
    "wild": typical_levels(some_phrases(40, seed=2), DUO),
}


@pytest.fixture(name="model", scope="module")
def playing_model() -> Model:
    return toy_model(typical=TYPICAL, arrangements=ARRANGED)


def series(model: Model, seed: int, first: int, count: int, **wish: object) -> Phrases:
    return concatenate(list(generate(model, count, seed=seed, first=first, **wish)))  # type: ignore[arg-type]  # a wish is any keyword


def test_a_plain_request_is_the_series_itself(model: Model) -> None:
    request = Request(3, "wild", temperature=1.5)
    expected = series(model, 3, 5, 7, style="wild", temperature=1.5)
    assert compose(model, request, 5, 7).rows() == expected.rows()


def test_the_best_of_several_is_the_least_strange_of_one_arrangement(model: Model) -> None:
    best = compose(model, Request(3, best_of=4), 2, 6)
    candidates = series(model, 3, 8, 24, siblings=4)
    plays = playing(candidates, 2).reshape(6, 4, 2, 2).max(axis=1)
    arranged = [from_text(text).tolist() for some in ARRANGED.values() for text in some]
    rating = strangeness(candidates, DUO, typical(model.spec, None), 4)
    for row, phrase in enumerate(best.rows()):
        assert phrase == candidates.rows()[4 * row + rating[row].argmin()]
        assert plays[row].tolist() in arranged


@pytest.mark.parametrize(
    "request_", [Request(1, best_of=3), Request(1, key=Key(0, 2, True), best_of=2)]
)
def test_what_is_chosen_depends_on_its_number_alone(model: Model, request_: Request) -> None:
    whole = compose(model, request_, 0, 9).rows()
    assert compose(model, request_, 4, 3).rows() == whole[4:7]


@pytest.mark.parametrize("name", ["G", "Em", "F#m", "Bb"])
def test_the_first_phrase_of_the_key_s_mode_is_moved_to_the_key(model: Model, name: str) -> None:
    key = parse_key(name)
    phrases = compose(model, Request(7, "calm", key=key), 0, 8)
    tries = [series(model, 7, attempt * FAR, 8, style="calm") for attempt in range(8)]
    modes = np.array([estimate_keys(each, DUO)[1] for each in tries]) == key.minor
    for row in range(8):
        first = tries[int(modes[:, row].argmax())].select([row])
        assert phrases.select([row]).rows() == to_key(first, key, DUO).rows()
    assert not modes[0].all()
    assert modes.any(axis=0).all()


@pytest.mark.parametrize("asked", ["C", "A", "Eb", "B", "Am", "Dm", "F#m"])
@pytest.mark.parametrize("semitones", [-4, 0, 3])
def test_a_tune_comes_home_to_the_key_the_shorter_way(asked: str, semitones: int) -> None:
    key = parse_key(asked)
    degrees = (0, 2, 3, 5, 7, 8, 7, 5, 3, 2, 0) if key.minor else (0, 2, 4, 5, 7, 9, 7, 5, 4, 2, 0)
    tune = [(1, 4 * i, 4, 40 + semitones + d, 90) for i, d in enumerate(degrees)]
    phrases = Phrases.of([[(0, 0, 1, 38, 90), *tune]], GRID, 2)
    moved = to_key(phrases, key, DUO)
    (by,) = set((moved.pitch.astype(int) - phrases.pitch)[1:].tolist())
    assert -5 <= by <= 6
    assert (40 + semitones + by) % 12 == tonic(key)
    assert moved.rows()[0][0] == (0, 0, 1, 38, 90)
    assert [moved.start.tolist(), moved.duration.tolist()] == [
        phrases.start.tolist(),
        phrases.duration.tolist(),
    ]


def test_copies_are_not_kept(model: Model) -> None:
    training = compose(model, Request(9), 0, 12)
    limits = np.array([np.inf, np.inf, 0.99])
    request = Request(9, copies=Copies(training.select(np.arange(0, 12, 2)), DUO, limits))
    phrases = compose(model, request, 0, 12)
    assert request.copies is not None
    assert not request.copies.among(phrases).any()
    for row, (kept, copied) in enumerate(zip(phrases.rows(), training.rows(), strict=True)):
        assert kept
        assert (kept != copied) or row % 2


def test_batches_without_a_missing_phrase_are_not_made_again(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of four candidates a phrase and 16 a batch, phrases 0 to 3 share one, and so on."""
    asked = []

    def recorded(*args: object, **wish: object) -> object:
        asked.append((wish["first"], args[1]))
        return generate(*args, **wish)  # type: ignore[arg-type]  # as it is called

    monkeypatch.setattr(choosing, "generate", recorded)
    numbers = np.array([1, 2, 5, 17, 30, 31])
    made = candidates_of(model, Request(3, best_of=4), numbers)
    assert asked == [(4, 20), (68, 4), (120, 8)]
    every = series(model, 3, 0, 128, siblings=4)
    assert made.rows() == every.select((numbers[:, None] * 4 + np.arange(4)).ravel()).rows()


def test_what_cannot_be_found_has_no_notes(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "TRIES", 2)
    everything = Copies(some_phrases(4), DUO, np.array([-1.0, -1.0, -1.0]))
    assert compose(model, Request(copies=everything), 0, 3).rows() == [[], [], []]


def test_a_request_for_the_best_needs_to_know_what_is_typical() -> None:
    with pytest.raises(
        MuseganError, match=r"toy: .* not tell what is typical.*leave out --best-of"
    ):
        compose(toy_model(), Request(best_of=2), 0, 1)
    only_wild = toy_spec(typical={"wild": TYPICAL["wild"]})
    assert typical(only_wild, None)
    with pytest.raises(MuseganError, match="typical of calm phrases"):
        Request(style="calm", best_of=2).check(only_wild)


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (Request(style="polka"), "no style 'polka': toy knows calm, wild"),
        (Request(tracks=("kazoo",)), "no track 'kazoo'"),
    ],
)
def test_what_the_model_does_not_know_is_told_at_once(request_: Request, said: str) -> None:
    with pytest.raises(MuseganError, match=said):
        request_.check(toy_spec())


def test_a_mix_of_styles_has_a_mix_of_what_is_typical() -> None:
    spec = toy_spec(typical=TYPICAL, style_counts={"calm": 1, "wild": 3})
    name = "density/bass"
    calm, wild = (TYPICAL[style][name][0] for style in ("calm", "wild"))
    assert typical(spec, "calm")[name][0] == pytest.approx(calm)
    assert typical(spec, None)[name][0] == pytest.approx(0.25 * calm + 0.75 * wild)
    assert typical(spec, "calm:3,wild")[name][0] == pytest.approx(0.75 * calm + 0.25 * wild)
