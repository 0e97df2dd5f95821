import pytest

from musegan.audio.representations import Layout
from musegan.errors import MuseganError


@pytest.mark.parametrize(("samples", "frames"), [(0, 0), (1, 1), (256, 1), (257, 2), (16_384, 64)])
def test_frames_hold_all_samples(samples: int, frames: int) -> None:
    assert Layout(hop=256).frames(samples) == frames


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        (Layout(rate=0), "rate 0"),
        (Layout(window=1023), "window 1023"),
        (Layout(window=0), "window 0"),
        (Layout(hop=512), "hop 512: .* a quarter of window 1024"),
        (Layout(hop=0), "hop 0"),
        (Layout(hop=127), "hop 127"),
    ],
)
def test_a_layout_no_sound_comes_back_from_is_refused(layout: Layout, message: str) -> None:
    with pytest.raises(MuseganError, match=message):
        layout.check()


def test_a_fine_layout_passes() -> None:
    Layout(44_100, 2048, 512).check()
