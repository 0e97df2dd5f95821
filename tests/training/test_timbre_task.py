from dataclasses import replace

import numpy as np
import pytest
import torch

from musegan.errors import MuseganError
from musegan.models.store import TIMBRES, load_folder
from musegan.training.kinds import make_task
from musegan.training.loop import train
from musegan.training.run_folder import CHECKPOINT, MODEL
from musegan.training.timbre_monitor import TimbreMonitor
from musegan.training.timbre_task import pitch_ranges

from .sounds import PITCHES, toy_sounds, toy_timbre_recipe

CPU = torch.device("cpu")


class Silent:
    def scalars(self, step, values):
        pass

    def sample(self, step, generator):
        pass


def trained(run, steps=4, resume=False):
    recipe = toy_timbre_recipe(steps=4).model_copy(update={"steps": steps})
    train(toy_sounds(), recipe, run, seed=1, device=CPU, monitor=Silent(), resume=resume)
    return load_folder(run / MODEL, TIMBRES)


def test_a_model_of_timbres_is_trained_from_sounds(tmp_path):
    generator, spec = trained(tmp_path / "run")
    assert spec.ranges == dict.fromkeys(("hollow", "full"), (60, 72))
    assert spec.training["steps"] == 4
    assert all(torch.isfinite(weight).all() for weight in generator.parameters())


def test_a_resumed_training_of_timbres_is_one_that_was_never_stopped(tmp_path):
    class Stops(Silent):
        def scalars(self, step, values):
            raise KeyboardInterrupt

    recipe = toy_timbre_recipe()
    with pytest.raises(KeyboardInterrupt):
        train(toy_sounds(), recipe, tmp_path / "a", seed=1, device=CPU, monitor=Stops())
    resumed, _ = trained(tmp_path / "a", resume=True)
    whole, _ = trained(tmp_path / "b")
    for one, other in zip(resumed.parameters(), whole.parameters(), strict=True):
        assert torch.equal(one, other)
    assert (tmp_path / "a" / CHECKPOINT).is_file()


def test_sounds_without_pitches_are_learnt_as_hits(tmp_path):
    data = replace(toy_sounds(), pitch=np.full(2 * len(PITCHES), -1))
    task = make_task(data, toy_timbre_recipe(), "toy", 0, CPU)
    assert not task.spec.pitched
    assert task.spec.ranges == {"hollow": (60, 60), "full": (60, 60)}
    assert task.feeder(task.build()[0]).batch(0).pitch.unique().tolist() == [60]
    with TimbreMonitor(tmp_path, pitch_ranges(data), seed=0) as monitor:
        train(data, toy_timbre_recipe(steps=2), tmp_path, seed=1, device=CPU, monitor=monitor)
    assert (tmp_path / "model" / "model.safetensors").is_file()


def test_sounds_of_which_some_have_pitches_are_told():
    pitch = np.where(np.arange(2 * len(PITCHES)) == 3, -1, 60)
    with pytest.raises(MuseganError, match="some of these sounds have no pitches"):
        make_task(replace(toy_sounds(), pitch=pitch), toy_timbre_recipe(), "toy", 0, CPU)


def test_an_instrument_without_notes_is_told():
    data = replace(toy_sounds(), instruments=("hollow", "full", "oboe"))
    with pytest.raises(MuseganError, match="no note of 'oboe' to learn from"):
        pitch_ranges(data)


def test_notes_are_drawn_and_written_while_a_training_goes_on(tmp_path):
    with TimbreMonitor(tmp_path, pitch_ranges(toy_sounds()), seed=0) as monitor:
        recipe = toy_timbre_recipe(steps=4)
        train(toy_sounds(), recipe, tmp_path, seed=1, device=CPU, monitor=monitor)
    names = {path.name for path in (tmp_path / "samples" / "step-0000004").iterdir()}
    assert names == {"hollow.wav", "full.wav"}
    assert list((tmp_path / "logs").iterdir())
