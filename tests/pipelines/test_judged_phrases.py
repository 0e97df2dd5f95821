from pathlib import Path

import pytest

from musegan.errors import MuseganError
from musegan.evaluation.material import load_yardstick
from musegan.instruments import to_multitrack
from musegan.midi import write_midi
from pipelines.judged_phrases import find_judged
from tests.evaluation.datasets import full_phrases, write_dataset
from tests.evaluation.hands import TRIO


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "songs")


def test_a_dataset_is_thinned_to_as_many_as_are_asked_for(songs: Path) -> None:
    material, left_out = find_judged(songs, load_yardstick(songs), 7, 0, "cpu")
    assert len(material) == 7
    assert left_out == []


def test_files_of_no_use_are_left_out_with_the_reason(songs: Path, tmp_path: Path) -> None:
    write_midi(to_multitrack(full_phrases(1, seed=3), 0, TRIO), tmp_path / "good.mid")
    (tmp_path / "text.mid").write_text("no music")
    material, ((name, reason),) = find_judged(tmp_path, load_yardstick(songs), 7, 0, "cpu")
    assert len(material) == 1
    assert name == str(tmp_path / "text.mid")
    assert reason.startswith("not a MIDI file")


def test_what_is_none_of_these_is_said(songs: Path, tmp_path: Path) -> None:
    with pytest.raises(MuseganError, match="neither a model, a dataset nor a folder of MIDI files"):
        find_judged(tmp_path, load_yardstick(songs), 7, 0, "cpu")
    with pytest.raises(MuseganError, match="no such folder"):
        find_judged(tmp_path / "nothing", load_yardstick(songs), 7, 0, "cpu")
