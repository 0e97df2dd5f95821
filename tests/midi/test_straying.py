import pytest

from musegan.midi.straying import bar_at, stray
from musegan.song import Meter, Multitrack, Notes, Track

BAR = 4 * 96
MUSIC = Notes.of([(n * BAR, BAR, 60, 80) for n in range(10)])


def song(*rows: tuple[int, int, int, int], name: str = "Pad", drum: bool = False) -> Multitrack:
    """Ten bars of music, and a second track with a note or two."""
    return Multitrack((Track(MUSIC), Track(Notes.of(rows), 0, drum, name)), 96)


@pytest.mark.parametrize(
    ("long", "told"),
    [
        (
            song((2 * BAR, 9_998 * BAR, 61, 80)),
            "track 2 'Pad' plays C#4 from bar 3 to 10,000, but nearly all other notes end by "
            "bar 10; shorten or remove it",
        ),
        (
            song((0, 9, 50, 80), (3000 * BAR, BAR, 38, 80), name="", drum=True),
            "track 2 plays snare in bar 3,001, but nearly all other notes end by bar 10; "
            "shorten or remove it",
        ),
    ],
)
def test_a_note_far_off_is_told_with_its_track_bar_and_pitch(long: Multitrack, told: str) -> None:
    assert stray(long) == told


def test_a_song_that_is_long_by_itself_has_none() -> None:
    assert stray(song((0, 20 * BAR, 60, 80))) == ""
    assert stray(song((0, 20 * BAR + 1, 60, 80))) != ""
    assert stray(Multitrack((Track(Notes.of([(10**9, 9, 60, 80)])),), 96)) == ""


def test_bars_are_counted_by_the_song_s_meters() -> None:
    meters = (Meter(4 * 96, 3, 4), Meter(4 * 96 + 7 * 96, 6, 8))
    waltz = Multitrack((), 96, meters=meters)
    beats = [0, 3, 4, 6, 7, 10, 11, 13, 14, 16, 17]
    assert [bar_at(waltz, 96 * beat) for beat in beats] == [1, 1, 2, 2, 3, 4, 5, 5, 6, 6, 7]
