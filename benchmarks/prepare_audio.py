"""How fast recordings become a dataset, beside a straight loop over them with librosa.

    python benchmarks/prepare_audio.py FOLDER [--runs 3] [--workers 2]

Ours is the whole way: files are found, hashed, read, cut at the onset, resampled, levelled, told
apart and written; and then, in the second row, all their mel spectrograms with phases. The peer
loads, resamples and transforms. All take turns; the best turn counts.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import librosa
import torch

from musegan.audio.representations import make_representation
from musegan.data.sounds import load_sounds
from pipelines.audio_to_spectrograms import prepare
from pipelines.sound_files import SoundSettings
from pipelines.sound_sources import find_sounds

RATE = 16_000
WANTED = 3.0
BATCH = 64


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Elapsed seconds, and seconds of this process' processor time."""
    begin, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begin, time.process_time() - busy


def librosa_loop(files: list[Path]) -> None:
    """What a notebook does."""
    for file in files:
        wave, _ = librosa.load(file, sr=RATE)
        librosa.stft(wave, n_fft=1024, hop_length=256)


def ours(folder: Path, out: Path, workers: int) -> None:
    """A folder to a dataset."""
    sources = find_sounds(folder)
    pitched = any(source.pitch is not None for source in sources)
    prepare(sources, out, SoundSettings(pitched, RATE), workers=workers, overwrite=True)


def spectrograms(out: Path) -> None:
    """A dataset to spectrograms, batch by batch."""
    sounds = load_sounds(out)
    representation = make_representation("mel-if", rate=RATE)
    for at in range(0, len(sounds), BATCH):
        representation(torch.from_numpy(sounds.waves(slice(at, at + BATCH))))


def main() -> None:
    """Take turns and print files a second."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="a folder with recordings of notes")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    files = [source.path for source in find_sounds(chosen.folder)]
    librosa_loop(files[:2])  # what it compiles and loads at first is not counted
    taken: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "dataset"
        for _ in range(chosen.runs):
            turns: dict[str, Callable[[], object]] = {
                "librosa: load, resample, STFT": partial(librosa_loop, files),
                "musegan, 1 worker, to a dataset": partial(ours, chosen.folder, out, 1),
                f"musegan, {chosen.workers} workers, to a dataset": partial(
                    ours, chosen.folder, out, chosen.workers
                ),
                "its mel spectrograms with phases": partial(spectrograms, out),
            }
            for way, work in turns.items():
                taken.setdefault(way, []).append(seconds(work))
    best = {way: [min(each) for each in zip(*turns, strict=True)] for way, turns in taken.items()}
    peer_elapsed, peer_busy = next(iter(best.values()))
    print(f"| {len(files)} files | files/s | × librosa (wanted: {WANTED:.0f}) | × processor time |")
    print("|---" * 4 + "|")
    for way, (elapsed, busy) in best.items():
        ratios = f"{peer_elapsed / elapsed:.1f} | {peer_busy / busy:.1f}"
        print(f"| {way} | {len(files) / elapsed:,.0f} | {ratios} |")


if __name__ == "__main__":
    main()
