import numpy as np
import pytest

from musegan.evaluation import harmony

from .hands import BASS, PIANO, events

# C major in the piano, the bass steps out of it once (C sharp)
SOME = (
    (PIANO, 0, 10, 60, 80),
    (PIANO, 2, 2, 72, 80),
    (PIANO, 2, 2, 64, 80),
    (PIANO, 9, 2, 65, 80),
    (PIANO, 17, 2, 71, 80),
    (BASS, 0, 2, 36, 80),
    (BASS, 4, 2, 38, 80),
    (BASS, 6, 2, 37, 80),
)


def test_pitch_classes_of_bars_that_sound():
    # piano: C E | C F | B;  bass: C D C# | - | -
    assert harmony.pitch_classes(events(*SOME))[0, 1:] == pytest.approx([3, (2 + 2 + 1) / 3])


def test_in_scale_uses_the_key_of_all_tracks():
    # all notes but C# lie in C major: 7 of 8; no other scale has as many
    assert harmony.in_scale(events(*SOME))[0, 1:] == pytest.approx([2 / 3, 1])


def test_in_scale_minor_is_the_relative_major():
    a_minor = [(PIANO, 2 * n, 1, pitch, 80) for n, pitch in enumerate((57, 59, 60, 62, 64, 65, 67))]
    assert harmony.in_scale(events(*a_minor))[0, PIANO] == 1
    harmonic = [*a_minor[:-1], (PIANO, 12, 1, 68, 80)]
    assert harmony.in_scale(events(*harmonic))[0, PIANO] == pytest.approx(6 / 7)


def test_in_scale_of_keys_that_fit_alike_is_their_mean_and_moves_with_transposition():
    # a tritone lies in two scales (here G and D flat), whole
    tritone = ((PIANO, 0, 1, 60, 80), (BASS, 0, 1, 42, 80))
    assert harmony.in_scale(events(*tritone))[0, 1:].tolist() == [1, 1]
    # C, C# and D: at best two of three. Five scales hold C and D, two C and C#, two C# and D
    cluster = ((PIANO, 0, 1, 60, 80), (PIANO, 0, 1, 61, 80), (BASS, 0, 1, 38, 80))
    expected = [(5 + 2) / 9, (5 * 1 + 2 * 2 + 2 * 1) / 9 / 2]
    assert harmony.in_scale(events(*cluster))[0, 1:] == pytest.approx(expected)
    for up in range(1, 12):
        moved = [
            (track, start, length, pitch + up, 80) for track, start, length, pitch, _ in cluster
        ]
        assert harmony.in_scale(events(*moved))[0, 1:] == pytest.approx(expected)


def by_formula(one: dict[int, float], other: dict[int, float]) -> float:
    """Harte et al. 2006, equation 3, written out."""

    def centroid(chroma: dict[int, float]) -> np.ndarray:
        total = sum(chroma.values())
        return sum(
            weight
            / total
            * np.array(
                [
                    np.sin(pc * 7 * np.pi / 6),
                    np.cos(pc * 7 * np.pi / 6),
                    np.sin(pc * 3 * np.pi / 2),
                    np.cos(pc * 3 * np.pi / 2),
                    0.5 * np.sin(pc * 2 * np.pi / 3),
                    0.5 * np.cos(pc * 2 * np.pi / 3),
                ]
            )
            for pc, weight in chroma.items()
        )

    return float(np.linalg.norm(centroid(one) - centroid(other)))


def test_tonal_distance_of_beats_where_both_sound():
    # beats of four steps. 0: piano C C C C, C C, E E (steps weigh), bass C C;
    # 1: piano C x 4, bass D D C# C#; 2: piano C C, F F, bass silent
    distance = harmony.tonal_distance(events(*SOME), [(BASS, PIANO)])
    first = by_formula({0: 2}, {0: 6, 4: 2})
    second = by_formula({2: 2, 1: 2}, {0: 4})
    assert distance == pytest.approx(np.array([[(first + second) / 2]]))


def test_tonal_distance_is_largest_for_a_tritone_and_nought_for_octaves():
    octave = ((PIANO, 0, 4, 60, 80), (BASS, 1, 3, 36, 10))
    tritone = ((PIANO, 0, 4, 60, 80), (BASS, 1, 3, 42, 10))
    assert harmony.tonal_distance(events(*octave), [(1, 2)])[0, 0] == pytest.approx(0, abs=1e-12)
    assert harmony.tonal_distance(events(*tritone), [(1, 2)])[0, 0] == pytest.approx(np.sqrt(8))


def test_tonal_distance_needs_both_in_a_beat():
    apart = events((PIANO, 0, 4, 60, 80), (BASS, 4, 4, 36, 80))
    assert np.isnan(harmony.tonal_distance(apart, [(1, 2)])).all()


def test_empty_tracks_do_not_apply():
    for metric in (harmony.pitch_classes, harmony.in_scale):
        assert np.isnan(metric(events())).all()
