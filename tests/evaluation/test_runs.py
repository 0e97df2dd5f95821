from itertools import pairwise

import numpy as np
import pytest

from musegan.evaluation.runs import longest_runs
from musegan.pianoroll import Phrases

from .hands import BASS, DRUMS, GRID, PIANO, TRIO, phrase, random_phrases, transposed

TUNE = [(0, 60), (2, 62), (3, 64), (6, 60), (8, 67), (10, 65), (11, 60)]


def played(track: int, notes: list[tuple[int, int]], later: int = 0, up: int = 0) -> list[tuple]:
    return [(track, start + later, 1, pitch + up, 80) for start, pitch in notes]


def test_a_run_is_found_elsewhere_in_another_key_and_track():
    made = phrase(*played(PIANO, [(0, 50), (1, 51)]), *played(PIANO, TUNE[1:6], later=1, up=5))
    known = phrase(*played(BASS, TUNE, later=8, up=-24))
    # 62 64 60 67 65: five notes; what comes before differs
    assert longest_runs(made, known, TRIO).tolist() == [[0, 0, 5]]


def test_rhythm_and_interval_must_both_agree():
    rhythm = phrase(*played(PIANO, [(start, 60) for start, _ in TUNE]))
    melody = phrase(*played(PIANO, [(2 * n, pitch) for n, (_, pitch) in enumerate(TUNE)]))
    known = phrase(*played(PIANO, TUNE))
    assert longest_runs(rhythm, known, TRIO)[0, PIANO] == 1
    # the tune waits two steps from 60 to 67 and from there to 65: three notes
    assert longest_runs(melody, known, TRIO)[0, PIANO] == 3


def test_drums_are_not_transposed_nor_searched_in_pitched_tracks():
    made = phrase(*played(DRUMS, TUNE[:4], up=-20))
    assert longest_runs(made, phrase(*played(DRUMS, TUNE, up=-20)), TRIO)[0, DRUMS] == 4
    assert longest_runs(made, phrase(*played(DRUMS, TUNE, up=-18)), TRIO)[0, DRUMS] == 1
    assert longest_runs(made, phrase(*played(PIANO, TUNE, up=-20)), TRIO)[0, DRUMS] == 1


def test_runs_do_not_cross_tracks_or_phrases():
    first, second = TUNE[:3], TUNE[3:]
    known = Phrases.of([played(PIANO, first), played(PIANO, second)], GRID, 3)
    made = phrase(*played(PIANO, TUNE))
    assert longest_runs(made, known, TRIO)[0, PIANO] == 4
    parted = phrase(*played(BASS, first), *played(PIANO, second))
    assert longest_runs(made, parted, TRIO)[0, PIANO] == 4


def test_nothing_known_or_nothing_played():
    nothing = phrase()
    assert longest_runs(nothing, phrase(*played(BASS, TUNE)), TRIO).tolist() == [[0, 0, 0]]
    assert longest_runs(phrase(*played(BASS, TUNE)), nothing, TRIO).tolist() == [[0, 1, 0]]
    assert longest_runs(nothing, nothing, TRIO).tolist() == [[0, 0, 0]]


def slow_lines(phrases: Phrases) -> list[list[list[tuple[int, int]]]]:
    found = []
    for rows in phrases.canonical().rows():
        lines: list[list[tuple[int, int]]] = [[], [], []]
        for track, start, _, pitch, _ in rows:
            lines[track].append((start, pitch))
        found.append(lines)
    return found


def slow_run(line: list[tuple[int, int]], others: list[list[tuple[int, int]]], drums: bool) -> int:
    def moves(notes: list[tuple[int, int]]) -> list[tuple[int, ...]]:
        pairs = pairwise(notes)
        return [(s2 - s1, p1, p2) if drums else (s2 - s1, p2 - p1) for (s1, p1), (s2, p2) in pairs]

    ours = moves(line)
    grams = {
        tuple(theirs[a:b])
        for theirs in map(moves, others)
        for a in range(len(theirs))
        for b in range(a + 1, len(theirs) + 1)
    }
    lengths = [
        b - a
        for a in range(len(ours))
        for b in range(a, len(ours) + 1)
        if tuple(ours[a:b]) in grams
    ]
    return max(lengths, default=0) + 1 if line else 0


@pytest.mark.parametrize("seed", [1, 2])
def test_runs_agree_with_all_substrings(seed):
    draw = np.random.default_rng(seed)

    def coarse(count: int) -> Phrases:  # few pitches and steps, so that runs come about
        rows = [
            [
                (int(t), int(s), 1, 40 + int(p), 80)
                for t, s, p in zip(
                    draw.integers(0, 3, 18),
                    draw.integers(0, 12, 18) * 2,
                    draw.integers(0, 3, 18),
                    strict=True,
                )
            ]
            for _ in range(count)
        ]
        return Phrases.of(rows, GRID, 3)

    made, known = coarse(12), coarse(25)
    got = longest_runs(made, known, TRIO)
    others = slow_lines(known)
    drums = [lines[DRUMS] for lines in others]
    pitched = [lines[track] for lines in others for track in (BASS, PIANO)]
    expected = [
        [slow_run(lines[DRUMS], drums, True)]
        + [slow_run(lines[track], pitched, False) for track in (BASS, PIANO)]
        for lines in slow_lines(made)
    ]
    assert got.tolist() == expected
    assert got.max() > 3


def test_a_transposed_training_phrase_is_one_long_run():
    known = random_phrases(30)
    whole = np.array([[len(line) for line in lines] for lines in slow_lines(known)])
    assert (longest_runs(transposed(known, -3), known, TRIO) == whole).all()
