from pathlib import Path

import pytest

from musegan.errors import MuseganError
from musegan.models.store import save_model
from musegan.song import Multitrack, Notes, Track
from pipelines.orchestra import (
    SECTIONS,
    Orchestra,
    check_orchestra,
    check_tracks,
    remark_on,
    voices_of,
)
from tests.models.timbres.toys import HITS, SPEC, toy_hit_generator, toy_timbre_generator

ONE = Notes.of([(0, 10, 60, 90)])
SONG = Multitrack((Track(ONE, name="Lead"), Track(ONE, is_drum=True, name="kit"), Track(ONE)))


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("timbres")
    save_model(folder, toy_timbre_generator(), SPEC)
    return folder


def test_a_mix_is_for_all_tracks_but_drums(model):
    voices = voices_of(SONG, Orchestra(("flute:0.5,saw:0.5",), model), "song")
    assert sorted(voices) == [0, 2]
    assert voices[2][0].shares.tolist() == [0.5, 0, 0.5]


def test_tracks_are_told_by_name_or_number_and_the_last_word_counts(model):
    voices = voices_of(SONG, Orchestra(("flute", "lead=horn", "3=saw"), model), "song")
    assert [voice[0].shares.argmax() for _, voice in sorted(voices.items())] == [1, 2]
    assert sorted(voices_of(SONG, Orchestra(("LEAD=horn",), model), "song")) == [0]


def test_tracks_are_told_by_their_part_where_none_has_that_name(model):
    voices = voices_of(SONG, Orchestra(("flute", "Piano=horn"), model), "song")
    assert [voice[0].shares.argmax() for _, voice in sorted(voices.items())] == [0, 1]
    named = Multitrack((Track(ONE, 73, name="piano"), *SONG.tracks))
    assert sorted(voices_of(named, Orchestra(("piano=horn",), model), "song")) == [0]


def test_players_drift_from_one_to_another(model):
    (voices,) = voices_of(SONG, Orchestra(("1=saw",), model, seed=3, drift=1.0), "song").values()
    steady = voices_of(SONG, Orchestra(("1=saw",), model, seed=3), "song")[0]
    assert len(voices) == SECTIONS
    assert len(steady) == 1
    assert voices[0].latent.tolist() == pytest.approx(steady[0].latent.tolist())
    ways = [float((voice.latent - voices[0].latent).norm()) for voice in voices]
    assert ways == sorted(ways)


def test_drums_are_played_by_a_model_of_hits(model, tmp_path):
    save_model(tmp_path, toy_hit_generator(), HITS)
    voices = voices_of(SONG, Orchestra(("lead=saw",), model, drums=str(tmp_path)), "song")
    assert sorted(voices) == [0, 1]
    assert voices[1][0].rings
    assert not voices[0][0].rings
    check_orchestra(Orchestra((), model, drums=str(tmp_path)))
    with pytest.raises(MuseganError, match="makes notes"):
        check_orchestra(Orchestra((), model, drums=str(model)))


def test_a_timbre_that_plays_nothing_is_remarked_on():
    beat = Multitrack(SONG.tracks[1:2])
    told = "beat: only drums, so no track is played with flute and saw"
    assert remark_on(beat, Orchestra(("flute", "saw")), "beat") == told
    assert remark_on(beat, Orchestra((), drums="hits"), "beat") == ""
    assert remark_on(SONG, Orchestra(("flute", "lead=horn")), "song") == ""
    told = "song: no 'bass', so no track is played with saw and flute; no '4', so no track is"
    lacking = Orchestra(("bass=saw", "lead=horn", "bass=flute", "4=saw"))
    assert remark_on(SONG, lacking, "song") == f"{told} played with saw"


def test_a_track_that_a_song_lacks_is_played_by_nobody(model):
    assert sorted(voices_of(SONG, Orchestra(("bass=saw", "lead=horn"), model), "song")) == [0]


def test_a_track_has_to_be_in_one_song_at_least():
    beat = Multitrack(SONG.tracks[1:2])
    lead, bass = Orchestra(("flute", "lead=saw")), Orchestra(("lead=saw", "bass=saw"))
    check_tracks([beat, SONG], lead)
    check_tracks([], lead)
    check_tracks([beat], Orchestra(("flute",)))
    with pytest.raises(MuseganError, match=r"^no track or part 'bass' in any of the 2 songs$"):
        check_tracks([beat, SONG], bass)
    with pytest.raises(MuseganError, match=r"^no track or part 'lead' .* it has 1 'kit' \(drums\)"):
        check_tracks([beat], lead)


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("kit=saw", r"song: 'kit' are drums; give --drums for those"),
        ("drums=saw", r"song: 'drums' are drums; give --drums for those"),
        ("lead=oboe", r"no instrument 'oboe': toy knows flute, horn, saw"),
    ],
)
def test_what_cannot_be_cast_is_told(model, part, told):
    with pytest.raises(MuseganError, match=told):
        voices_of(SONG, Orchestra((part,), model), "song")


def test_an_unknown_instrument_is_told_before_any_song_is_read(model):
    check_orchestra(Orchestra(("lead=saw", "flute"), model))
    with pytest.raises(MuseganError, match="no instrument 'oboe'"):
        check_orchestra(Orchestra(("lead=oboe",), model))
