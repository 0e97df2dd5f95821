import numpy as np
import pytest
import torch

from musegan.errors import MuseganError
from musegan.models.store import load_model_folder, load_spec
from musegan.training import phrase_task
from musegan.training.run_folder import LESSONS, MODEL, with_lessons_given
from musegan.training.sampling import sample_phrases

from .corpus import CODING, brief, planned, toy_corpus, toy_recipe
from .test_checkpoint import same_checkpoint
from .test_loop import Diary, begin, distance


@pytest.fixture
def no_levels(monkeypatch):
    """Setting levels takes most of a brief training, and changes nothing that is asked for here."""
    monkeypatch.setattr(phrase_task, "calibrate", lambda *arguments, heard: None)


def test_a_planned_training_learns_the_music(tmp_path):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    data = toy_corpus(96)
    begin(tmp_path / "untrained", brief(), data)
    begin(tmp_path / "trained", planned(), data)
    before, after = (
        sample_phrases(load_model_folder(tmp_path / run / MODEL)[0], data.phrases, 128, seed=1)
        for run in ("untrained", "trained")
    )
    torch.set_num_threads(threads)
    assert distance(before, data.phrases) > 0.9
    assert distance(after, data.phrases) < 0.4
    per_phrase = len(data.phrases.track) / len(data)
    assert len(after.track) / len(after) == pytest.approx(per_phrase, rel=0.3)


@pytest.mark.parametrize("stop", [2, 4, 6])
def test_a_stopped_training_goes_on_to_the_same_bits(no_levels, tmp_path, stop):
    begin(tmp_path / "whole", brief())
    done = []

    def interrupt(step, scalars):
        done.append(step)
        if len(done) == stop:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin(tmp_path / "halves", brief(), progress=interrupt)
    assert (tmp_path / "halves" / LESSONS).exists()
    begin(tmp_path / "halves", brief(), resume=True)
    assert same_checkpoint(tmp_path)


def test_lessons_given_are_kept_when_the_contest_is_longer(no_levels, tmp_path):
    run = tmp_path / "run"
    with pytest.raises(MuseganError, match="no checkpoint to resume from"):
        with_lessons_given(brief(), run)
    begin(run, brief())
    longer = planned(coding=CODING | {"steps": 8, "save_every": 2}, batch=4, steps=6)
    with pytest.raises(MuseganError, match="was trained with another 'coding' in its recipe"):
        begin(run, longer, resume=True)
    begin(run, with_lessons_given(longer, run), resume=True)
    training = load_spec(run / MODEL).training
    assert training["steps"] == 6
    assert training["recipe"]["coding"]["steps"] == 4
    plain = toy_recipe()
    assert with_lessons_given(plain, run) == plain


def test_lessons_may_become_longer_while_they_go_on(no_levels, tmp_path):
    run, seen = tmp_path / "run", []

    def interrupt(step, scalars):
        if step == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin(run, brief(), progress=interrupt)
    longer = planned(coding=CODING | {"steps": 5, "save_every": 2}, batch=4, steps=4)
    assert with_lessons_given(longer, run) == longer
    begin(run, longer, resume=True, progress=lambda step, told: seen.append(step))
    assert seen == [3, 4, 5, 6, 7, 8, 9]


def test_the_coder_learns_nothing_from_the_contest(no_levels, tmp_path):
    begin(tmp_path / "short", brief())
    begin(tmp_path / "long", brief(generator_adam={"rate": 0.1}))
    one, other = (load_model_folder(tmp_path / run / MODEL)[0] for run in ("short", "long"))
    kept = other.coder.state_dict()
    for name, weight in one.coder.state_dict().items():
        assert torch.equal(weight, kept[name])
    assert not torch.equal(one.planner.seed.weight, other.planner.seed.weight)


def test_lessons_and_contest_are_both_told_of(no_levels, tmp_path):
    diary, seen = Diary(), []
    recipe = brief(log_every=2)
    begin(tmp_path / "run", recipe, monitor=diary, progress=lambda step, told: seen.append(step))
    assert seen == [1, 2, 3, 4, 5, 6, 7, 8]
    assert np.isfinite(diary.logged[4]["critic/loss"])
