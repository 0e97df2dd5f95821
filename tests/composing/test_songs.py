from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from musegan.composing.retelling import retell
from musegan.composing.songs import Passage, joined, on_grid, passages, perform, players
from musegan.errors import MuseganError
from musegan.instruments import load_ensemble
from musegan.pianoroll import Phrases
from musegan.song import Meter, Multitrack, Notes
from tests.composing.toys import BAND, BAR, RULES, TICKS, track
from tests.data.test_beats import played
from tests.models.toys import DUO, GRID, toy_spec

BASS = 1
LINE = [(beat * TICKS, 50, 40 + beat % 5, 80) for beat in range(16)]
SONG = Multitrack((track("bass", LINE), track("kazoo", LINE)), TICKS)
PARTS = (BASS, "no place")
PLAIN = retell(SONG, GRID)
SILENCE = Phrases.of([[]], GRID, 2)


def test_a_song_is_one_passage() -> None:
    runs, others = passages(SONG, PARTS, BAND, GRID)
    assert runs == [Passage(0, 4, BAR, 0, PLAIN)]
    assert runs[0].lines.tolist() == [0, BAR, 2 * BAR, 3 * BAR, 4 * BAR]
    assert others == ""


@pytest.mark.parametrize(
    ("rings", "bars"), [(TICKS + 5, 4), (2 * TICKS - 1, 4), (2 * TICKS, 5), (2 * BAR, 6)]
)
def test_bars_in_which_the_last_note_rings_for_a_quarter_belong_to_it(
    rings: int, bars: int
) -> None:
    ringing = replace(SONG, tracks=(*SONG.tracks, track("kazoo", [(15 * TICKS, rings, 60, 80)])))
    runs, _ = passages(ringing, (*PARTS, "no place"), BAND, GRID)
    assert runs[0].bars == bars


def test_other_meters_part_a_song_and_are_told() -> None:
    meters = (Meter(0, 4, 4), Meter(2 * BAR, 5, 4), Meter(2 * BAR + 5 * TICKS, 4, 4))
    runs, others = passages(replace(SONG, meters=meters), PARTS, BAND, GRID)
    assert [(run.start, run.bars, run.before) for run in runs] == [
        (0, 2, 0),
        (2 * BAR + 5 * TICKS, 1, 2),
    ]
    assert others == "1 bar of 5/4"


@pytest.mark.parametrize(
    ("song", "parts", "said"),
    [
        (replace(SONG, meters=(Meter(0, 5, 4),)), PARTS, r"no bar of 4/4.*only 3 bars of 5/4"),
        (SONG, ("none", "none"), "no track plays a note that the duo ensemble has"),
        (
            Multitrack((track("bass", [(n * BAR, 9, 40, 80) for n in range(3001)]),), TICKS),
            (BASS,),
            "has 3001 bars, more than 2730; split it",
        ),
        (
            Multitrack((track("bass", [(0, 9, 40, 80), (3000 * BAR, 9, 40, 80)]),), TICKS),
            (BASS,),
            "has 3001 bars, more than 2730; track 1 'bass' plays E2 in bar 3,001, but",
        ),
    ],
)
def test_songs_without_passages_say_why(
    song: Multitrack, parts: tuple[int | str, ...], said: str
) -> None:
    with pytest.raises(MuseganError, match=said):
        passages(song, parts, BAND, GRID)


def test_a_passage_is_heard_on_the_grid_from_its_first_bar_line() -> None:
    where = Passage(BAR, 2, BAR, 1, PLAIN)
    heard = on_grid(SONG, (None, BASS), BAND, where, GRID)
    assert [row[1] for row in heard.rows()[0]] == [0, 6, 12, 18, 24, 30, 36, 42]
    assert {row[0] for row in heard.rows()[0]} == {BASS}


def test_made_notes_are_put_on_the_song_s_beats() -> None:
    made = Phrases.of([[(0, 6, 1, 36, 99), (BASS, 1, 3, 40, 70), (BASS, 47, 1, 41, 60)]], GRID, 2)
    parts = perform(made, SILENCE, Passage(100, 2, BAR, 0, PLAIN), BAND)
    assert parts[BASS].rows() == [(100 + 16, 48, 40, 70), (100 + 47 * 16, 16, 41, 60)]
    assert parts[0].rows() == [(100 + TICKS, TICKS // 4, 36, 99)]


def test_no_note_begins_before_the_file() -> None:
    made = Phrases.of([[(BASS, 0, 3, 40, 70)]], GRID, 2)
    assert perform(made, SILENCE, Passage(-10, 2, BAR, 0, PLAIN), BAND)[BASS].rows() == [
        (0, 38, 40, 70)
    ]


def test_ticks_that_steps_do_not_divide_never_drift() -> None:
    made = Phrases.of([[(BASS, step, 1, 40, 70) for step in range(48)]], GRID, 2)
    notes = perform(made, SILENCE, Passage(0, 2, 100, 0, PLAIN), BAND)[BASS]
    assert notes.start.tolist() == [int(step * 100 / 24 + 0.5) for step in range(48)]
    assert (notes.end[:-1] == notes.start[1:]).all()


def test_parts_are_joined_in_time() -> None:
    one, other = Notes.of([(5, 1, 40, 80)]), Notes.of([(3, 1, 50, 80)])
    assert joined([one, other]).rows() == [(3, 1, 50, 80), (5, 1, 40, 80)]
    assert len(joined([])) == 0


def test_the_rules_of_a_model_s_ensemble_are_found(tmp_path: Path) -> None:
    band = load_ensemble()
    shipped = toy_spec(ensemble_name="band", tracks=band.describe())
    assert players(shipped, None).rules == band.rules
    own = tmp_path / "own.yaml"
    own.write_text(yaml.safe_dump({"name": "own", "tracks": DUO.describe(), "rules": RULES}))
    assert players(toy_spec(), str(own)).rules == BAND.rules
    assert players(toy_spec(), None) == DUO
    assert players(toy_spec(ensemble_name="band"), None).rules == ()


def test_an_ensemble_that_is_not_the_model_s_is_an_error() -> None:
    with pytest.raises(
        MuseganError, match=r"band \(drums, .*not that of the model toy \(drums, bass"
    ):
        players(toy_spec(), "band")


def test_a_map_that_only_counts_beats_may_hide_a_waltz() -> None:
    start, length, pitch = (column.tolist() for column in played(bars=12, beats=3))
    rows = [
        (round(TICKS * (s + 1.5)), round(TICKS * d), p - 12, 80)
        for s, d, p in zip(start, length, pitch, strict=True)
    ]
    song = Multitrack((track("bass", rows),), TICKS, (), (Meter(0, 1, 4),))
    (where,), others = passages(song, (BASS,), BAND, GRID)
    assert others == ""
    assert where.bars == 12
    lines = 3 * TICKS // 2 + 3 * TICKS * np.arange(13)
    assert where.lines.tolist() == lines.tolist()
    assert where.borders(GRID).tolist() == (lines - TICKS // GRID.steps_per_beat // 2).tolist()
    assert where.tick(GRID.steps_per_bar + 3, GRID) == lines[1] + 3 * TICKS // GRID.steps_per_beat
    heard = on_grid(song, (BASS,), BAND, where, GRID)
    beat = heard.start % GRID.steps_per_bar // GRID.steps_per_beat
    assert {*beat.tolist()} == {0, 1, 2}
