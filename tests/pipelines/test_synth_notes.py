import numpy as np
import pytest
import soundfile
from PIL import Image

from musegan.composing.timbres import load_timbres
from musegan.errors import MuseganError
from musegan.models.store import save_model
from pipelines.synth_notes import (
    Wish,
    check_sheet,
    draw_notes,
    make_notes,
    plan_notes,
    read_pitches,
)
from tests.models.timbres.toys import HITS, SPEC, toy_hit_generator, toy_timbre_generator


@pytest.fixture(scope="module")
def timbres(tmp_path_factory):
    folder = tmp_path_factory.mktemp("timbres")
    save_model(folder, toy_timbre_generator(), SPEC)
    return load_timbres(folder)


@pytest.mark.parametrize(
    ("text", "pitches"),
    [
        ("C4", [60]),
        ("60", [60]),
        ("C3-E3", [48, 49, 50, 51, 52]),
        ("C-1-D-1", [0, 1, 2]),
        ("60-62, A4,Bb4", [60, 61, 62, 69, 70]),
        ("C4,60,B3-C4", [60, 59]),
    ],
)
def test_pitches_are_read_by_name_number_and_range(text, pitches):
    assert read_pitches(text) == pitches


@pytest.mark.parametrize("text", ["", "H4", "C4-", "C5-C3", "128", "C4;D4", "loud"])
def test_what_is_no_pitch_is_told(text):
    with pytest.raises(MuseganError, match="no pitch '"):
        read_pitches(text)


def test_every_instrument_plays_every_pitch_by_every_player(timbres):
    notes, _ = plan_notes(timbres, Wish(("flute", "flute:0.5,saw:0.5"), "C4,E4", players=2, seed=3))
    assert [note.name for note in notes] == [
        f"{name}-{pitch}-{player}"
        for name in ("flute", "flute0.5+saw0.5")
        for player in (3, 4)
        for pitch in ("060-C4", "064-E4")
    ]


def test_steps_lead_from_one_instrument_to_the_other(timbres):
    notes, _ = plan_notes(timbres, Wish(("flute",), "C4", towards="horn", steps=3))
    shares = [note.instrument.shares.tolist() for note in notes]
    assert shares == [[1, 0, 0], [0.5, 0.5, 0], [0, 1, 0]]
    assert [note.name for note in notes] == [f"flute-to-horn-0{i}-060-C4-0" for i in range(3)]


def test_what_an_instrument_does_not_reach_is_left_out_and_told_once(timbres):
    notes, left_out = plan_notes(timbres, Wish(("horn", "flute"), "B3,C4,D6,E6", players=2))
    assert [(note.name[:-2], note.pitch) for note in notes] == [
        ("horn-059-B3", 59), ("horn-060-C4", 60), ("horn-059-B3", 59), ("horn-060-C4", 60),
        ("flute-060-C4", 60), ("flute-060-C4", 60),
    ]  # fmt: skip
    assert left_out == [
        "D6 (86), E6 (88) are out of the range of horn: C2-C5 (36-72)",
        "B3 (59), D6 (86), E6 (88) are out of the range of flute: C4-C6 (60-84)",
    ]


def test_nothing_that_can_be_played_is_an_error(timbres):
    with pytest.raises(MuseganError, match=r"of horn: .*; C8 .* is out of the range of flute"):
        plan_notes(timbres, Wish(("horn", "flute"), "C8"))


def test_without_pitches_each_instrument_plays_one_that_it_reaches(tmp_path):
    ranges = {"flute": (60, 84), "horn": (36, 50), "saw": (24, 96)}
    save_model(tmp_path, toy_timbre_generator(), SPEC.model_copy(update={"ranges": ranges}))
    notes, left_out = plan_notes(load_timbres(tmp_path), Wish(("flute", "horn", "saw")))
    assert [note.pitch for note in notes] == [60, 43, 60]
    assert left_out == []


def test_a_turn_keeps_its_pitch(timbres):
    notes, _ = plan_notes(timbres, Wish(("saw",), towards="flute", steps=3))
    assert [note.pitch for note in notes] == [60, 60, 60]


def test_hits_are_given_no_pitches(tmp_path):
    save_model(tmp_path, toy_hit_generator(), HITS)
    with pytest.raises(MuseganError, match="toy-hits: hits have no pitch; leave out the pitches"):
        plan_notes(load_timbres(tmp_path), Wish(("kick",), "C4"))


def test_files_peak_alike_and_end_softly(timbres, tmp_path):
    notes, _ = plan_notes(timbres, Wish(("saw",), "C4,C5"))
    paths = [path for path, _ in make_notes(notes, 0.5, tmp_path / "out", "flac")]
    for path in paths:
        wave, rate = soundfile.read(path)
        assert (len(wave), rate) == (8000, 16000)
        assert np.abs(wave).max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)
        assert np.abs(wave[-20:]).max() < 1e-3


def test_an_unknown_format_is_told(timbres, tmp_path):
    with pytest.raises(MuseganError, match="no format 'mp9': there are wav, flac, ogg"):
        list(make_notes(plan_notes(timbres, Wish(("saw",)))[0], 0.5, tmp_path, "mp9"))


def test_a_sheet_shows_all_notes(timbres, tmp_path):
    notes, _ = plan_notes(timbres, Wish(("saw",), "C3-C4"))
    waves = [np.full(4000, 0.1, np.float32)] * len(notes)
    draw_notes(notes, waves, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width > 1000


def test_too_many_notes_for_a_sheet_are_told(timbres):
    notes, _ = plan_notes(timbres, Wish(("saw",)))
    check_sheet(notes * 60)
    with pytest.raises(MuseganError, match="61 notes, more than a sheet holds"):
        check_sheet(notes * 61)
