"""What is left of real notes that become spectrograms and sounds again, and how long it takes.

    python benchmarks/representations.py DATASET [--each 8]

DATASET is what `musegan prepare audio` wrote. The signal-to-noise ratio counts every wrong phase;
beside it the mean distance of levels, in dB, which is blind to phases, over all cells of a log-mel
spectrogram within 60 dB of full scale. log-mel with Griffin-Lim is the peer.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from musegan.audio.representations import Layout, Representation, make_representation
from musegan.audio.representations.stft import Stft
from musegan.data.sounds import SoundSet, load_sounds

WANTED = {"stft": 60.0, "stft-if": 25.0, "mel-if": 12.0}
PEER = "log-mel"
FLOOR = 100.0
HEARD = 60.0  # dB below full scale


def decibels(wave: Tensor, again: Tensor) -> Tensor:
    """(sounds,) signal-to-noise ratio."""
    noise = ((wave - again) ** 2).sum(-1)
    ratio: Tensor = 10 * torch.log10((wave**2).sum(-1) / noise.clamp(min=1e-30))
    return ratio


def level_distance(measure: Representation, wave: Tensor, again: Tensor) -> Tensor:
    """(sounds,) mean absolute difference of levels in dB where there is sound."""
    levels, others = measure(wave)[:, 0], measure(again)[:, 0]
    heard = levels > 1 - 2 * HEARD / FLOOR
    away: Tensor = (levels - others).abs() * heard * FLOOR / 2
    return away.sum((1, 2)).div(heard.sum((1, 2)))


def some_of_each(sounds: SoundSet, each: int) -> list[Tensor]:
    """A batch of up to `each` sounds of every instrument, spread over its pitches."""
    batches = []
    for instrument in range(len(sounds.instruments)):
        of_it = np.flatnonzero(sounds.instrument == instrument)
        order = of_it[np.argsort(sounds.pitch[of_it], kind="stable")]
        places = np.linspace(0, len(order) - 1, min(each, len(order))).round().astype(int)
        batches.append(torch.from_numpy(sounds.waves(order[places])))
    return batches


def ways(rate: int) -> dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]]:
    """There and back, by name."""
    stft = Stft(Layout(rate))
    mel_512 = make_representation("mel-if", rate=rate, bins=512)
    found = {"stft": (stft, stft.inverse), "mel-if, 512 bins": (mel_512, mel_512.inverse)}
    for name in ("stft-if", "mel-if", PEER):
        representation = make_representation(name, rate=rate)
        found[name] = (representation, representation.inverse)
    return {name: found[name] for name in ("stft", "stft-if", "mel-if, 512 bins", "mel-if", PEER)}


def main() -> None:
    """Print a table of instruments, then one of ways."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("dataset", type=Path, help="a dataset of sounds")
    parser.add_argument("--each", type=int, default=8, help="sounds of each instrument")
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    sounds = load_sounds(chosen.dataset)
    measure = make_representation(PEER, rate=sounds.rate, floor=FLOOR)
    names = list(all_ways := ways(sounds.rate))
    ratios: dict[str, list[Tensor]] = {name: [] for name in names}
    distances: dict[str, list[Tensor]] = {name: [] for name in names}
    seconds = {name: [0.0, 0.0] for name in names}
    for batch in some_of_each(sounds, chosen.each):
        for name, (there, back) in all_ways.items():
            begin = time.process_time()
            spectrograms = there(batch)
            between = time.process_time()
            again = back(spectrograms)[:, : batch.shape[1]]
            seconds[name][1] += time.process_time() - between
            seconds[name][0] += between - begin
            ratios[name].append(decibels(batch, again))
            distances[name].append(level_distance(measure, batch, again))
    print(f"| dB: least SNR (mean level distance) | {' | '.join(names)} |")
    print("|---" * (len(names) + 1) + "|")
    for index, instrument in enumerate(sounds.instruments):
        cells = (f"{ratios[n][index].min():.1f} ({distances[n][index].mean():.1f})" for n in names)
        print(f"| {instrument} | {' | '.join(cells)} |")
    played = sum(len(batch) for batch in ratios[PEER]) * sounds.samples.shape[1] / sounds.rate
    print("\n| way | least SNR | mean SNR | level distance | there, × real time | back |")
    print("|---" * 6 + "|")
    for name in names:
        ratio, distance = torch.cat(ratios[name]), torch.cat(distances[name])
        there, back = (played / taken for taken in seconds[name])
        wanted = f" (wanted: {WANTED[name]:.0f})" if name in WANTED else ""
        print(
            f"| {name} | {ratio.min():.1f}{wanted} | {ratio.mean():.1f} | {distance.mean():.2f} "
            f"| {there:,.0f} | {back:,.0f} |"
        )
    margin = [(a - b).min() for a, b in zip(ratios["mel-if"], ratios[PEER], strict=True)]
    print(f"\nmel-if is better than {PEER} by {min(margin):.1f} dB or more on every instrument")


if __name__ == "__main__":
    main()
