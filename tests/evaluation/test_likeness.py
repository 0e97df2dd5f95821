import numpy as np
import pytest

from musegan.evaluation import likeness as module
from musegan.evaluation.likeness import Moves, likeness
from musegan.pianoroll import Phrases

from .hands import BASS, DRUMS, GRID, PIANO, TRIO, random_phrases, transposed


def all_of(ours: Phrases, theirs: Phrases) -> tuple[np.ndarray, np.ndarray]:
    parts = list(likeness(Moves.of(ours, TRIO), Moves.of(theirs, TRIO)))
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def test_likeness_by_hand():
    one = Phrases.of(
        [[(BASS, 0, 2, 40, 80), (BASS, 4, 2, 43, 80), (BASS, 8, 2, 40, 80), (DRUMS, 0, 1, 36, 9)]],
        GRID,
        3,
    )
    other = Phrases.of(
        [
            # a fourth up, the last note a semitone sharp: the first and the second move stand
            [(BASS, 0, 1, 45, 1), (BASS, 4, 3, 48, 2), (BASS, 8, 2, 46, 3), (DRUMS, 0, 1, 38, 9)],
            # an octave up, a bar later: nothing is at its step
            [(BASS, 8, 2, 52, 80), (BASS, 12, 2, 55, 80), (BASS, 16, 2, 52, 80)],
        ],
        GRID,
        3,
    )
    tracks, whole = all_of(one, other)
    assert tracks[0, BASS] == pytest.approx([2 / 4, 0])
    assert tracks[0, DRUMS] == pytest.approx([0, 0])  # drums are not transposed
    assert tracks[0, PIANO] == pytest.approx([1, 1])  # silence is like silence
    assert whole[0] == pytest.approx([2 / 6, 0])


def test_transposed_phrases_are_alike():
    phrases = random_phrases(40)
    tracks, whole = all_of(transposed(phrases, 7), phrases)
    assert (np.diagonal(whole) == 1).all()
    assert (np.einsum("iti->it", tracks) == 1).all()


def slow_moves(phrases: Phrases) -> list[list[set]]:
    found = []
    for rows in phrases.canonical().rows():
        lines: list[set] = [set(), set(), set()]
        last: dict[int, tuple[int, int]] = {}
        for track, start, _, pitch, _ in rows:
            if track == DRUMS:
                lines[track].add((start, pitch))
            elif track in last:
                before, from_pitch = last[track]
                lines[track].add((start, start - before, pitch - from_pitch))
            else:
                lines[track].add((start,))
            last[track] = start, pitch
        found.append(lines)
    return found


def test_likeness_agrees_with_sets(monkeypatch):
    monkeypatch.setattr(module, "CHUNK", 7)
    ours, theirs = random_phrases(20, seed=1), random_phrases(30, seed=2)
    tracks, whole = all_of(ours, theirs)
    for i, one in enumerate(slow_moves(ours)):
        for j, other in enumerate(slow_moves(theirs)):
            both = [len(a & b) for a, b in zip(one, other, strict=True)]
            either = [len(a | b) for a, b in zip(one, other, strict=True)]
            alike = [b / e if e else 1 for b, e in zip(both, either, strict=True)]
            assert tracks[i, :, j] == pytest.approx(alike)
            assert whole[i, j] == pytest.approx(sum(both) / sum(either) if any(either) else 1)
