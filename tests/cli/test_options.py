from pathlib import Path

import click
import pytest

from musegan.cli.options import OutFolder, OutPicture


def taken(kind: click.ParamType, path: Path) -> Path:
    return kind.convert(str(path), None, None)


def test_what_is_a_file_by_its_name_is_no_folder_to_write_to(tmp_path: Path) -> None:
    with pytest.raises(click.BadParameter, match=r"'take\.MID' is a file's .* such as 'take'$"):
        taken(OutFolder(), Path("take.MID"))
    (tmp_path / "take.mid").mkdir()
    for folder in (tmp_path / "take.mid", tmp_path / "take.2", tmp_path):
        assert taken(OutFolder(), folder) == folder


def test_what_is_no_png_by_its_name_is_no_picture_to_draw(tmp_path: Path) -> None:
    assert taken(OutPicture(), Path("song.PNG")) == Path("song.PNG")
    (tmp_path / "folder.png").mkdir()
    for wrong in (Path("song.jpg"), Path("song"), tmp_path / "folder.png"):
        with pytest.raises(click.BadParameter, match=r"is no picture's name; .* ends in \.png"):
            taken(OutPicture(), wrong)
