import subprocess
import sys
import textwrap

import numpy as np
import pytest

from musegan.errors import MuseganError
from musegan.training.boards import TensorBoard, WeightsAndBiases

OFFLINE = """
    import sys
    from pathlib import Path
    import numpy as np
    from musegan.training.boards import WeightsAndBiases

    board = WeightsAndBiases(Path(sys.argv[1]), "mine", {"batch": 77, "loss": "hinge"})
    for step in (5, 10, 5):
        board.scalars(step, {"critic/gradient": step / 10})
    board.picture(10, "phrases", np.zeros((8, 9, 3), np.uint8))
    board.sound(10, "phrase-00", np.zeros((2400, 2), np.float32), 24_000)
    board.note(10, "divergence", "went back")
    board.close()
"""


def test_weights_and_biases_keeps_all_in_the_folder_when_offline(tmp_path):
    pytest.importorskip("wandb")
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(OFFLINE), str(tmp_path / "run")],
        env={"WANDB_MODE": "offline", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    (run,) = (tmp_path / "run" / "wandb").glob("offline-run-*")
    (log,) = run.glob("*.wandb")
    kept = log.read_bytes()
    for word in (b"critic/gradient", b"hinge", b"divergence", b"went back"):
        assert word in kept
    media = sorted(file.suffix for file in (run / "files" / "media").rglob("*.*"))
    assert media == [".png", ".wav"]


def test_without_wandb_the_way_to_it_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "wandb", None)
    with pytest.raises(MuseganError, match=r"pip install 'musegan\[wandb\]'"):
        WeightsAndBiases(tmp_path, "mine", {})


def test_tensorboard_shows_sounds_and_words(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    board = TensorBoard(tmp_path)
    board.sound(3, "phrase-00", np.full((240, 2), 0.5, np.float32), 24_000)
    board.note(0, "recipe", "batch: 16\nloss: hinge")
    board.close()
    events = EventAccumulator(str(tmp_path))
    events.Reload()
    (sound,) = events.Audio("phrase-00")
    assert (sound.step, sound.sample_rate, sound.length_frames) == (3, 24_000, 240)
    (words,) = events.Tensors("recipe/text_summary")
    assert b"batch: 16\nloss: hinge" in words.tensor_proto.string_val[0]
