"""How pieces hold together: repeats, keys and the time they take.

    python benchmarks/pieces.py [--model FOLDER] [--count 16] [--bars 32] [--form AABA]

Prints how alike sections of equal and of other letters are (onsets in common, as a share of all),
in how many sections the key is the piece's, and processor seconds a piece on one thread.
"""

from __future__ import annotations

import argparse
import time
from itertools import combinations
from pathlib import Path

import numpy as np
import torch

from musegan.composing.choosing import Request
from musegan.composing.form import Form
from musegan.composing.model import load_model
from musegan.composing.songwriting import compose_pieces
from musegan.composing.windows import cut_out
from musegan.data.keys import home_keys
from musegan.pianoroll import Phrases


def onsets(section: Phrases) -> set[tuple[int, int, int]]:
    """(track, step, pitch) of each note."""
    columns = (section.track, section.start, section.pitch)
    return set(zip(*(column.tolist() for column in columns), strict=True))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path)
    parser.add_argument("--count", type=int, default=16)
    parser.add_argument("--bars", type=int, default=32)
    parser.add_argument("--form", default="AABA")
    wish = parser.parse_args()
    torch.set_num_threads(1)
    model = load_model(wish.model)
    spec, ensemble = model.spec, model.spec.ensemble
    form = Form.of(wish.form, wish.bars, spec.bars, spec.grid.steps_per_bar)
    begin = time.process_time()
    pieces = compose_pieces(model, Request(seed=1), form, 0, wish.count)
    took = (time.process_time() - begin) / wish.count
    equal: list[float] = []
    other: list[float] = []
    in_key: list[bool] = []
    for index in range(wish.count):
        piece = pieces.select([index])
        sections = [cut_out(piece, each.first, form.length) for each in form.sections]
        home = home_keys(piece, ensemble)[0]
        in_key += [home_keys(section, ensemble)[0] == home for section in sections]
        for a, b in combinations(range(len(sections)), 2):
            one, two = onsets(sections[a]), onsets(sections[b])
            alike = len(one & two) / max(len(one | two), 1)
            (equal if form.letters[a] == form.letters[b] else other).append(alike)
    print(
        "| sections alike, equal letters | other letters | ratio | in the piece's key | s a piece |"
    )
    print("|---:|---:|---:|---:|---:|")
    same, apart = float(np.mean(equal)), float(np.mean(other))
    print(f"| {same:.2f} | {apart:.2f} | {same / apart:.1f} | {np.mean(in_key):.2f} | {took:.1f} |")


if __name__ == "__main__":
    main()
