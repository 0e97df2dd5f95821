import json
from dataclasses import replace

import numpy as np
import pytest

from musegan.data.sounds import UNPITCHED
from musegan.errors import MuseganError
from musegan.evaluation.sounds.judging import (
    SoundEvaluation,
    evaluate_sounds,
    like,
    side_by_side,
    sound_summary,
)
from musegan.evaluation.sounds.report import sound_data, write_sound_report, write_sound_samples
from tests.evaluation.sounds.hands import scale, sounds_of, tone, with_wave, yardstick


@pytest.fixture(scope="module")
def healthy() -> SoundEvaluation:
    return evaluate_sounds("fresh", sounds_of(scale(60, 6), seed=200), yardstick())


def figures(evaluation: SoundEvaluation) -> dict[str, tuple[float, float]]:
    return {line.key: (line.made, line.real) for line in sound_summary(evaluation)}


def test_sounds_like_the_real_ones_are_as_good_as_they(healthy):
    found = figures(healthy)
    assert found["pitch"] == (1, 1)
    assert found["recognised"] == (1, 1)
    assert found["clicks"] == found["clipped"] == found["collapsed"] == (0, 0)
    made, real = found["frechet_distance"]
    assert made < 2 * real
    made, real = found["variety"]
    assert made == pytest.approx(real, rel=0.3)


def test_exchanged_instruments_are_not_recognised(healthy):
    swapped = sounds_of(scale(60, 6), seed=200)
    swapped = replace(swapped, instrument=1 - swapped.instrument)
    found = figures(evaluate_sounds("swapped", swapped, yardstick()))
    assert found["recognised"] == (0, 1)
    # as sounds they are as real as they were
    assert found["frechet_distance"] == pytest.approx(figures(healthy)["frechet_distance"])


def test_collapsed_and_broken_sounds_stand_out(healthy):
    same = replace(
        sounds_of(scale(60, 6)),
        samples=np.repeat(sounds_of([("flute", 63)]).samples, 12, axis=0),
    )
    wave = tone("flute", 63)
    wave[5000] += 0.3
    broken = with_wave(with_wave(same, 0, wave), 1, tone("flute", 63, 1).clip(-0.6, 0.6))
    sick, well = figures(evaluate_sounds("broken", broken, yardstick())), figures(healthy)
    assert sick["frechet_distance"][0] > 2 * max(well["frechet_distance"])
    assert sick["collapsed"][0] > 0.5
    assert sick["variety"][0] < 0.5 * min(well["variety"])
    assert sick["clicks"][0] == sick["clipped"][0] == 1 / 12
    assert sick["pitch"][0] < 0.5
    assert sick["recognised"][0] < 0.6


def test_the_nearest_of_the_same_instrument_are_taken_once_each():
    training = sounds_of([("flute", 60), ("flute", 70), ("reed", 61)])
    wanted = sounds_of([("reed", 80), ("flute", 61), ("flute", 62), ("flute", 72)])
    assert like(wanted, training).tolist() == [2, 0, 1, 1]


def test_what_there_is_nothing_to_compare_with_is_named():
    reeds = sounds_of([("reed", 60), ("reed", 61)])
    with pytest.raises(MuseganError, match="there is no flute to compare with; hold some out"):
        like(sounds_of([("flute", 60)]), reeds)
    gauge = replace(yardstick(), reference=reeds)
    with pytest.raises(MuseganError, match="there is no flute to compare with"):
        evaluate_sounds("flutes", sounds_of(scale(60, 3)), gauge)


def test_sounds_are_judged_beside_real_ones_like_them():
    real = sounds_of([("flute", 60), ("flute", 72), ("reed", 60), ("reed", 66), ("reed", 72)])
    made = sounds_of([("reed", 71), ("reed", 61), *[("flute", pitch) for pitch in range(60, 70)]])
    chosen, beside = side_by_side(made, real)
    assert chosen.names == ("reed-71.wav", "reed-61.wav", "flute-60.wav", "flute-69.wav")
    assert beside.names == ("reed-72.wav", "reed-60.wav", "flute-60.wav", "flute-72.wav")


def test_a_few_sounds_of_one_instrument_have_their_like_beside_them(tmp_path):
    few = sounds_of([("reed", 60), ("reed", 62)])
    found = evaluate_sounds("few", few, yardstick())
    assert found.real.sounds.names == ("reed-60.wav", "reed-62.wav")
    assert len(write_sound_samples(found, 4, tmp_path)) == 2


def test_sounds_without_pitches_have_no_figures_of_them(healthy):
    gauge = yardstick()
    bare = [
        replace(sounds, pitch=np.full(len(sounds), UNPITCHED))
        for sounds in (gauge.training, gauge.reference)
    ]
    gauge = replace(gauge, training=bare[0], reference=bare[1])
    made, _ = gauge.fit(sounds_of(scale(60, 3)), "made")
    found = evaluate_sounds("made", made, gauge)
    assert "pitch" not in figures(found)
    assert "recognised" in figures(found)
    assert sound_data(found)["instruments"]["flute"]["made"]["pitch"] is None


def test_a_report_to_see_and_hear(healthy, tmp_path):
    samples = write_sound_samples(healthy, 2, tmp_path / "samples")
    text, page, data = write_sound_report(healthy, tmp_path, samples)
    assert "# fresh beside notes" in text.read_text()
    assert "[made](samples/00-flute-60-made.ogg) · [real](samples/00-flute-60-real.ogg)" in (
        text.read_text()
    )
    assert page.read_text().count("<audio") == 4
    parsed = json.loads(data.read_text())
    assert parsed["summary"]["recognised"] == {"made": 1.0, "real": 1.0}
    assert parsed["sounds"] == {"made": 12, "real": 12}


def test_too_few_sounds():
    with pytest.raises(MuseganError, match="one: 1 sounds are too few to judge"):
        evaluate_sounds("one", sounds_of([("flute", 60)]), yardstick())
