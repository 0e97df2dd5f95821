import errno
from pathlib import Path

import numpy as np
import pytest

from musegan.errors import MuseganError
from musegan.instruments import load_ensemble, to_multitrack
from musegan.pianoroll import Grid, Phrases
from musegan.rendering import roll
from musegan.rendering.colours import TRACKS, note_colour
from musegan.rendering.lanes import song_lanes
from musegan.rendering.png import (
    contact_sheet,
    draw_phrase,
    draw_song,
)
from musegan.rendering.roll import BAR_NUMBERS, KEYS, MARGIN, NAMES, ROLL_WIDTH, TITLE, draw_roll
from musegan.song import Meter, Multitrack, Notes, Track

LEFT = MARGIN + NAMES + KEYS
BAND = load_ensemble()


def one_track(*rows: tuple[int, int, int, int], name: str = "piano", drum: bool = False) -> Track:
    return Track(Notes.of(rows), is_drum=drum, name=name)


def song(*tracks: Track, bars: int = 4) -> Multitrack:
    """Sixteen ticks a bar."""
    end = one_track((16 * bars - 1, 1, 60, 1), name="end")
    return Multitrack((*tracks, end), 4, meters=(Meter(0, 4, 4),), name="test")


def drawn(song: Multitrack, bars: int = 1) -> np.ndarray:
    """The picture of a song, (height, width, 3)."""
    return np.asarray(draw_roll(song, bars=bars))


def where(picture: np.ndarray, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom (beyond) of all pixels of that colour in the roll."""
    rows, columns = np.nonzero((picture[:, LEFT:] == colour).all(axis=2))
    assert len(rows), f"nothing drawn in {colour}"
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def test_a_note_lies_at_its_time_and_pitch_in_its_colour() -> None:
    picture = drawn(song(one_track((16, 8, 62, 127), (0, 2, 60, 1), (0, 2, 71, 1))))
    left, top, right, bottom = where(picture, note_colour(TRACKS[3], 127))
    bar = ROLL_WIDTH / 4
    assert left == pytest.approx(bar, abs=3)
    assert right == pytest.approx(1.5 * bar, abs=3)
    row = 7
    lowest = TITLE + BAR_NUMBERS + 12 * row  # the lane's twelve rows are 60 to 71
    assert (lowest - bottom) // row == 2
    assert bottom - top == row - 1


def test_a_repeated_note_shows_its_onsets() -> None:
    def edges(*rows: tuple[int, int, int, int]) -> int:
        picture = drawn(song(one_track(*rows)))
        colour = note_colour(TRACKS[3], 100)
        y = where(picture, colour)[1]
        same = (picture[y, LEFT:] == colour).all(axis=1)
        return int(np.count_nonzero(same[1:] & ~same[:-1]))

    bar = (0, 3, 60, 100), (3, 3, 60, 100), (6, 3, 60, 100)
    assert edges(*bar) - edges((0, 9, 60, 100)) == 2


def test_a_long_song_is_wrapped_in_systems_of_eight_bars() -> None:
    tune = one_track(*[(128 * system + 16 * system, 16, 60, 127) for system in range(3)])
    picture = drawn(song(tune, bars=24))[:, LEFT:]
    here = (picture == note_colour(TRACKS[3], 127)).all(axis=2)
    tops = np.flatnonzero(here.any(axis=1) & ~np.roll(here.any(axis=1), 1))
    lefts = [int(np.flatnonzero(here[top])[0]) for top in tops]
    assert lefts == pytest.approx([0, ROLL_WIDTH / 8, ROLL_WIDTH / 4], abs=3)


def test_systems_leave_out_tracks_that_are_silent_in_them() -> None:
    early = one_track((0, 2, 60, 90), name="early")
    late = one_track((400, 2, 60, 90), name="late")
    systems = roll._systems(
        roll.song_bars(song(early, late, bars=32)), song_lanes(song(early, late, bars=32)), 5
    )
    names = [[lane.name for lane in system.lanes] for system in systems]
    assert names[0] == ["early"]
    assert names[3] == ["late", "end"]
    assert [system.first_number for system in systems] == [1, 9, 17, 25]


def test_very_long_songs_stay_within_what_viewers_open() -> None:
    tracks = [one_track((0, 1, 20, 90), (90_000, 1, 100, 90), name=str(n)) for n in range(8)]
    assert draw_roll(Multitrack(tuple(tracks), 4)).height <= roll.TALLEST


def test_a_phrase_is_drawn_with_its_silent_bars() -> None:
    phrases = Phrases.of([[(3, 0, 12, 60, 127)]], Grid(), 4)
    left, _, right, _ = where(
        drawn(to_multitrack(phrases, 0, BAND), 4), note_colour(TRACKS[3], 127)
    )
    assert left <= 3
    assert right == pytest.approx(ROLL_WIDTH / 16, abs=3)


def test_phrases_and_songs_are_written_as_the_same_png_every_time(tmp_path: Path) -> None:
    phrases = Phrases.of([[(0, 0, 1, 36, 90), (3, 0, 12, 60, 127)]], Grid(), 4)
    for name in "ab":
        draw_phrase(phrases, 0, BAND, tmp_path / f"{name}.png", title="Ein Stück für Flöte")
        draw_song(song(one_track((0, 1, 60, 90))), tmp_path / f"song-{name}.png")
        contact_sheet([song(one_track((0, 1, 60, 90)))], tmp_path / f"sheet-{name}.png")
    for kind in ("", "song-", "sheet-"):
        first, second = (tmp_path / f"{kind}{name}.png" for name in "ab")
        assert first.read_bytes() == second.read_bytes()
        assert first.read_bytes().startswith(b"\x89PNG")
    assert len(list(tmp_path.iterdir())) == 6


def test_a_song_without_notes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MuseganError, match=r"^song: holds no notes to draw$"):
        draw_song(Multitrack(()), tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_of_nothing_and_of_too_many_tracks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MuseganError, match="no songs"):
        contact_sheet([], tmp_path / "a.png")
    crowd = Multitrack((one_track((0, 1, 60, 90)),) * 65, name="crowd")
    with pytest.raises(MuseganError, match="crowd: 65 tracks; a picture has room for 64"):
        draw_roll(crowd)


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(MuseganError, match=r"a\.png: cannot be written \(No space left"):
        draw_song(song(one_track((0, 1, 60, 90))), tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []
