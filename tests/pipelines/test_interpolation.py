from pathlib import Path

import pytest

from musegan.errors import MuseganError
from pipelines.interpolation import plan_steps


def test_steps_are_numbered_in_the_order_of_names(tmp_path: Path) -> None:
    planned = plan_steps(tmp_path / "way", ("png", "mid"), 10)
    names = [[path.name for path in paths] for paths in planned]
    assert names[0] == ["step-01.mid", "step-01.png"]
    assert names[9] == ["step-10.mid", "step-10.png"]
    assert names == sorted(names)


@pytest.mark.parametrize(("formats", "said"), [((), "no format to write"), (("x",), "'x'")])
def test_formats_nobody_knows_are_errors(tmp_path: Path, formats: tuple[str], said: str) -> None:
    with pytest.raises(MuseganError, match=said):
        plan_steps(tmp_path, formats, 3)


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "way").write_text("mine")
    with pytest.raises(MuseganError, match="is a file; name a folder"):
        plan_steps(tmp_path / "way", ("mid",), 3)
