import numpy as np
import pytest

from musegan.rendering import sheet
from musegan.rendering.colours import INK, TRACKS, note_colour
from musegan.rendering.sheet import draw_sheet
from musegan.song import Multitrack, Notes, Track


def song(*names: str) -> Multitrack:
    """A bar of one note for each name, each a semitone above the one before."""
    tracks = [Track(Notes.of([(0, 4, 60 + n, 127)]), name=name) for n, name in enumerate(names)]
    return Multitrack(tuple(tracks), 4)


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
