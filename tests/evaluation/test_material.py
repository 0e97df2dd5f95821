from pathlib import Path

import numpy as np
import pytest

from musegan.errors import MuseganError
from musegan.evaluation.material import (
    HELD_OUT,
    TRAIN,
    Material,
    load_phrases,
    load_yardstick,
    midi_files,
    read_files,
)
from musegan.instruments import Ensemble, to_multitrack
from musegan.midi import write_midi
from musegan.pianoroll import Grid, Phrases, concatenate
from pipelines.sources import find_sources

from .datasets import FOUR, PHRASES, SPLITS, full_phrases, write_dataset
from .hands import BASS, DRUMS, PIANO, TRIO


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "songs")


def test_the_reference_is_held_out_and_the_floor_is_not(folder):
    yardstick = load_yardstick(folder)
    assert yardstick.name == "songs"
    assert yardstick.splits == HELD_OUT
    assert (yardstick.grid, yardstick.bars, yardstick.ensemble.names) == (FOUR, 2, TRIO.names)
    held_out = SPLITS["valid"] + SPLITS["test"]
    assert len(yardstick.reference) == len(yardstick.held_out) == held_out * PHRASES
    assert len(np.unique(yardstick.reference.song)) == held_out  # songs of two splits stay apart
    assert len(yardstick.floor) == len(yardstick.training) == SPLITS["train"] * PHRASES
    assert set(yardstick.reference.style.tolist()) == {"calm", "wild"}
    assert set(yardstick.reference.tempo.tolist()) == {100.0}


def test_training_songs_as_the_reference_have_held_out_ones_as_the_floor(folder):
    yardstick = load_yardstick(folder, TRAIN)
    assert len(yardstick.reference) == SPLITS["train"] * PHRASES
    assert yardstick.floor == yardstick.held_out


def test_a_dataset_without_held_out_songs_is_an_error(tmp_path):
    only = write_dataset(tmp_path / "d", {"train": 3})
    with pytest.raises(MuseganError, match="no phrases in valid or test, which evaluation needs"):
        load_yardstick(only)


def test_thinning_is_even():
    some = Material.made(full_phrases(9, seed=1))
    assert some.thinned(3).song.tolist() == [0, 4, 8]
    assert some.thinned(3).phrases.rows()[1] == some.phrases.rows()[4]
    assert some.thinned(9) is some


def test_other_datasets_must_be_alike(folder, tmp_path):
    yardstick = load_yardstick(folder)
    assert len(load_phrases(folder, yardstick)) == sum(SPLITS.values()) * PHRASES
    duo = Ensemble("duo", TRIO.tracks[:2])
    for other, what in (
        ((duo, FOUR, 2), "tracks \\(drums, bass\\) are not those of songs"),
        ((TRIO, Grid(3, 12), 2), "grid \\(3/4 in 12 steps a beat\\)"),
        ((TRIO, FOUR, 4), "bars a phrase \\(4\\) are not those of songs \\(2\\)"),
    ):
        with pytest.raises(MuseganError, match=what):
            yardstick.fits(*other, "mine")


def write_all(phrases: Phrases, folder: Path) -> list[Path]:
    files = []
    for number in range(len(phrases)):
        files.append(folder / f"{number:02d}.mid")
        write_midi(to_multitrack(phrases, number, TRIO, bpm=90), files[-1])
    return files


def test_written_phrases_are_read_back_rests_and_all(folder, tmp_path):
    yardstick = load_yardstick(folder)
    resting = Phrases.of([[(BASS, 50, 5, 40, 80)], [(PIANO, 3, 5, 60, 80)]], FOUR, 2)
    phrases = concatenate([full_phrases(6, seed=4), resting]).canonical()
    found, left_out = read_files(write_all(phrases, tmp_path), yardstick)
    assert left_out == []
    drums_have_no_length = [
        [(t, s, 1 if t == DRUMS else d, p, v) for t, s, d, p, v in rows] for rows in phrases.rows()
    ]
    assert found.phrases.rows() == drums_have_no_length
    assert found.song.tolist() == list(range(8))
    assert found.tempo.tolist() == pytest.approx([90] * 8)


def test_longer_files_are_cut_and_useless_ones_left_out(folder, tmp_path):
    yardstick = load_yardstick(folder)
    long = full_phrases(1, seed=4, bars=6)
    files = write_all(long, tmp_path)
    broken = tmp_path / "broken.mid"
    broken.write_bytes(b"no music")
    found, left_out = read_files([*files, broken], yardstick)
    assert len(found) == 3
    assert found.song.tolist() == [0, 0, 0]
    assert [path for path, _ in left_out] == [broken]
    with pytest.raises(MuseganError, match=r"no phrases in these MIDI files \(broken.mid: "):
        read_files([broken], yardstick)


def test_karaoke_files_are_judged_as_they_are_prepared(tmp_path):
    (tmp_path / "deep").mkdir()
    for name in ("b.mid", "a.MIDI", "deep/c.kar", "notes.txt"):
        (tmp_path / name).touch()
    there = [path.relative_to(tmp_path).as_posix() for path in midi_files(tmp_path)]
    assert there == ["a.MIDI", "b.mid", "deep/c.kar"]
    assert there == [source.name for source in find_sources(tmp_path)]


def test_tracks_of_the_shipped_ensemble_follow_its_rules(folder, tmp_path):
    yardstick = load_yardstick(folder)  # the trio has no rules: only its own names are known
    stranger = Ensemble("x", tuple(type(t)(f"my {t.name}", *_rest(t)) for t in TRIO.tracks))
    write_midi(to_multitrack(full_phrases(1, seed=4), 0, stranger), tmp_path / "a.mid")
    with pytest.raises(MuseganError, match="no phrases"):
        read_files([tmp_path / "a.mid"], yardstick)


def _rest(track):
    return track.program, track.is_drum, track.low, track.high
