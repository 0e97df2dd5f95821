import json
from pathlib import Path

import pytest

from musegan.cli.completing import Options, complete, for_each_seed
from musegan.composing.completion import Completion
from musegan.composing.model import Model
from musegan.midi import write_midi
from musegan.song import Multitrack
from tests.conftest import little_song


def doubtful(model: Model, song: Multitrack, seed: int, **wish: object) -> Completion:
    """Leaves the song as it is; all seeds but the first make another remark."""
    return Completion(song, {}, ("in 4/4", "is short") if seed > 1 else ("in 4/4",))


@pytest.fixture
def options(tiny_model: Path, tmp_path: Path) -> Options:
    out = tmp_path / "new.mid"
    return Options(tiny_model, None, None, 1.0, 1, 3, out, None, None, "cpu", False, True)


def test_remarks_on_all_ways_are_told_and_on_some_with_their_names(
    options: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    song = tmp_path / "song.mid"
    write_midi(little_song(1, bars=4), song)
    complete(for_each_seed(doubtful), song, "doubted", {}, options)
    printed = capsys.readouterr()
    ways = json.loads(printed.out)["written"]
    assert [way["remarks"] for way in ways] == [["in 4/4"], *2 * [["in 4/4", "is short"]]]
    two, three = (tmp_path / f"new-{number}.mid" for number in (2, 3))
    assert printed.err.splitlines()[-2:] == ["in 4/4", f"{two}, {three}: is short"]
