import pytest

from musegan.errors import MuseganError
from pipelines.dataset_folder import claimed


def test_a_folder_is_made_with_those_above_it(tmp_path):
    with claimed(tmp_path / "a" / "b", overwrite=False):
        assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_others_have_written_is_left_alone(tmp_path, overwrite):
    for name in ("dataset.json", "shard-00000.parquet", "thesis.doc"):
        (tmp_path / name).write_text("precious")
    with (
        pytest.raises(MuseganError, match=r"holds something else \(thesis.doc\)"),
        claimed(tmp_path, overwrite),
    ):
        pass
    assert len(list(tmp_path.iterdir())) == 3
    with (
        pytest.raises(MuseganError, match="is a file; give a folder for the dataset"),
        claimed(tmp_path / "thesis.doc", overwrite),
    ):
        pass


def test_an_earlier_run_is_kept_but_for_what_it_had_not_finished(tmp_path):
    names = ("dataset.json", "skipped.csv", "shard-00000.parquet", "shard-00001.parquet.part")
    for name in names:
        (tmp_path / name).write_text("")
    with claimed(tmp_path, overwrite=False):
        assert {item.name for item in tmp_path.iterdir()} == set(names[:3])
        with (
            pytest.raises(MuseganError, match="another musegan writes there"),
            claimed(tmp_path, overwrite=True),
        ):
            pass
        assert {item.name for item in tmp_path.iterdir()} == set(names[:3])
    with claimed(tmp_path, overwrite=True):
        assert list(tmp_path.iterdir()) == []
