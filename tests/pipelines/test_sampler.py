from pathlib import Path

import numpy as np
import pytest
import soundfile

from musegan.composing.timbres import load_timbres, make_instrument
from musegan.errors import MuseganError
from musegan.models.store import save_model
from pipelines.sampler import export_sfz, looped, spread
from tests.models.timbres.toys import HITS, SPEC, toy_hit_generator, toy_timbre_generator

RATE = 16_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("timbres")
    save_model(folder / "model", toy_timbre_generator(), SPEC)
    flute = make_instrument(load_timbres(folder / "model"), "flute")
    list(export_sfz(flute, "flute", folder / "out", every=12))
    return folder / "out"


def regions(folder: Path) -> list[dict[str, str]]:
    lines = (folder / "flute.sfz").read_text().splitlines()
    return [
        dict(word.split("=") for word in line.split()[1:])
        for line in lines
        if line.startswith("<region>")
    ]


def test_every_key_and_velocity_has_exactly_one_sample(folder):
    for key in range(60, 85):
        for velocity in range(1, 128):
            fitting = [
                each
                for each in regions(folder)
                if int(each["lokey"]) <= key <= int(each["hikey"])
                and int(each["lovel"]) <= velocity <= int(each["hivel"])
            ]
            assert len(fitting) == 1, (key, velocity)


def test_samples_lie_where_the_file_says_and_loops_lie_in_them(folder):
    for region in regions(folder):
        wave, rate = soundfile.read(folder / region["sample"])
        assert rate == RATE
        assert 0 < int(region["loop_start"]) < int(region["loop_end"]) < len(wave)
        assert 0.5 < np.abs(wave).max() < 0.71


@pytest.mark.parametrize("pitch", [45, 60, 83])
def test_a_loop_goes_on_as_if_nothing_were(pitch):
    time = np.arange(3 * RATE) / RATE
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    wave = (0.5 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)
    sample, (start, end) = looped(wave, RATE, pitch)
    assert end == len(sample) - 1
    played = np.concatenate([sample, sample[start : start + 200]])
    steepest = 0.5 * 2 * np.pi * hertz / RATE
    assert np.abs(np.diff(played[-400:])).max() < 1.2 * steepest


def test_keys_go_to_the_nearest_sample():
    assert spread([60, 63, 66], 60, 67) == [(60, 61), (62, 64), (65, 67)]
    assert spread([60], 60, 60) == [(60, 60)]


def test_a_step_that_is_none_is_told(folder):
    with pytest.raises(MuseganError, match="a sample every 0 semitones"):
        list(export_sfz(None, "x", folder, every=0))


@pytest.mark.parametrize("name", ["../x", "a/b", "a\\b"])
def test_a_name_that_leads_elsewhere_is_refused(folder, tmp_path, name):
    flute = make_instrument(load_timbres(folder.parent / "model"), "flute")
    with pytest.raises(MuseganError, match="a name of files, which cannot lie elsewhere"):
        list(export_sfz(flute, name, tmp_path / "out", every=24))
    assert list(tmp_path.iterdir()) == []


def test_hits_are_not_spread_over_keys(tmp_path):
    save_model(tmp_path / "model", toy_hit_generator(), HITS)
    kick = make_instrument(load_timbres(tmp_path / "model"), HITS.instruments[0])
    with pytest.raises(MuseganError, match="mine: hits have no pitch to spread over keys"):
        list(export_sfz(kick, "mine", tmp_path / "out", every=12))
    assert not (tmp_path / "out").exists()
