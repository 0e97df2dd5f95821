from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musegan.composing.accompany import accompany, arrange
from musegan.composing.completion import Completion
from musegan.composing.generate import style_weights
from musegan.composing.retelling import retell
from musegan.composing.songs import Passage
from musegan.errors import MuseganError
from musegan.midi import midi_bytes, read_midi
from musegan.song import Meter, Multitrack, Tempo
from tests.composing.toys import BAND, BAR, TICKS, songs, toy_model, track
from tests.models.toys import toy_spec

MODEL = toy_model()
LINE = [(beat * TICKS + 5 * (beat % 3), 50, 40 + beat % 5, 80) for beat in range(28)]
BASS = Multitrack((track("bass", LINE), track("kazoo", LINE)), TICKS)


def accompanied(song: Multitrack, **wish: object) -> Completion:
    return accompany(MODEL, song, ensemble=BAND, **wish)  # type: ignore[arg-type]  # a wish is any keyword


@settings(max_examples=25)
@given(songs(), st.integers(0, 3))
def test_what_is_kept_comes_back_note_for_note(
    tmp_path_factory: pytest.TempPathFactory, song: Multitrack, seed: int
) -> None:
    kept = "drums" if "drums" in {t.name for t in song.tracks} else "bass"
    made = accompanied(song, keep=[kept], seed=seed)
    part = {"drums": {"drums"}, "bass": {"bass", "Bass 2"}}[kept]
    old = tuple(t for t in song.tracks if t.name in part)
    assert made.song.tracks[: len(old)] == old
    assert replace(made.song, tracks=()) == replace(song, tracks=())
    folder = tmp_path_factory.mktemp("midi")
    written = []
    for name, music in (("old", replace(song, tracks=old)), ("new", made.song)):
        (folder / name).write_bytes(midi_bytes(music))
        written.append([track.notes.sorted() for track in read_midi(folder / name).tracks])
    assert written[1][: len(old)] == written[0]


def test_the_missing_track_is_written_where_the_others_play() -> None:
    made = accompanied(BASS, keep=["bass"], seed=1)
    assert [t.name for t in made.song.tracks] == ["bass", "drums"]
    drums = made.song.tracks[1]
    assert drums.is_drum
    assert made.made == {"drums": len(drums.notes)}
    assert set((drums.notes.start // BAR).tolist()) == set(range(7))
    assert made.remarks == ("left out track 'kazoo' (no place in a duo)",)


def test_nothing_is_written_before_the_first_kept_note_and_after_the_last() -> None:
    late = track("bass", [(4 * BAR - 2, 50, 40, 80), (6 * BAR, 50, 40, 80)])
    made = accompanied(Multitrack((late, track("bass 2", LINE)), TICKS), keep=["1=bass"])
    assert set((made.song.tracks[1].notes.start // BAR).tolist()) == {4, 5, 6}


def test_a_track_that_the_model_leaves_silent_is_told() -> None:
    silent = toy_model()
    silent.generator.head.bias.data -= 99
    made = accompany(silent, BASS, ensemble=BAND)
    assert made.song == BASS
    assert made.made == {"drums": 0}
    assert made.remarks[-1] == "the model left drums silent; try another seed or style"


def test_all_tracks_are_kept_unless_some_are_named() -> None:
    made = accompanied(BASS, seed=1)
    assert made.song.tracks[:2] == BASS.tracks
    assert made.song.tracks[2:] == accompanied(BASS, keep=["bass"], seed=1).song.tracks[1:]
    assert made.remarks == (
        "kept track 'kazoo', but the model does not hear it (no place in a duo)",
    )


def test_the_part_of_a_track_that_is_not_kept_is_written_anew() -> None:
    song = replace(BASS, tracks=(*BASS.tracks, track("drums", [(0, 9, 36, 80)])))
    made = accompanied(song, keep=["bass"], seed=1)
    assert made.song.tracks == accompanied(BASS, keep=["bass"], seed=1).song.tracks
    assert "left out track 'drums' (the song's drums)" in made.remarks


def test_a_track_of_the_file_is_heard_in_the_part_it_is_given() -> None:
    kazoo = accompanied(BASS, keep=["kazoo=bass"], seed=1)
    assert kazoo.song.tracks[0] == BASS.tracks[1]
    assert kazoo.song.tracks[1] == accompanied(BASS, keep=["bass"], seed=1).song.tracks[1]


def test_seeds_styles_and_temperatures_make_a_difference() -> None:
    wishes: list[dict[str, object]] = [{}, {"seed": 1}, {"style": "wild"}, {"temperature": 0.1}]
    made = [accompanied(BASS, **wish).song.tracks[-1].notes.rows() for wish in wishes]
    assert len({tuple(rows) for rows in made}) == len(wishes)
    assert made[0] == accompanied(BASS).song.tracks[-1].notes.rows()


def test_new_notes_follow_a_song_s_tempos() -> None:
    """In ticks nothing moves, whatever the tempo map says."""
    slow = replace(BASS, tempos=(Tempo(0, 50.0), Tempo(BAR + 7, 200.0)))
    assert accompanied(slow).song == replace(accompanied(BASS).song, tempos=slow.tempos)


def test_bars_of_other_meters_get_no_notes_and_are_told() -> None:
    meters = (Meter(0, 4, 4), Meter(3 * BAR, 5, 4), Meter(3 * BAR + 5 * TICKS, 4, 4))
    made = accompanied(replace(BASS, meters=meters), keep=["bass"])
    start = made.song.tracks[1].notes.start
    assert not ((start >= 3 * BAR) & (start < 3 * BAR + 5 * TICKS)).any()
    assert start.max() > 4 * BAR
    assert made.remarks[-1] == "no new notes in 1 bar of 5/4"


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"keep": []}, r"no tracks to keep: the song has 1 'bass' \(bass\), 2 'kazoo' \(no part\)"),
        ({"keep": ["drums"]}, r"no drums to keep: the song has 1 'bass'.*as in '1=drums'"),
        ({"keep": ["3=drums"]}, r"no drums to keep: the song has 1 'bass'"),
        ({"keep": ["piano"]}, r"no part 'piano' \(there are drums, bass\)"),
        ({"make": ["piano"]}, "no track 'piano': the duo ensemble has drums, bass"),
        ({"make": ["bass"]}, "bass cannot be both kept and made"),
        ({"make": []}, "no tracks to make"),
        ({"keep": ["bass", "kazoo=drums"]}, "no tracks to make: .* or keep fewer"),
        ({"style": "polka"}, "no style 'polka': toy knows calm, wild"),
    ],
)
def test_what_cannot_be_done_is_an_error(wish: dict[str, object], said: str) -> None:
    song = replace(BASS, tracks=(*BASS.tracks, track("nothing", [])))
    with pytest.raises(MuseganError, match=said):
        accompanied(song, **wish)


def test_a_song_without_an_instrument_of_the_ensemble_is_an_error() -> None:
    with pytest.raises(MuseganError, match=r"none of its tracks plays drums or bass: .*'1=bass'"):
        accompanied(replace(BASS, tracks=BASS.tracks[1:]))


def test_a_song_all_in_five_is_an_error() -> None:
    with pytest.raises(MuseganError, match="has no bar of 4/4"):
        accompanied(replace(BASS, meters=(Meter(0, 5, 4),)))


def test_textures_are_those_of_the_style_and_change_by_section() -> None:
    spec = toy_spec(arrangements={"calm": ["11 10", "01 11"], "wild": ["11 00"]})
    calm, plain = style_weights(spec, "calm"), retell(BASS, spec.grid)
    plays = arrange(spec, calm, [0, 1], Passage(0, 64, BAR, 0, plain), seed=1)
    sections = plays.reshape(2, 16, 2, 2)  # track, section, phrase, bar
    assert (sections[:, :, 0] == sections[:, :, 1]).all()
    assert {str(s.astype(int).tolist()) for s in sections[:, :, 0].transpose(1, 0, 2)} == {
        "[[1, 1], [1, 0]]",
        "[[0, 1], [1, 1]]",
    }
    later = arrange(spec, calm, [0, 1], Passage(0, 61, BAR, 3, plain), seed=1)
    assert np.array_equal(later, plays[:, 3:])


def test_a_waltz_is_accompanied_in_its_own_bars() -> None:
    waltz = replace(BASS, meters=(Meter(0, 3, 4),))
    made = accompanied(waltz, keep=["bass"], seed=1)
    assert made.remarks[0] == "the model knows 4/4: its 3/4 is that without the last beat"
    bass, drums = (part.notes for part in made.song.tracks)
    assert bass == waltz.tracks[0].notes
    assert made.made == {"drums": len(drums)}
    in_bar = drums.start % (3 * TICKS)
    assert {*(in_bar // TICKS).tolist()} == {0, 1, 2}  # each of its beats is played
    assert (in_bar % (TICKS // 12) == 0).all()
    struck = accompanied(BASS, keep=["bass"], seed=1).song.tracks[1].notes
    assert len(drums) < 1.2 * len(struck)  # what the model writes on fourth beats is not piled up


def test_dotted_beats_are_accompanied_in_thirds() -> None:
    slow = replace(BASS, meters=(Meter(0, 12, 8),))
    drums = accompanied(slow, keep=["bass"], seed=1).song.tracks[1].notes
    places = {*(drums.start % (3 * TICKS // 2) * 12 // (3 * TICKS // 2)).tolist()}
    assert 8 in places
    assert not places & {3, 6, 9}  # halves and quarters of the beat
