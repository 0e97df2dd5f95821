from pathlib import Path

from musegan.evaluation.page import Page, Sample, markdown


def test_links_lead_to_samples_whatever_they_are_called() -> None:
    name, folder = "My Kit #2 (loud)", Path("judged")
    files = [folder / "samples" / f"{name}.{ending}" for ending in ("png", "ogg")]
    page = Page("kit", [], [Sample(name, files[0], {"made": files[1]})], [])
    there = "samples/My%20Kit%20%232%20%28loud%29"
    assert markdown(page, folder).endswith(f"![{name}]({there}.png)\n[made]({there}.ogg)\n")
