import json
import math
from dataclasses import replace

import numpy as np
import pytest

from musegan.errors import MuseganError
from musegan.evaluation.judging import Evaluation, evaluate, high, summary
from musegan.evaluation.material import Material, Yardstick, load_yardstick
from musegan.evaluation.page import Sample
from musegan.evaluation.paper import AAAI18, paper_compat
from musegan.evaluation.plots import distribution
from musegan.evaluation.report import as_data, write_report
from musegan.evaluation.tables import figure, tables
from musegan.pianoroll import Phrases

from .datasets import FOUR, full_phrases, write_dataset
from .hands import BASS, TRIO, transposed


@pytest.fixture(scope="module")
def yardstick(tmp_path_factory) -> Yardstick:
    return load_yardstick(write_dataset(tmp_path_factory.mktemp("data") / "songs"))


@pytest.fixture(scope="module")
def healthy(yardstick) -> Evaluation:
    return evaluate("fresh", Material.made(full_phrases(48, seed=3)), yardstick)


def figures(evaluation: Evaluation) -> dict[str, tuple[float, float]]:
    return {line.key: (line.made, line.real) for line in summary(evaluation)}


def test_alike_phrases_are_as_near_as_the_floor(healthy):
    found = figures(healthy)
    made, floor = found["standardised_difference"]
    assert made < 0.5
    assert floor < 0.5
    assert found["classifier_accuracy"] == pytest.approx((0.5, 0.5), abs=0.17)
    assert found["distinct"] == (1, 1)
    assert found["near_pairs"] == (0, 0)
    assert healthy.made.count == healthy.real.count == 48


def test_strange_collapsed_and_copied_phrases_stand_out(yardstick, healthy):
    bass = full_phrases(40, seed=3)
    same = bass.keep(bass.track == BASS).select(np.zeros(40, np.int64))
    sick = figures(evaluate("sick", Material.made(same), yardstick))
    sound = figures(healthy)
    for key in ("standardised_difference", "frechet_distance", "classifier_accuracy", "near_pairs"):
        assert sick[key][0] > 1.5 * max(sound[key]), key
    for key in ("coverage", "distinct"):
        assert sick[key][0] < 0.6 * min(sound[key]), key
    assert sick["overlap"][0] < min(sound["overlap"]) - 0.1
    copies = transposed(yardstick.training.phrases, 2)
    thief = figures(evaluate("thief", Material.made(copies), yardstick))
    assert thief["copied_likeness"][0] == 1 > 3 * thief["copied_likeness"][1]
    assert thief["copied_run"][0] > 3 * thief["copied_run"][1]
    assert thief["copied_drum_run"][0] > 3 * thief["copied_drum_run"][1]


def test_too_few_phrases_or_songs(yardstick):
    with pytest.raises(MuseganError, match="one: 1 phrases are too few to judge"):
        evaluate("one", Material.made(full_phrases(1, seed=3)), yardstick)
    medley = replace(Material.made(full_phrases(40, seed=3)), song=np.arange(40) // 20)
    found = figures(evaluate("two songs", medley, yardstick))
    assert math.isnan(found["classifier_accuracy"][0])
    assert found["classifier_accuracy"][1] == pytest.approx(0.5, abs=0.17)


def test_small_references_have_no_coverage(yardstick):
    one_song = replace(yardstick.reference, song=np.zeros_like(yardstick.reference.song))
    found = evaluate(
        "x", Material.made(full_phrases(9, seed=3)), replace(yardstick, reference=one_song)
    )
    assert np.isnan(found.made.coverage).all()


def test_high_leaves_nan_out():
    assert high([1.0, 3.0, math.nan]) == pytest.approx(2.9)
    assert math.isnan(high([math.nan]))


def test_tables_show_every_track_style_and_column(healthy):
    shown = {table.title: table for table in tables(healthy, None)}
    assert [row[0] for row in shown["Originality"].rows] == list(TRIO.names)
    assert [row[:2] for row in shown["Styles"].rows] == [("calm", "24"), ("wild", "24")]
    assert len(shown["Every metric of every track"].rows) == len(healthy.made.comparison.columns)
    assert "48 phrases of fresh beside valid + test songs of songs" in shown["Summary"].note
    for table in shown.values():
        assert {len(row) for row in table.rows} == {len(table.header)}, table.title


def test_figures_are_short():
    assert [figure(value) for value in (0.12345, 99.96, 1234.5, math.nan)] == [
        "0.123", "100", "1234", "–",
    ]  # fmt: skip


@pytest.fixture
def sample(tmp_path) -> Sample:
    files = [tmp_path / "samples" / f"00.{kind}" for kind in ("mid", "png", "ogg")]
    files[0].parent.mkdir()
    for file in files:
        file.write_bytes(file.name.encode())
    midi, picture, audio = files
    return Sample("00", picture, {"listen": audio}, midi)


def test_the_report_is_written_in_three_forms(healthy, sample, tmp_path):
    paper = paper_compat(full_phrases(9, seed=3), TRIO)
    written = write_report(healthy, tmp_path, [sample], paper)
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == [
        "report.html", "report.json", "report.md",
    ]  # fmt: skip
    text, page, data = (path.read_text(encoding="utf-8") for path in written)
    assert text.startswith("# fresh beside songs\n")
    assert "![00](samples/00.png)\n[listen](samples/00.ogg) · [MIDI](samples/00.mid)" in text
    assert "| standardised" not in text
    assert "| mean standardised difference |" in text
    assert f"| {AAAI18['jamming']['EB G']} |" in text
    assert "data:image/png;base64,MDAucG5n" in page
    assert "base64,MDAub2dn" in page
    assert page.count("<svg") == len(healthy.reference)
    assert 'src="samples' not in page
    parsed = json.loads(data)
    assert parsed["summary"]["distinct"] == {"made": 1.0, "floor": 1.0}
    assert parsed["aaai18"]["UPC G"] is None  # the trio has no guitar
    assert parsed["against"] == "songs"
    assert len(parsed["originality"]["made"]["bass"]["runs"]) == 48


def test_names_cannot_break_the_page(healthy, tmp_path):
    odd = replace(healthy, target="<b>&", made=healthy.made)
    _, page, _ = write_report(odd, tmp_path)
    assert "<b>" not in page.read_text(encoding="utf-8")


def test_data_have_no_nan(yardstick):
    bass = Phrases.of([[(BASS, n, 4, 40, 80)] for n in range(9)], FOUR, 2)
    data = as_data(evaluate("bass", Material.made(bass), yardstick))
    json.dumps(data, allow_nan=False)
    assert data["columns"]["density/piano"]["made"] is None


def test_a_plot_by_hand():
    drawn = distribution("a<b", np.array([0.0, np.nan]), np.array([1.0, 1, 0, 0]))
    assert 'aria-label="a&lt;b"' in drawn
    # the area's first and last bins are half as high as the line's first
    assert '<polyline class="made" points="0,0.0 8,0.0 8,70.0' in drawn
    assert '<polygon class="real" points="0,35.0 8,35.0 8,70.0' in drawn
    assert ">0</text>" in drawn
    assert ">1</text>" in drawn


def test_plots_of_constants_and_of_nothing():
    assert ">0.5</text>" in distribution("x", np.array([1.0]), np.array([1.0]))
    assert distribution("x", np.array([np.nan]), np.array([])) == ""
