"""How soon `musegan generate` sounds, and how many phrases a second it writes as MIDI.

The cold start is measured beside a bare `import torch`; the batch, networks and all, beside
pretty_midi doing nothing but writing the same phrases.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from musegan.composing.model import load_model
from musegan.midi import read_midi, to_pretty_midi
from pipelines.generate_batch import generate_batch
from pipelines.model_batch import Wish, plan_batch
from pipelines.writers import choose_writers

COLD_LIMIT = 8.0  # seconds
LEAST_RATE = 100.0  # phrases a second


def seconds(command: Sequence[str | Path]) -> float:
    """Wall time of one run of a command that must succeed."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


def measure_cold(model: Path | None, runs: int) -> None:
    """Eight phrases as MIDI, WAV and PNG, from a process that begins with nothing."""
    musegan = Path(sys.executable).with_name("musegan")
    bare, cold = [], []
    for _ in range(runs):
        bare.append(seconds([sys.executable, "-c", "import torch"]))
        with tempfile.TemporaryDirectory() as out:
            options = ["--count", "8", "--format", "mid,wav,png", "--out", out]
            cold.append(seconds([musegan, "generate", *([model] if model else []), *options]))
    peer, ours = sorted(bare)[runs // 2], sorted(cold)[runs // 2]
    print(f"{'import torch':44} {peer:6.2f} s")
    print(
        f"{'musegan generate --count 8, mid,wav,png':44} {ours:6.2f} s   x {ours / peer:5.2f}   "
        f"limit {COLD_LIMIT:g} s"
    )


def measure_batch(model: Path | None, count: int) -> None:
    """Many phrases as MIDI, from a loaded model to the finished manifest."""
    player = load_model(model)
    torch.set_num_threads(1)
    cores = os.cpu_count() or 1
    compose, settings = plan_batch(player, Wish(), threads=cores)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        begin = time.perf_counter()
        outcome = generate_batch(
            compose,
            player.spec.ensemble,
            settings,
            count,
            out,
            choose_writers(["mid"]),
            workers=cores,
        )
        ours = time.perf_counter() - begin
        record = json.loads(outcome.manifest.read_text(encoding="utf-8"))
        files = [out / name for phrase in record["phrases"] for name in phrase["files"]]
        songs = [to_pretty_midi(read_midi(file)) for file in files]
        begin = time.perf_counter()
        for song in songs:
            song.write(str(out / "peer.mid"))
        peer = time.perf_counter() - begin
    rate, peer_rate = count / ours, len(songs) / peer
    print(f"{'pretty_midi, writing alone':44} {peer_rate:6.0f} phrases/s")
    print(
        f"{f'generate_batch, {count} phrases as MIDI':44} {rate:6.0f} phrases/s   "
        f"x {rate / peer_rate:5.2f}   at least {LEAST_RATE:g}"
    )


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", type=Path, help="a model folder; else the shipped one")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--count", type=int, default=2000)
    options = parser.parse_args()
    measure_cold(options.model, options.runs)
    measure_batch(options.model, options.count)


if __name__ == "__main__":
    main()
