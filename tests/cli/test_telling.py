import pytest

from musegan.cli.telling import model_lines, song_lines, songs_lines

SONG = {
    "file": "songs/a.mid",
    "seconds": 59.6,
    "bars": 1,
    "pickup": False,
    "notes": 1,
    "meters": ["4/4", "3/4", "4/4", "5/4", "7/8", "2/4", "6/8"],
    "tempos": [119.6, 120.4],
    "keys": [None, None],
    "phrases": 0,
    "no_phrases_because": "too short",
    "tracks": [],
}
MODEL = {
    "name": "toy",
    "bars": 4,
    "beats_per_bar": 3,
    "beat_unit": 8,
    "steps_per_beat": 6,
    "ensemble_name": "duo",
    "tracks": [{"name": "drums"}, {"name": "bass"}],
    "styles": ["calm", "wild"],
    "tempos": {"wild": 160.4},
    "bytes": 1_250_000,
}


def facts(lines: list[str]) -> dict[str, str]:
    pairs = [line.strip().split("  ", 1) for line in lines if "  " in line.strip()]
    return {name: value.strip() for name, value in pairs}


def test_many_meters_are_counted_and_near_tempos_are_one() -> None:
    told = facts(song_lines(SONG, "band"))
    assert told["meter"] == "4/4, 3/4, 5/4, 7/8 and 2 more"
    assert told["tempo"] == "120 bpm"
    assert told["key"] == "not told"
    assert told["length"] == "1:00, 1 bar, 1 note"


def test_a_file_that_cannot_be_read_is_told_without_its_folder(tmp_path) -> None:
    path = tmp_path / "b" / "bad.mid"
    bad = {"file": str(path), "problem": f"{path}: not a MIDI file"}
    assert songs_lines([bad], tmp_path)[1].split("  ")[0] == "b/bad.mid"
    assert songs_lines([bad], tmp_path)[1].endswith("  not a MIDI file")


@pytest.mark.parametrize(
    ("training", "told"),
    [
        ({}, []),
        ({"steps": 3, "best_of": None}, ["steps 3", "best of None"]),
        (
            {"recipe": {"loss": "hinge", "critic_adam": {"rate": 0.1, "betas": [0.0, 0.9]}}},
            ["recipe", "loss hinge", "critic adam rate 0.1, betas 0.0 0.9"],
        ),
        (
            {"recipe": {"penalties": [{"kind": "r1", "weight": 1}, {"kind": "r2", "weight": 2}]}},
            ["recipe", "penalties kind r1, weight 1; kind r2, weight 2"],
        ),
    ],
)
def test_a_recipe_is_told_below_each_other(training: dict, told: list[str]) -> None:
    lines = model_lines(MODEL | {"training": training})
    head = ["model toy", "phrases 4 bars", "grid 3/8, 6 steps a beat", "ensemble duo: drums, bass"]
    head += ["styles calm (120 bpm), wild (160 bpm)", "size 1.2 MB"]
    assert [" ".join(line.split()) for line in lines] == head + told
