from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musegan.composing.completion import Completion
from musegan.composing.extending import extend
from musegan.errors import MuseganError
from musegan.song import Key, Meter, Multitrack, Tempo
from tests.composing.toys import BAND, BAR, TICKS, bar_of, quiet_model, songs, track

MODEL = quiet_model(common_key=True)
TUNE = [(b * TICKS + 5, 50, 38 + (0, 4, 7, 5, 2, 4, 7, 0)[b % 8], 80) for b in range(8)]
HITS = [(b * TICKS, 20, 36, 80) for b in range(8)]
SONG = Multitrack(
    (track("drums", HITS), track("bass", TUNE), track("kazoo", TUNE)), TICKS, (Tempo(0, 90.0),)
)


def extended(song: Multitrack, bars: int, **wish: object) -> Completion:
    return extend(MODEL, song, bars=bars, ensemble=BAND, **wish)  # type: ignore[arg-type]  # a wish is any keyword


@pytest.mark.parametrize(("bars", "form"), [(3, None), (8, "AABA"), (6, "AB"), (7, None)])
def test_a_song_goes_on_to_the_bars_asked_for(bars: int, form: str | None) -> None:
    made = extended(SONG, bars, form=form)
    assert made.song.end == bars * BAR
    assert made.song.tempos == SONG.tempos
    for old, new in zip(SONG.tracks, made.song.tracks, strict=True):
        assert new.notes.rows()[: len(old.notes)] == old.notes.rows()
    assert made.song.tracks[2] == SONG.tracks[2]
    assert made.remade == dict.fromkeys((0, 1), ((2 * BAR, bars * BAR),))
    assert made.remarks == (
        "track 'kazoo' stays, but the model does not hear it (no place in a duo)",
    )
    assert set(made.made) == {"drums", "bass"}


def test_after_slow_last_beats_the_song_s_tempo_comes_back() -> None:
    slowed = replace(
        SONG, tempos=(Tempo(0, 90.0), Tempo(2 * BAR - 9, 45.0), Tempo(2 * BAR + 9, 9.0))
    )
    made = extended(slowed, 4)
    assert made.song.tempos == (*slowed.tempos[:2], Tempo(2 * BAR, 90.0))
    assert made.remarks[0] == "the song ends at 45 bpm; it goes on at its usual 90 bpm"


def test_a_last_bar_that_stops_early_is_finished() -> None:
    tune = track("bass", [row for row in TUNE if row[0] < 6 * TICKS])
    hits = track("drums", [row for row in HITS if row[0] < 6 * TICKS])
    stopped = replace(SONG, tracks=(hits, tune), tempos=(Tempo(0, 90.0), Tempo(5 * TICKS, 50.0)))
    made = extended(stopped, 4, form="AA")
    new = [made.song.tracks[n].notes.rows()[6:] for n in (0, 1)]
    assert [made.song.tracks[n].notes.rows()[:6] for n in (0, 1)] == [HITS[:6], TUNE[:6]]
    assert any(6 * TICKS <= row[0] < 2 * BAR for rows in new for row in rows)
    assert made.remade == dict.fromkeys((0, 1), ((6 * TICKS, 4 * BAR),))
    assert made.song.tempos[-1] == Tempo(6 * TICKS, 90.0)


@pytest.mark.parametrize("rings", [5, TICKS - 1])
def test_a_last_note_that_rings_past_the_bar_line_leaves_no_bar_empty(rings: int) -> None:
    tune = track("bass", [*TUNE[:-1], (7 * TICKS, TICKS + rings, 38, 80)])
    made = extended(replace(SONG, tracks=(track("drums", HITS), tune)), 4)
    onsets = [n.notes.start for n in made.song.tracks]
    assert all(((start >= 2 * BAR) & (start < 3 * BAR)).any() for start in onsets)


def test_a_pick_up_is_no_bar_and_that_is_told() -> None:
    tune, hits = ([(s + TICKS, d, p, v) for s, d, p, v in rows] for rows in (TUNE, HITS))
    song = replace(
        SONG,
        tracks=(track("drums", hits), track("bass", [(0, 50, 43, 80), *tune])),
        meters=(Meter(0, 1, 4), Meter(TICKS, 4, 4)),
    )
    made = extended(song, 4)
    assert made.song.end == TICKS + 4 * BAR
    assert made.remarks == (
        "bars are counted from the first bar line, without the pick-up before it",
    )


def test_it_ends_at_home() -> None:
    for key, home in ((None, 2), (Key(0, 4, False), 4)):
        bass = extended(SONG, 6, key=key).song.tracks[1].notes
        assert bass.rows()[-1][:3] == (5 * BAR, BAR, bass.rows()[-1][2])
        assert bass.rows()[-1][2] % 12 == home


@settings(max_examples=10)
@given(songs(), st.integers(2, 5), st.sampled_from([None, "AB", "AABA"]))
def test_what_is_given_stays_note_for_note(song: Multitrack, more: int, form: str | None) -> None:
    # one bar more than its end tells: its notes may come late on their bar lines
    bars = -(-(song.end // bar_of(song) + 2 + more) // 8) * 8
    try:
        made = extended(song, bars, form=form).song
    except MuseganError as problem:  # the notes may tell of other beats than the map's
        if "meter" not in str(problem) and "4/4" not in str(problem):
            raise
        return
    assert len(made.tracks) >= len(song.tracks)
    for old, new in zip(song.tracks, made.tracks, strict=False):
        rest = new.notes.rows()
        for row in old.notes.rows():
            rest.remove(row)


def test_only_the_tracks_of_the_song_go_on() -> None:
    alone = replace(SONG, tracks=SONG.tracks[1:2])
    made = extended(alone, 8, form="ABAC")
    assert [each.name for each in made.song.tracks] == ["bass"]


def test_seeds_go_on_in_other_ways_and_the_same_in_the_same() -> None:
    one, same, other = (extended(SONG, 6, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one != other


@pytest.mark.parametrize(
    ("bars", "form", "said"),
    [
        (2, None, "has 2 bars already; ask for more"),
        (1, None, "has 2 bars already"),
        (10, "AABA", "10 bars cannot be divided in the 4 sections of AABA"),
        (8, "A-B", "no form 'A-B'"),
    ],
)
def test_what_cannot_be_is_an_error(bars: int, form: str | None, said: str) -> None:
    with pytest.raises(MuseganError, match=said):
        extended(SONG, bars, form=form)


def test_a_song_that_changes_its_meter_is_an_error() -> None:
    long = [(b * TICKS, 50, 40, 80) for b in range(48)]
    meters = (Meter(0, 4, 4), Meter(4 * BAR, 5, 4), Meter(4 * BAR + 15 * TICKS, 4, 4))
    song = Multitrack((track("bass", long),), TICKS, (), meters)
    with pytest.raises(MuseganError, match="changes its meter"):
        extended(song, 32)


def test_a_song_that_ends_in_a_meter_that_the_model_does_not_know_is_an_error() -> None:
    long = [(b * TICKS, 50, 40, 80) for b in range(16 + 15)]
    song = Multitrack((track("bass", long),), TICKS, (), (Meter(0, 4, 4), Meter(4 * BAR, 5, 4)))
    with pytest.raises(MuseganError, match="ends in 5/4, which the model does not know"):
        extended(song, 32)


def test_bars_are_counted_as_the_song_counts_them() -> None:
    jig = replace(SONG, meters=(Meter(0, 6, 8),))
    bar = 3 * TICKS
    made = extended(jig, 12)
    assert made.song.end == 12 * bar
    had = SONG.end // bar + 1
    with pytest.raises(MuseganError, match=r"bars of this meter 2 at a time.* ask for 12 or 14"):
        extended(jig, 13)
    with pytest.raises(MuseganError, match=f"has {had + had % 2} bars already"):
        extended(jig, 2)
