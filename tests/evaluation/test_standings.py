import json
import math

import pytest

from musegan.evaluation.page import Sample
from musegan.evaluation.standings import (
    Course,
    Outcome,
    Point,
    as_data,
    halved,
    standings,
    write_standings,
)

COURSE = Course(
    "songs",
    "Ten seconds each.",
    {"distance": "distance from songs", "variety": "how varied"},
    {"distance": 0.2, "variety": 0.9},
    distance="distance",
    variety="variety",
)
CURVE = (Point(0, 0.0, 6.0), Point(5, 4.0, 3.5), Point(10, 8.0, 2.9), Point(15, 12.0, 3.4))


def outcome(member: str, distance: float, variety: float = 0.8, seed: int = 0) -> Outcome:
    figures = {"distance": distance, "variety": variety}
    return Outcome(member, seed, 15, 12.0, CURVE, figures)


FIELD = [
    outcome("slow", 3.4),
    outcome("same", 1.2, variety=0.44),
    Outcome("broken", 0, 7, 6.0, problem="the training diverged"),
    outcome("slow", 3.0, seed=1),
    outcome("same", 1.0, variety=0.44, seed=1),
    Outcome("broken", 1, 5, 4.0, problem="the training diverged"),
]


def test_the_nearest_comes_first_and_what_has_no_model_last():
    found = standings(FIELD, COURSE)
    assert [each.member for each in found] == ["same", "slow", "broken"]
    same, slow, broken = found
    assert same.figures == pytest.approx({"distance": 1.1, "variety": 0.44})
    assert same.spread == pytest.approx(0.2)
    assert same.untrained == 6
    assert slow.gained == pytest.approx(3.2 / 6)
    assert slow.soon == 8
    assert slow.speed == pytest.approx(15 / 12)
    assert (same.collapsed, slow.collapsed, broken.collapsed) == (True, False, False)
    assert broken.lost == ("seed 0: the training diverged", "seed 1: the training diverged")
    assert broken.speed == pytest.approx(1.2)
    assert math.isnan(broken.figures["distance"])


def test_half_the_distance_is_found_at_the_first_look_that_is_below():
    assert halved(CURVE) == 8
    assert halved(CURVE[:2]) == math.inf


def test_the_report_tells_all_recipes_beside_real_songs(tmp_path):
    picture, sound = tmp_path / "samples" / "00.png", tmp_path / "samples" / "00.ogg"
    picture.parent.mkdir()
    picture.write_bytes(b"picture")
    sound.write_bytes(b"sound")
    samples = [Sample("same 00", picture, {"listen": sound})]
    paths = write_standings(FIELD, COURSE, samples, tmp_path)
    assert [path.name for path in paths] == ["report.md", "report.html", "report.json"]
    text = paths[0].read_text()
    assert text.startswith("# The family on songs")
    assert "| same | 1.1 | 0.44 |" in text
    assert "| real | 0.2 | 0.9 |" in text
    assert "| slow | 6 | 0.533 | 8 | 1.25 | 15 | 0.4 | none | varied |" in text
    assert "seed 0: the training diverged; seed 1: the training diverged" in text
    assert "(samples/00.png)" in text
    page = paths[1].read_text()
    assert page.count("<polyline") > 3
    assert "Ten seconds each." in page
    data = json.loads(paths[2].read_text())
    assert data == as_data(FIELD, COURSE)
    assert data["standings"][2]["figures"]["distance"] is None
    assert data["outcomes"][0]["curve"][1] == [5, 4.0, 3.5]
