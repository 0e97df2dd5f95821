"""The blocks of docs/python.md run, one after another, and leave the files they speak of."""

import re
from pathlib import Path

import pytest

from musegan.composing.completion import Completion
from musegan.midi import read_midi

PAGE = Path(__file__).resolve().parents[2] / "docs" / "python.md"


def test_the_blocks_run_one_after_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    monkeypatch.chdir(tmp_path)
    found: dict[str, object] = {}
    for block in blocks:
        exec(block, found)
    assert len(blocks) >= 5
    assert {path.name for path in tmp_path.iterdir()} == {"riff.mid", "riff.png", "riff.flac"}
    completion = found["completion"]
    assert isinstance(completion, Completion)
    riff = {track.name: track.notes.rows() for track in read_midi(Path("riff.mid")).tracks}
    kept = {track.name: track.notes.rows() for track in completion.song.tracks}
    assert all(kept[name] == riff[name] for name in ("drums", "bass"))
    assert sum(completion.made.values()) > 0
    assert "(8, 6, 3, 192, 128)" in capsys.readouterr().out
