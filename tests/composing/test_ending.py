import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.composing.ending import come_home
from musegan.instruments import Ensemble, EnsembleTrack
from musegan.pianoroll import Grid, Phrases

BAND = Ensemble(
    "band",
    (
        EnsembleTrack("drums", 0, True, 35, 81),
        EnsembleTrack("bass", 33, False, 24, 67),
        EnsembleTrack("piano", 0, False, 24, 107),
        EnsembleTrack("lead", 80, False, 36, 107),
    ),
)
DRUMS, BASS, PIANO, LEAD = range(4)
GRID = Grid(4, 3)
BAR = GRID.steps_per_bar


def ended(*rows: tuple[int, int, int, int, int], tonic: int = 7, minor: bool = False) -> Phrases:
    return come_home(Phrases.of([list(rows)], GRID, 3).canonical(), tonic, minor, BAND)


def last_bar(piece: Phrases) -> list[tuple[int, int, int, int, int]]:
    return [row for row in piece.rows()[0] if row[1] >= 2 * BAR]


def test_the_last_bar_is_the_tonic_chord_held_to_the_end() -> None:
    piece = ended(
        (DRUMS, BAR, 1, 36, 90),
        (BASS, BAR, 3, 45, 70),
        (PIANO, BAR + 3, 3, 60, 50),
        (PIANO, BAR + 3, 3, 64, 60),
        (PIANO, BAR + 3, 3, 65, 70),
        (LEAD, 2 * BAR + 5, 2, 77, 100),
    )
    assert last_bar(piece) == [
        (DRUMS, 2 * BAR, 1, 36, 90),
        (DRUMS, 2 * BAR, 1, 49, 90),
        (BASS, 2 * BAR, BAR, 43, 70),
        (PIANO, 2 * BAR, BAR, 59, 60),
        (PIANO, 2 * BAR, BAR, 62, 60),
        (PIANO, 2 * BAR, BAR, 67, 60),
        (LEAD, 2 * BAR, BAR, 79, 100),
    ]
    assert [row for row in piece.rows()[0] if row[1] < 2 * BAR] == [
        (DRUMS, BAR, 1, 36, 90),
        (BASS, BAR, 3, 45, 70),
        (PIANO, BAR + 3, 3, 60, 50),
        (PIANO, BAR + 3, 3, 64, 60),
        (PIANO, BAR + 3, 3, 65, 70),
    ]


def test_a_minor_piece_ends_in_minor() -> None:
    chord = [(PIANO, BAR, 3, pitch, 80) for pitch in (60, 64, 65)]
    piece = ended((BASS, BAR, 3, 40, 80), *chord, tonic=9, minor=True)
    assert {row[3] % 12 for row in last_bar(piece) if row[0] == PIANO} == {9, 0, 4}


def test_notes_held_into_the_last_bar_end_before_it() -> None:
    piece = ended((BASS, BAR + 6, 20, 45, 70))
    assert piece.rows() == [[(BASS, BAR + 6, BAR - 6, 45, 70), (BASS, 2 * BAR, BAR, 43, 70)]]


def test_tracks_that_have_long_been_silent_stay_so() -> None:
    piece = ended((LEAD, 0, 3, 72, 80), (BASS, BAR, 3, 43, 80))
    assert {row[0] for row in last_bar(piece)} == {BASS}


def test_nothing_sounds_below_the_root() -> None:
    piece = ended((BASS, BAR, 3, 50, 80), *[(PIANO, BAR, 3, pitch, 80) for pitch in (52, 50, 53)])
    pitches = [row[3] for row in last_bar(piece)]
    assert min(pitches) == 55 == pitches[0]


def test_a_track_without_the_root_leaves_it_to_the_next() -> None:
    """The bass has E, F and F sharp alone, the other low one C sharp and D: none of the chord."""
    low = EnsembleTrack("low", 32, False, 25, 26)
    bass = EnsembleTrack("bass", 33, False, 28, 30)
    rows = [(0, BAR, 3, 26, 50), (1, BAR, 3, 29, 60), (2, BAR, 3, 59, 70), (3, BAR, 3, 71, 80)]
    piece = Phrases.of([rows], GRID, 3).canonical()
    ended_ = come_home(piece, 0, False, Ensemble("few", (low, bass, *BAND.tracks[2:])))
    assert last_bar(ended_) == [
        (1, 2 * BAR, BAR, 28, 60),
        (2, 2 * BAR, BAR, 60, 70),
        (3, 2 * BAR, BAR, 72, 80),
    ]


def test_silence_ends_in_silence() -> None:
    assert ended().rows() == [[]]


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3 * BAR - 1), st.integers(1, 20),
                  st.integers(36, 67), st.integers(1, 127)),
        max_size=20,
    ),
    st.integers(0, 11),
    st.booleans(),
)  # fmt: skip
def test_every_piece_comes_home(
    rows: list[tuple[int, int, int, int, int]], tonic: int, minor: bool
) -> None:
    piece = ended(*rows, tonic=tonic, minor=minor)
    triad = {tonic, (tonic + (3 if minor else 4)) % 12, (tonic + 7) % 12}
    last = last_bar(piece)
    assert all(row[1] == 2 * BAR for row in last)
    assert {row[3] % 12 for row in last if row[0] != DRUMS} <= triad
    pitched = [row for row in last if row[0] != DRUMS]
    if pitched:
        assert tonic in {row[3] % 12 for row in pitched}
    assert np.array_equal(piece.canonical().pitch, piece.pitch)
    for row in pitched:
        track = BAND.tracks[row[0]]
        assert track.low <= row[3] <= track.high


@pytest.mark.parametrize("kick", [35, 36])
def test_the_kick_is_the_one_the_piece_has(kick: int) -> None:
    assert last_bar(ended((DRUMS, BAR, 1, kick, 90)))[0][3] == kick
