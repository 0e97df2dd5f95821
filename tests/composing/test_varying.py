import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musegan.composing import varying
from musegan.composing.study import Study
from musegan.composing.varying import cells_to_vary, variations, vary
from musegan.errors import MuseganError
from musegan.song import Multitrack, Tempo, within
from tests.composing.toys import BAND, BAR, TICKS, apart, learn, onsets, quiet_model, songs, track

MODEL = quiet_model()
LINE = [(beat * TICKS + beat % 3, 50, 40 + beat % 5, 80) for beat in range(16)]
HITS = [(beat * TICKS, 20, 36 + beat % 2, 80) for beat in range(16)]
SONG = Multitrack(
    (track("drums", HITS), track("bass", LINE), track("kazoo", LINE)), TICKS, (Tempo(0, 90.0),)
)


@pytest.fixture(name="known", scope="module")
def learnt() -> Study:
    return learn(MODEL, SONG)


def test_nothing_varied_is_the_song_itself(known: Study) -> None:
    varied = vary(MODEL, known, amount=0, seed=5)
    assert varied.song == SONG
    assert varied.made == {}


def test_songs_are_the_further_the_more_is_varied(known: Study) -> None:
    amounts = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    far = np.array(
        [
            [apart(vary(MODEL, known, amount=a, seed=s).song, SONG) for a in amounts]
            for s in range(6)
        ]
    ).mean(axis=0)
    assert far[0] == 0
    assert (np.diff(far) > 0.02).all()
    assert far[-1] > 0.5


def test_a_song_varied_throughout_keeps_nothing_but_what_the_model_does_not_hear(
    known: Study,
) -> None:
    varied = vary(MODEL, known, amount=1, seed=1)
    assert varied.song.tracks[2] == SONG.tracks[2]
    assert varied.remarks == (
        "track 'kazoo' stays, but the model does not hear it (no place in a duo)",
    )
    assert set(varied.made) == {"drums", "bass"}
    # off the grid, as the song's own bass is, the model does not play
    bass = varied.song.tracks[1].notes
    assert not (onsets(varied.song) & {("bass", start, pitch) for start, _, pitch, _ in LINE[1::3]})
    assert len(bass) == varied.made["bass"]
    assert all(within(varied.song.tracks[n].notes.start, varied.remade[n]).all() for n in (0, 1))
    assert set(varied.remade) == {0, 1}


def test_seeds_give_other_variations_and_the_same_the_same(known: Study) -> None:
    one, same, other = (vary(MODEL, known, amount=0.5, seed=seed).song for seed in (1, 1, 2))
    assert one == same
    assert one != other


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 99))
def test_a_greater_amount_varies_the_same_cells_and_more(
    known: Study, one: float, other: float, seed: int
) -> None:
    less, more = (cells_to_vary(known, amount, seed) for amount in sorted((one, other)))
    assert (less <= more).all()
    assert less.sum() == round(min(one, other) * 8)


@settings(max_examples=20, deadline=None)
@given(songs(), st.floats(0, 1), st.integers(0, 9))
def test_what_is_not_varied_stays_note_for_note(song: Multitrack, amount: float, seed: int) -> None:
    try:
        known = learn(MODEL, song)
    except MuseganError as problem:  # the notes may tell of other beats than the map's
        if "meter" not in str(problem) and "4/4" not in str(problem):
            raise
        return
    cells = cells_to_vary(known, amount, seed)
    varied = vary(MODEL, known, amount=amount, seed=seed).song
    borders = known.where.borders(MODEL.spec.grid)
    for number, part in enumerate(known.asked.parts):
        old, new = song.tracks[number].notes, varied.tracks[number].notes
        bar = np.maximum(np.searchsorted(borders, old.start, side="right") - 1, 0)
        stays = np.ones(len(old), bool)
        if isinstance(part, int):
            inside = bar < known.where.bars
            stays[inside] = ~cells[part, bar[inside]]
        assert set(old[stays].rows()) <= set(new.rows())


def test_tracks_not_asked_for_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(varying, "study", learn)
    make = variations(MODEL, SONG, amount=1.0, tracks=["drums"], ensemble=BAND)
    varied = make(3)
    assert varied.song.tracks[1:] == SONG.tracks[1:]
    assert set(varied.made) == {"drums"}
    assert make(3) == varied
    assert make(4) != varied


def test_new_notes_are_where_the_song_plays() -> None:
    half = Multitrack((track("drums", HITS), track("bass", LINE[:4])), TICKS)
    known = learn(MODEL, half)
    ways = [vary(MODEL, known, amount=1, seed=seed).song.tracks[1].notes for seed in range(8)]
    starts = np.concatenate([bass.start for bass in ways])
    assert len(starts)
    assert starts.max() < BAR
