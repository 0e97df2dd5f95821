from dataclasses import replace
from pathlib import Path

import pytest

from musegan.data.cutting import Cut
from musegan.data.phrasing import phrase_song
from musegan.errors import MuseganError
from musegan.instruments import load_ensemble
from musegan.midi import write_midi
from musegan.pianoroll import Grid
from pipelines.phrase_files import Chunk, Settings, Song, phrase_files
from pipelines.sources import Source, find_sources
from tests.data.music import FOUR, TRIO, invented, scale, song
from tests.pipelines.corpus import SETTINGS


def phrased(folder: Path, settings: Settings = SETTINGS) -> Chunk:
    return phrase_files(find_sources(folder, "any"), settings)


def test_phrases_tell_the_file_they_are_from(tmp_path):
    write_midi(invented(1), tmp_path / "a.mid")
    (tmp_path / "b.mid").write_text("no music")
    write_midi(song(piano=scale(8)), tmp_path / "c.mid")
    write_midi(invented(2), tmp_path / "d.mid")
    made = phrased(tmp_path)
    assert made.faults == ["", "unreadable", "", ""]
    assert made.phrases.song.tolist() == [0] * 7 + [3] * 7
    alone = phrase_song(invented(1), TRIO, FOUR, SETTINGS.cut)
    assert made.phrases.phrases.rows()[:7] == alone.phrases.rows()
    assert isinstance(made.songs[0], Song)
    assert made.songs[0].notes == tuple(len(t.notes) for t in invented(1).tracks)
    assert made.songs[0].hash != made.songs[3].hash


def test_reasons_are_in_words_without_the_files_name(tmp_path):
    (tmp_path / "a.mid").write_text("no music")
    write_midi(song(piano=scale(8)), tmp_path / "b.mid")
    write_midi(song(piano=scale(1)), tmp_path / "c.mid")
    unreadable, poor, short = phrased(tmp_path).songs
    assert unreadable == "not a MIDI file (it has no MThd header); give a .mid file"
    assert poor == "no 2 bars in which 2 or more tracks play 8 or more notes"
    assert short == "no 2 bars of 4/4 in a row (only 1 bar of 4/4)"
    assert len(phrased(tmp_path).phrases.song) == 0


def test_a_file_without_a_style_is_left_out():
    source = Source(Path("a.mid"), "a.mid", "", "", None)
    made = phrase_files([source], SETTINGS)
    assert made.songs == ["has no style in the table of styles"]
    assert made.faults == ["unlabelled"]


@pytest.mark.parametrize(("valid", "test"), [(-0.1, 0.1), (0.1, -0.1), (0.5, 0.5), (1.0, 0.0)])
def test_shares_must_leave_songs_to_train(valid, test):
    with pytest.raises(MuseganError, match="must be shares that leave some to train on"):
        replace(SETTINGS, valid=valid, test=test).check()
    replace(SETTINGS, valid=0.0, test=0.0).check()
    with pytest.raises(MuseganError, match="hop must be 1 or more"):
        replace(SETTINGS, cut=Cut(hop=0)).check()


def test_settings_are_told_apart_by_all_they_hold():
    band = load_ensemble("band")
    others = [
        replace(SETTINGS, ensemble=band),
        replace(SETTINGS, ensemble=replace(TRIO, rules=TRIO.rules[:-1])),
        replace(SETTINGS, ensemble=replace(TRIO, tracks=TRIO.tracks[::-1])),
        replace(SETTINGS, grid=Grid(3, 12)),
        replace(SETTINGS, cut=replace(SETTINGS.cut, min_notes=9)),
        replace(SETTINGS, valid=0.2),
    ]
    told = [each.describe() for each in (SETTINGS, *others)]
    assert all(a != b for i, a in enumerate(told) for b in told[:i])
    assert replace(SETTINGS).describe() == told[0]
