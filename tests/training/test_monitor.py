import numpy as np
import pytest

from musegan.midi import read_midi
from musegan.training.monitor import PhraseMonitor
from tests.models.toys import DUO, toy_generator

from .corpus import toy_corpus


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    with PhraseMonitor(folder, toy_corpus(32), seed=1, phrases=24, pictures=3) as monitor:
        monitor.scalars(5, {"critic/loss": 0.5})
        monitor.scalars(10, {"critic/loss": 0.25})
        monitor.sample(10, toy_generator())
    return folder


@pytest.fixture(scope="module")
def events(run):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    accumulator = EventAccumulator(str(run / "logs"))
    accumulator.Reload()
    return accumulator


def test_scalars_land_in_tensorboard(events):
    assert [(e.step, e.value) for e in events.Scalars("critic/loss")] == [(5, 0.5), (10, 0.25)]


def test_samples_are_measured_beside_the_data(events):
    tags = set(events.Tags()["scalars"])
    assert {"difference/mean", "difference/density", "difference/empty_bars"} <= tags
    assert events.Scalars("difference/mean")[0].step == 10
    assert np.isfinite(events.Scalars("difference/mean")[0].value)


def test_samples_are_drawn(events):
    (picture,) = events.Images("phrases")
    assert picture.step == 10
    assert picture.width > 100


def test_samples_are_written_as_midi(run):
    files = sorted((run / "samples" / "step-0000010").iterdir())
    assert [file.name for file in files] == [f"phrase-0{number}.mid" for number in range(3)]
    names = {track.name for file in files for track in read_midi(file).tracks}
    assert names <= set(DUO.names)


def test_the_same_latents_are_sampled_each_time(tmp_path):
    data = toy_corpus(32)
    for run in ("one", "same"):
        with PhraseMonitor(tmp_path / run, data, seed=1, phrases=4, pictures=1) as monitor:
            monitor.sample(1, toy_generator())
    one, same = (
        (tmp_path / run / "samples" / "step-0000001" / "phrase-00.mid").read_bytes()
        for run in ("one", "same")
    )
    assert one == same


def test_samples_can_be_heard(events):
    assert events.Tags()["audio"] == ["phrase-00", "phrase-01"]
    for name in events.Tags()["audio"]:
        (sound,) = events.Audio(name)
        assert sound.sample_rate == 24_000
        assert sound.length_frames > 24_000
