import numpy as np
import pytest

from musegan.instruments import load_ensemble, to_multitrack
from musegan.pianoroll import Grid, Phrases
from musegan.rendering import sheet
from musegan.rendering.colours import INK, TRACKS, note_colour
from musegan.rendering.sheet import draw_sheet
from musegan.song import Multitrack, Notes, Track

BAND = load_ensemble()


def song(*names: str) -> Multitrack:
    """A bar of one note for each name, each a semitone above the one before."""
    tracks = [Track(Notes.of([(0, 4, 60 + n, 127)]), name=name) for n, name in enumerate(names)]
    return Multitrack(tuple(tracks), 4)


def page(phrases: Phrases) -> np.ndarray:
    """Phrases of the band with a strip for each of its tracks."""
    songs = [to_multitrack(phrases, index, BAND) for index in range(len(phrases))]
    strips = [(track.name, track.is_drum) for track in BAND.tracks]
    return np.asarray(draw_sheet(songs, bars=phrases.bars, strips=strips))


def tops(picture: np.ndarray, names: int) -> list[int]:
    """The first row of each track's colour, in the order of the tracks."""
    colours = [note_colour(TRACKS[1 + n], 127) for n in range(names)]
    found = [np.flatnonzero((picture == colour).all(2).any(1)) for colour in colours]
    return [int(rows[0]) for rows in found]


def test_songs_of_few_names_share_strips_and_a_legend() -> None:
    picture = np.asarray(draw_sheet([song("a", "b"), song("a")], bars=1))
    cell = sheet.CAPTION + 2 * sheet.STRIP
    assert picture.shape[0] == 2 * sheet.MARGIN + sheet.LEGEND + 12 + cell
    assert tops(picture, 2)[0] < sheet.MARGIN + sheet.LEGEND + 12  # the legend's
    assert (picture[: sheet.MARGIN + sheet.LEGEND] == INK).all(2).any()


def test_songs_of_too_many_names_have_strips_of_their_own() -> None:
    first, second = "abcde", "fghij"
    picture = np.asarray(draw_sheet([song(*first), song(*second)], bars=1))
    assert picture.shape[0] == 2 * sheet.MARGIN + sheet.OWN_STRIPS + sheet.CAPTION
    rows = tops(picture, 5)
    assert np.diff(rows) == pytest.approx(sheet.OWN_STRIPS / 5, abs=2)
    assert rows[0] >= sheet.MARGIN
    # without a legend nothing stands above the cells
    assert (picture[: sheet.MARGIN] == picture[0, 0]).all()


def test_a_contact_sheet_has_each_phrase_in_its_cell() -> None:
    rows = [[(3, 48 * (n % 4), 48, 60, 127)] for n in range(6)]
    picture = page(Phrases.of(rows, Grid(), 4))
    colour = note_colour(TRACKS[3], 127)
    head = sheet.MARGIN + sheet.LEGEND + 12
    for number in range(6):
        x = sheet.MARGIN + number % sheet.COLUMNS * (sheet.CELL + sheet.GAP)
        height = (picture.shape[0] - head - sheet.MARGIN + sheet.GAP) // 2
        y = head + number // sheet.COLUMNS * height
        cell = picture[y : y + height, x : x + sheet.CELL]
        columns = np.nonzero((cell == colour).all(axis=2))[1]
        assert columns.min() == pytest.approx(number % 4 * sheet.CELL / 4, abs=2)
        assert columns.max() == pytest.approx((number % 4 + 1) * sheet.CELL / 4, abs=3)


def test_a_contact_sheet_has_one_size_whatever_plays() -> None:
    full = Phrases.of([[(0, 0, 1, 36, 90)], [(5, 0, 1, 70, 90)]], Grid(), 4)
    silent = Phrases.of([[], []], Grid(), 4)
    assert page(full).shape == page(silent).shape


def test_captions_are_drawn() -> None:
    one, other = (draw_sheet([song("a")], [caption]) for caption in ("this", "that"))
    assert one.tobytes() != other.tobytes()
