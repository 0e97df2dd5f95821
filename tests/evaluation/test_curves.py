import math
import re

from musegan.evaluation.curves import HEIGHT, WIDTH, curve_plots

CURVES = {
    "one": [[(0, 0.0, 8.0), (5, 10.0, 4.0), (9, 20.0, 2.0)]],
    "a<b": [[(0, 0.0, 8.0), (3, 10.0, math.nan), (4, 40.0, 8.0)], []],
}


def test_every_recipe_has_a_plot_with_its_own_curves_above_the_others():
    page = curve_plots(CURVES)
    plots = page.split("<figure>")[1:]
    assert [re.search("<figcaption>(.*)</figcaption>", plot)[1] for plot in plots] == [
        "one",
        "a&lt;b",
    ]
    for plot, own in zip(plots, (1, 2), strict=True):
        assert plot.count("<polyline") == 3
        assert plot.count("var(--made)") == own
        assert plot.index("var(--line)") < plot.index("var(--made)")


def test_seconds_go_right_and_halving_is_always_as_far_down():
    points = re.search(r'stroke-width="2" points="([^"]*)"', curve_plots(CURVES))[1].split()
    expected = [(0, 0), (WIDTH / 4, HEIGHT / 2), (WIDTH / 2, HEIGHT)]
    found = [tuple(map(float, point.split(","))) for point in points]
    assert [(round(x), round(y)) for x, y in found] == [(round(x), round(y)) for x, y in expected]


def test_without_a_look_there_is_nothing_to_see():
    assert curve_plots({"one": [[]], "two": []}) == ""
