from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musegan.composing.completion import Completion
from musegan.composing.infill import as_ranges, infill, read_bars
from musegan.errors import MuseganError
from musegan.midi import midi_bytes, read_midi
from musegan.song import Meter, Multitrack, Span, Tempo, within
from tests.composing.toys import BAND, BAR, TICKS, bar_of, songs, toy_model, track

MODEL = toy_model()
LINE = [(beat * TICKS, 50, 40 + beat % 5, 80) for beat in range(32)]
HITS = [(beat * TICKS, 20, 36, 80) for beat in range(32)]
SONG = Multitrack((track("drums", HITS), track("bass", LINE), track("kazoo", LINE)), TICKS)


def infilled(song: Multitrack, bars: list[int], **wish: object) -> Completion:
    return infill(MODEL, song, bars=bars, ensemble=BAND, **wish)  # type: ignore[arg-type]  # a wish is any keyword


def covered(remade: Mapping[int, Sequence[Span]]) -> dict[int, set[int]]:
    """Bars, from 0, whose second beat lies in the spans of each track."""
    beats = np.arange(8) * BAR + TICKS
    return {n: set(np.flatnonzero(within(beats, spans)).tolist()) for n, spans in remade.items()}


@settings(max_examples=25)
@given(songs(), st.sets(st.integers(1, 8), min_size=1), st.sampled_from(["drums", "bass"]))
def test_nothing_but_the_bars_asked_for_changes(
    tmp_path_factory: pytest.TempPathFactory, song: Multitrack, bars: set[int], part: str
) -> None:
    folder = tmp_path_factory.mktemp("midi")
    (folder / "old").write_bytes(midi_bytes(song))
    old = read_midi(folder / "old")  # as any song that is given: each release has found its note
    bars = {bar for bar in bars if bar * bar_of(old) <= old.end}
    if not bars:
        return
    try:
        made = infilled(old, sorted(bars), tracks=[part]).song
    except MuseganError as problem:
        if "is not in 4/4" not in str(problem):  # the notes may tell of other beats than the map's
            raise
        return
    (folder / "new").write_bytes(midi_bytes(made))
    new = read_midi(folder / "new")
    assert replace(new, tracks=(), name="") == replace(old, tracks=(), name="")
    was, now = ({t.name: Counter(t.notes.rows()) for t in song.tracks} for song in (old, new))
    for name in was | now:
        before, after = was.get(name, Counter()), now.get(name, Counter())
        changed = (before - after) + (after - before)
        assert {start // bar_of(old) + 1 for start, *_ in changed} <= bars
        assert before == after or name.lower().startswith(part)


def test_a_bar_is_remade() -> None:
    made = infilled(SONG, [3, 4], tracks=["bass"], seed=1)
    old, new = SONG.tracks[1].notes, made.song.tracks[1].notes
    inside = new[(new.start >= 2 * BAR) & (new.start < 4 * BAR)]
    assert made.made == {"bass": len(inside)}
    assert set((inside.start // BAR).tolist()) == {2, 3}
    assert inside != old[(old.start >= 2 * BAR) & (old.start < 4 * BAR)]
    assert made.song.tracks[0] == SONG.tracks[0]
    assert covered(made.remade) == {1: {2, 3}}
    assert made.remarks == (
        "track 'kazoo' stays, but the model does not hear it (no place in a duo)",
    )


def test_all_tracks_with_a_part_are_remade_unless_some_are_named() -> None:
    made = infilled(SONG, [2])
    assert set(made.made) == {"drums", "bass"}
    assert made.song.tracks[2] == SONG.tracks[2]
    assert all(made.song.tracks[n] != SONG.tracks[n] for n in (0, 1))


def test_a_track_that_the_song_lacks_is_added() -> None:
    made = infilled(replace(SONG, tracks=SONG.tracks[1:]), [2, 5], tracks=["drums"])
    assert [t.name for t in made.song.tracks] == ["bass", "kazoo", "drums"]
    assert set((made.song.tracks[2].notes.start // BAR).tolist()) == {1, 4}


def test_of_several_tracks_of_a_part_only_the_named_one_is_remade() -> None:
    song = replace(SONG, tracks=(*SONG.tracks, track("Bass 2", LINE)))
    made = infilled(song, [2], tracks=["bass 2=bass"]).song
    assert [a == b for a, b in zip(made.tracks, song.tracks, strict=True)] == [True] * 3 + [False]


def test_new_notes_are_on_the_track_of_their_register() -> None:
    high = [(start, length, pitch + 18, velocity) for start, length, pitch, velocity in LINE]
    tracks = (SONG.tracks[0], track("bass", high), track("Bass 2", LINE))
    for bars in ([2], [*range(1, 9)]):
        made = infilled(replace(SONG, tracks=tracks), bars, tracks=["bass"]).song
        pitches = [
            t.notes.pitch[within(t.notes.start, [((bars[0] - 1) * BAR, bars[-1] * BAR)])]
            for t in made.tracks[1:]
        ]
        assert len(made.tracks) == 3
        assert pitches[0].min() >= 51 > pitches[1].max()


def test_new_notes_are_on_the_track_that_plays_most() -> None:
    song = replace(SONG, tracks=(track("Bass 2", LINE[:5]), *SONG.tracks))
    made = infilled(song, [2], tracks=["bass"]).song
    assert made.tracks[0].notes.rows() == LINE[:4]
    assert len(made.tracks[2].notes[made.tracks[2].notes.start // BAR == 1])


def test_a_note_that_sounds_into_the_bars_stays_and_new_ones_make_room() -> None:
    pedal = [(BAR - TICKS, 4 * BAR, pitch, 80) for pitch in range(24, 68)]
    made = infilled(
        replace(SONG, tracks=(track("bass", pedal), SONG.tracks[0])), [2, 3], tracks=["bass"]
    )
    assert made.song.tracks[0].notes.rows() == pedal
    assert made.made == {"bass": 0}


def test_a_note_played_early_belongs_to_the_bar_it_leads_into() -> None:
    early = [(max(start - 6, 0), 50, pitch, 80) for start, _, pitch, _ in LINE]
    song = replace(SONG, tracks=(track("bass", early), SONG.tracks[0]))
    rows = infilled(song, [3], tracks=["bass"]).song.tracks[0].notes.rows()
    assert [row for row in rows if row in early] == early[:9] + early[12:]
    assert not [row for row in rows if row[0] == 2 * BAR]  # the early note is there already


def test_bars_are_counted_by_the_song_s_meters() -> None:
    meters = (Meter(0, 3, 4), Meter(6 * TICKS, 4, 4))
    made = infilled(replace(SONG, meters=meters), [4], tracks=["bass"]).song.tracks[1].notes
    new = [row for row in made.rows() if row not in LINE]
    assert new
    assert all(6 * TICKS + BAR <= row[0] < 6 * TICKS + 2 * BAR for row in new)


def test_tempos_are_nothing_to_it() -> None:
    fast = replace(SONG, tempos=(Tempo(0, 50.0), Tempo(BAR + 7, 200.0)))
    assert infilled(fast, [2]).song == replace(infilled(SONG, [2]).song, tempos=fast.tempos)


def test_seeds_make_a_difference() -> None:
    assert infilled(SONG, [2], seed=1).song == infilled(SONG, [2], seed=1).song
    assert infilled(SONG, [2], seed=1).song != infilled(SONG, [2], seed=2).song


@pytest.mark.parametrize(
    ("bars", "wish", "said"),
    [
        ([8, 9], {}, "no bar 9: the song has bars 1 to 8"),
        ([0], {}, "no bar 0"),
        ([], {}, "no bars to remake"),
        ([1], {"tracks": []}, "no tracks to remake: name some of drums, bass"),
        ([1], {"tracks": ["piano"]}, r"no part 'piano' \(there are drums, bass\)"),
        ([1], {"style": "polka"}, "no style 'polka': toy knows calm, wild"),
    ],
)
def test_what_cannot_be_done_is_an_error(
    bars: list[int], wish: dict[str, object], said: str
) -> None:
    with pytest.raises(MuseganError, match=said):
        infilled(SONG, bars, **wish)


def test_a_bar_of_another_meter_is_an_error() -> None:
    song = replace(SONG, meters=(Meter(0, 4, 4), Meter(2 * BAR, 5, 4)))
    with pytest.raises(MuseganError, match=r"bar 3 is not in 4/4, .* in bars 1-2$"):
        infilled(song, [2, 3])


def test_a_song_without_an_instrument_of_the_ensemble_is_an_error() -> None:
    with pytest.raises(MuseganError, match="no tracks to remake"):
        infilled(replace(SONG, tracks=SONG.tracks[2:]), [1])


@pytest.mark.parametrize(
    ("text", "bars"), [("5", [5]), ("5-8,13", [5, 6, 7, 8, 13]), (" 2 , 1-1", [2, 1])]
)
def test_bars_are_numbers_and_ranges(text: str, bars: list[int]) -> None:
    assert read_bars(text) == bars


@pytest.mark.parametrize("text", ["", "x", "8-5", "5-", "1,,2", "-3", "5–8", "1.5"])
def test_other_lists_of_bars_are_errors(text: str) -> None:
    with pytest.raises(MuseganError, match="bars are numbers and ranges"):
        read_bars(text)


@given(st.sets(st.integers(1, 60), min_size=1))
def test_numbers_of_bars_are_written_as_they_are_read(numbers):
    assert read_bars(as_ranges(sorted(numbers))) == sorted(numbers)


def test_bars_in_a_row_are_one_range():
    assert as_ranges([2, 3, 4, 8, 11, 12]) == "2-4,8,11-12"
