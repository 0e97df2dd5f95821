import pytest

from musegan.errors import MuseganError
from musegan.training.run_folder import CHECKPOINT, check_free


def test_a_training_begins_in_a_folder_that_is_absent_or_holds_nothing_of_ours(tmp_path):
    check_free(tmp_path / "absent")
    (tmp_path / "notes.txt").write_text("what I want to try")
    check_free(tmp_path)


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (CHECKPOINT, "a training is there already; add --resume or choose another folder"),
        ("dataset.json", "a dataset is there; choose another folder for the run"),
        ("shard-00000.parquet", "a dataset is there; choose another folder for the run"),
    ],
)
def test_no_training_begins_where_another_or_a_dataset_is(tmp_path, there, words):
    (tmp_path / there).write_text("")
    with pytest.raises(MuseganError) as error:
        check_free(tmp_path)
    assert str(error.value) == f"{tmp_path}: {words}"


def test_no_training_begins_in_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(MuseganError, match="file: is a file; give a folder for the run"):
        check_free(tmp_path / "file")
