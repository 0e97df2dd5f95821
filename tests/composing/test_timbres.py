import numpy as np
import pytest
import torch

from musegan.audio.partials.layout import hertz_of
from musegan.composing.timbres import (
    LOUDNESS,
    between,
    load_timbres,
    make_instrument,
    usual_pitch,
)
from musegan.errors import MuseganError
from musegan.models.spec import build_generator
from musegan.models.store import save_model
from tests.models.timbres.toys import SPEC, toy_timbre_generator
from tests.models.toys import toy_spec


@pytest.fixture(scope="module")
def timbres(tmp_path_factory):
    folder = tmp_path_factory.mktemp("timbres")
    save_model(folder / "model", toy_timbre_generator(), SPEC)
    return load_timbres(folder)


def loudest_frequency(wave: np.ndarray, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave)), 1 << 17))
    return float(np.argmax(spectrum) * rate / (1 << 17))


@pytest.mark.parametrize("pitch", [48, 60, 71])
def test_a_note_lies_on_its_pitch(timbres, pitch):
    wave = make_instrument(timbres, "horn").play(pitch, 0.5)
    ratio = loudest_frequency(wave, SPEC.layout.rate) / hertz_of(pitch)
    assert ratio > 0.9
    assert 1200 * abs(np.log2(ratio / round(ratio))) < 10


@pytest.mark.parametrize("seconds", [0.01, 0.3, 1.7])
def test_a_note_lasts_as_long_as_asked_and_is_as_loud_as_others(timbres, seconds):
    wave = make_instrument(timbres, "flute").play(70, seconds)
    assert wave.dtype == np.float32
    assert len(wave) == round(seconds * SPEC.layout.rate)
    assert 0.2 * LOUDNESS < np.sqrt((wave**2).mean()) <= LOUDNESS * 1.01


def test_the_same_player_plays_the_same_samples_and_another_others(timbres):
    first, again, other = (make_instrument(timbres, "saw", seed) for seed in (1, 1, 2))
    assert np.array_equal(first.play(60, 0.2), again.play(60, 0.2))
    assert not np.array_equal(first.play(60, 0.2), other.play(60, 0.2))


def test_brightness_is_heard(timbres):
    instrument = make_instrument(timbres, "saw")
    spectra = [np.abs(np.fft.rfft(instrument.play(60, 0.5, each))) for each in (-9.0, 9.0)]
    high = [spectrum[len(spectrum) // 4 :].sum() / spectrum.sum() for spectrum in spectra]
    assert high[0] < high[1]


def test_beyond_its_range_an_instrument_keeps_its_tone(timbres):
    flute = make_instrument(timbres, "flute")
    assert flute.range == (60, 84)
    assert torch.equal(flute.paint([90, 30]), flute.paint([84, 60]))


def test_a_mix_reaches_as_far_as_any_of_its_instruments(timbres):
    assert make_instrument(timbres, "flute:0.9,horn:0.1").range == (36, 84)


@pytest.mark.parametrize(("share", "end"), [(0.0, 0), (1.0, 1)])
def test_between_begins_at_one_instrument_and_ends_at_the_other(timbres, share, end):
    ends = make_instrument(timbres, "flute", 1), make_instrument(timbres, "horn", 2)
    there = between(*ends, share)
    torch.testing.assert_close(there.shares, ends[end].shares)
    torch.testing.assert_close(there.latent, ends[end].latent)


def test_latents_between_are_as_long_as_their_ends(timbres):
    ends = make_instrument(timbres, "flute", 1), make_instrument(timbres, "horn", 2)
    half = between(*ends, 0.5)
    low, high = sorted(float(end.latent.norm()) for end in ends)
    assert 0.9 * low < half.latent.norm() < 1.1 * high
    assert half.shares.tolist() == [0.5, 0.5, 0]
    still = between(ends[0], ends[0], 0.5)
    torch.testing.assert_close(still.latent, ends[0].latent)


@pytest.mark.parametrize(
    ("mixes", "pitch"),
    [
        (("flute",), 60),
        (("low",), 30),
        (("low", "saw"), 32),  # of 24..36 and 28..96
        (("low", "flute"), 48),  # which share none
    ],
)
def test_instruments_are_heard_at_c4_or_where_they_are_at_home(mixes, pitch, tmp_path):
    ranges = {"flute": (60, 84), "low": (24, 36), "saw": (28, 96)}
    save_model(tmp_path, toy_timbre_generator(), SPEC.model_copy(update={"ranges": ranges}))
    timbres = load_timbres(tmp_path)
    assert usual_pitch([make_instrument(timbres, mix) for mix in mixes]) == pitch


def test_an_unknown_instrument_is_told_those_there_are(timbres):
    with pytest.raises(MuseganError, match=r"no instrument 'oboe': toy knows flute, horn, saw"):
        make_instrument(timbres, "oboe")


def test_a_model_of_phrases_is_told_from_one_of_timbres(tmp_path):
    save_model(tmp_path, build_generator(toy_spec()), toy_spec())
    with pytest.raises(MuseganError, match="a model of phrases, where one of timbres is needed"):
        load_timbres(tmp_path)
