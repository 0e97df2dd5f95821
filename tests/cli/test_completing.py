import json
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from musegan.cli import main
from musegan.cli.completing import Options, complete, for_each_seed
from musegan.composing.completion import Completion
from musegan.composing.inversion import invert
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
    return Options(tiny_model, None, None, 1.0, 1, 3, out, None, None, "cpu", False, False, True)


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


@pytest.mark.parametrize(
    "words",
    [
        ("accompany", "--keep", "drums,lead"),
        ("infill", "--bars", "1-2"),
        ("vary", "--amount", "1"),
        ("extend", "--bars", "6"),
    ],
)
def test_the_same_again_is_fine_and_something_else_replaces_nothing(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr("musegan.composing.study.invert", partial(invert, steps=2))
    monkeypatch.chdir(tmp_path)
    write_midi(little_song(1, bars=2), Path("song.mid"))
    verb, *wish = words
    formats = ("--out", "new", "--format", "mid,png", "--quiet")
    command = [verb, "song.mid", "--model", str(tiny_model), *wish, *formats]

    def run(*more: str) -> tuple[int, str, dict[str, bytes]]:
        result = CliRunner().invoke(main, [*command, *more])
        made = {path.name: path.read_bytes() for path in Path("new").iterdir()}
        return result.exit_code, result.stderr, made

    first = run()
    (midi,) = (name for name in first[2] if name.endswith(".mid"))
    assert first[:2] == (0, "")
    assert run() == first
    code, said, made = run("--seed", "1")
    assert (code, made) == (1, first[2])
    assert said == (
        f"musegan: new/{midi}: is there already and would change; write elsewhere, "
        "or replace it with --overwrite\n"
    )
    code, said, made = run("--seed", "1", "--overwrite")
    assert (code, said) == (0, "")
    assert made[midi] != first[2][midi]
