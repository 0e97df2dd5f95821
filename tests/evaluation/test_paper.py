import numpy as np
import pytest

from musegan.evaluation.harmony import tonal_centroids
from musegan.evaluation.paper import AAAI18, COLUMNS, paper_compat
from musegan.instruments import Ensemble, EnsembleTrack
from musegan.pianoroll import Grid, Phrases

BAND = Ensemble(
    "band",
    tuple(
        EnsembleTrack(name, 0, name == "drums", 0, 127)
        for name in ("drums", "bass", "guitar", "piano", "strings", "lead")
    ),
)
DRUMS, BASS, GUITAR, PIANO, STRINGS, LEAD = range(6)
FINE = Grid(4, 24)  # the paper's own


def row(*notes: tuple[int, int, int, int], grid: Grid = FINE, bars: int = 2) -> dict[str, float]:
    """The paper's row for one phrase of (track, start, duration, pitch) notes."""
    return paper_compat(Phrases.of([[(*note, 80) for note in notes]], grid, bars), BAND)


def test_empty_bars_in_percent():
    got = row((BASS, 0, 97, 40), (PIANO, 0, 96, 60), (LEAD, 0, 9, 60))
    assert [got[f"EB {letter}"] for letter in "BDGPS"] == [0, 100, 100, 50, 100]


def test_pitches_beyond_the_rolls_do_not_sound():
    got = row((BASS, 0, 9, 23), (GUITAR, 0, 9, 24), (PIANO, 0, 9, 107), (STRINGS, 0, 9, 108))
    assert [got[f"EB {letter}"] for letter in "BGPS"] == [100, 50, 50, 100]


def test_pitch_classes_are_seven_neighbouring_semitones():
    # 24..30 are one bin, 31 the next; an octave apart are two
    got = row((BASS, 0, 9, 24), (BASS, 9, 9, 30), (GUITAR, 0, 9, 30), (GUITAR, 99, 9, 31))
    assert got["UPC B"] == 1
    assert got["UPC G"] == 1  # in either bar
    assert row((PIANO, 0, 9, 48), (PIANO, 9, 9, 60))["UPC P"] == 2
    assert np.isnan(got["UPC P"])


def test_qualified_notes_are_unbroken_stretches_within_a_bar():
    # 1 and 3 steps, two struck one after the other that join: 2 of 3; over the bar line 1 + 4
    got = row(
        (BASS, 0, 1, 40), (BASS, 9, 3, 40), (BASS, 20, 1, 40), (BASS, 21, 1, 40), (BASS, 95, 5, 43)
    )
    assert got["QN B"] == pytest.approx(100 * (2 / 4 + 1) / 2)


def test_drum_pattern_is_shifted_to_fit_and_counts_neighbours_in_part():
    hits = [(DRUMS, step, 1, 36) for step in (1, 7, 13, 16, 17)]
    # shifted by one: three full, one nowhere, and the last joins the one before
    assert row(*hits)["DP D"] == pytest.approx(100 * 3 / 4)
    # another drum beside the pattern has three tenths
    assert row(*hits, (DRUMS, 14, 1, 38))["DP D"] == pytest.approx(100 * 3.3 / 5)


def test_tonal_distance_needs_all_beats_and_bins_by_neighbours():
    held = [(BASS, 0, 96, 24), (GUITAR, 0, 96, 31), (PIANO, 0, 72, 24), (STRINGS, 0, 96, 24)]
    got = row(*held)
    bins = tonal_centroids()
    assert got["TD B-G"] == pytest.approx(np.linalg.norm(bins[0] - bins[1]))
    assert got["TD B-S"] == 0
    assert np.isnan(got["TD B-P"])  # the piano is silent on the fourth beat


def test_coarser_grids_are_stretched():
    fine = row((BASS, 0, 2, 40), (DRUMS, 12, 2, 36), (GUITAR, 6, 4, 50))
    coarse = row((BASS, 0, 1, 40), (DRUMS, 6, 1, 36), (GUITAR, 3, 2, 50), grid=Grid(4, 12))
    assert fine == pytest.approx(coarse, nan_ok=True)


@pytest.mark.parametrize("grid", [Grid(3, 12), Grid(4, 12, 8), Grid(4, 10)])
def test_other_meters_and_grids_are_an_error(grid):
    with pytest.raises(ValueError, match="need 4/4"):
        row(grid=grid)


def test_many_phrases_are_one_mean():
    notes = [[(BASS, 0, 9, 40, 80)]] * 70 + [[]] * 70  # more than a chunk
    got = paper_compat(Phrases.of(notes, FINE, 2), BAND)
    assert got["EB B"] == pytest.approx(75)
    assert list(got) == list(COLUMNS)


def test_the_published_table():
    assert AAAI18["training data"]["EB P"] == 24.8
    assert AAAI18["hybrid"]["DP D"] == 71.3
    assert AAAI18["composer"]["TD S-P"] == 0.91
