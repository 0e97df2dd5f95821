import pytest
import torch

from musegan.audio.partials.layout import hertz_of, layout_of


def test_hertz_of_pitches():
    assert [hertz_of(pitch) for pitch in (69, 57, 81)] == [440, 220, 880]
    assert hertz_of(60) == pytest.approx(261.6256, abs=1e-4)


def test_a_rate_holds_the_partials_below_its_half():
    layout = layout_of(16_000, pitched=True)
    # 0.47 of 16,000 Hz is 7520 Hz
    assert [layout.audible(hertz) for hertz in (440, 7519, 7521, 50)] == [17, 1, 0, 64]


def test_notes_and_hits_take_the_same_time_and_rows():
    notes, hits = (layout_of(16_000, pitched) for pitched in (True, False))
    assert notes.samples == hits.samples == 16_384
    assert notes.rows == hits.rows == 96
    assert (notes.pitched, hits.pitched) == (True, False)


def test_hertz_of_many_pitches_at_once():
    assert hertz_of(torch.tensor([57.0, 81.0])).tolist() == [220, 880]
