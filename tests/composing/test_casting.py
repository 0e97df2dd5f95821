import pytest

from musegan.composing.casting import cast, meant
from musegan.errors import MuseganError
from musegan.song import Multitrack
from tests.composing.toys import BAND, track

NOTE = [(0, 9, 40, 80)]
SONG = Multitrack(tuple(track(name, NOTE) for name in ("drums", "Voice", "Slap Bass", "")))
DRUMS, BASS = 0, 1


def test_rules_give_parts_and_reasons() -> None:
    found = cast(SONG, BAND, None)
    assert found.parts == (DRUMS, "no place in a duo", BASS, "no place in a duo")
    assert found.chosen == (True, False, True, False)
    assert found.wished == (DRUMS, BASS)
    assert found.players(BASS) == [2]


def test_a_part_is_a_name_of_tracks_too_where_none_is_called_so() -> None:
    assert meant(SONG, BAND, "Bass") == [2]
    assert cast(SONG, BAND, ["bass=drums"]).parts[2] == DRUMS
    called = Multitrack((*SONG.tracks, track("Bass", NOTE)))
    assert meant(called, BAND, "bass") == [4]
    with pytest.raises(MuseganError, match="no track or part 'no part'"):
        meant(SONG, BAND, "no part")


@pytest.mark.parametrize("wish", ["bass", "BASS"])
def test_a_part_means_all_tracks_that_play_it(wish: str) -> None:
    found = cast(SONG, BAND, [wish])
    assert found.chosen == (False, False, True, False)
    assert found.wished == (BASS,)


@pytest.mark.parametrize(
    ("wish", "number"), [("Voice=bass", 1), ("voice = Bass", 1), ("4=bass", 3)]
)
def test_a_track_of_the_file_is_given_a_part(wish: str, number: int) -> None:
    found = cast(SONG, BAND, [wish])
    assert found.parts[number] == BASS
    assert found.chosen == tuple(index == number for index in range(4))
    assert found.players(BASS) == sorted({2, number})


def test_a_track_given_a_part_joins_those_that_have_it() -> None:
    assert cast(SONG, BAND, ["bass", "Voice=bass"]).chosen == (False, True, True, False)


def test_where_tracks_share_a_name_a_number_tells_them_apart() -> None:
    twins = Multitrack((*SONG.tracks, track("voice", NOTE)))
    with pytest.raises(MuseganError, match=r"as in '2=bass'$"):
        cast(twins, BAND, ["Voice"])
    assert cast(twins, BAND, ["5=bass"]).chosen == (False, False, False, False, True)
    assert cast(twins, BAND, ["Voice=bass"]).chosen == (False, True, False, False, True)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (
            "kazoo",
            r"no part 'kazoo' \(there are drums, bass\): the song has 1 'drums' \(drums\), "
            r"2 'Voice' \(no part\), .*; say which part a track plays, as in '1=bass'$",
        ),
        ("Voice", "say which part a track plays, as in 'Voice=bass'$"),
        ("Slap Bass", "say which part a track plays, as in 'Slap Bass=bass'$"),
        ("2", "say which part a track plays, as in '2=bass'$"),
        ("Voice=kazoo", "no track 'kazoo': the duo ensemble has drums, bass"),
        ("Kazoo=bass", r"no track or part 'Kazoo' in the song: it has 1 'drums' \(drums\)"),
        ("5=bass", "no track or part '5' in the song"),
        ("0=bass", "no track or part '0' in the song"),
    ],
)
def test_an_unknown_track_is_an_error_that_names_those_there_are(wish: str, said: str) -> None:
    with pytest.raises(MuseganError, match=said):
        cast(SONG, BAND, [wish])
