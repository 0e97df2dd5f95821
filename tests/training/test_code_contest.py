import numpy as np
import pytest
import torch

from musegan.models.store import load_model_folder
from musegan.training.run_folder import LESSONS, MODEL
from musegan.training.sampling import sample_phrases

from .corpus import brief, planned, toy_corpus
from .test_checkpoint import same_checkpoint
from .test_loop import Diary, begin, distance


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
def test_a_stopped_training_goes_on_to_the_same_bits(tmp_path, stop):
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


def test_the_coder_learns_nothing_from_the_contest(tmp_path):
    begin(tmp_path / "short", brief())
    begin(tmp_path / "long", brief(generator_adam={"rate": 0.1}))
    one, other = (load_model_folder(tmp_path / run / MODEL)[0] for run in ("short", "long"))
    # the decoder's last layer is set once more at the end
    kept = other.coder.encoder.state_dict()
    for name, weight in one.coder.encoder.state_dict().items():
        assert torch.equal(weight, kept[name])
    assert not torch.equal(one.planner.seed.weight, other.planner.seed.weight)


def test_lessons_and_contest_are_both_told_of(tmp_path):
    diary, seen = Diary(), []
    recipe = brief(log_every=2)
    begin(tmp_path / "run", recipe, monitor=diary, progress=lambda step, told: seen.append(step))
    assert seen == [1, 2, 3, 4, 5, 6, 7, 8]
    assert np.isfinite(diary.logged[4]["critic/loss"])
